package catalog

import (
	"strconv"
	"strings"
)

// maxAccept bounds how much of an Accept-Language header is looked at; real ones are far shorter.
const maxAccept = 512

// Negotiate picks the language of an answer: what the person chose (the lang field), else the best match of
// Accept-Language (RFC 9110, section 12.5.4), else the default. "de-AT" counts as "de". It never fails.
func Negotiate(chosen, acceptLanguage string) string {
	if lang, ok := spoken(chosen); ok {
		return lang
	}
	if len(acceptLanguage) > maxAccept {
		acceptLanguage = acceptLanguage[:maxAccept]
	}
	best, bestQ := Default, 0.0
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(part, ";")
		if lang, ok := spoken(tag); ok && quality(params) > bestQ {
			best, bestQ = lang, quality(params)
		}
	}
	return best
}

// spoken finds our language for a tag such as "de", "de-AT", "DE_de" or "*" (any: the default).
func spoken(tag string) (string, bool) {
	primary := strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(primary, "-_"); i >= 0 {
		primary = primary[:i]
	}
	if primary == "*" {
		return Default, true
	}
	for _, l := range languages {
		if l.code == primary {
			return l.code, true
		}
	}
	return "", false
}

// quality reads ";q=0.8"; nothing means 1, nonsense means 0 (not wanted).
func quality(params string) float64 {
	value, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(params)), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
