package person

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// Read takes one address as people type and paste it. Beside what Parse takes
// it forgives a final dot, a separator behind it, quotes around it, angle
// brackets with or without a display name, and mailto: (RFC 6068), all of them in
// full width too. It refuses as Doubtful what names a second address. The error
// is an *AddressError.
func Read(text string) (Address, error) {
	bare, err := undress(text)
	if err != nil {
		return Address{}, err
	}
	return Parse(bare)
}

// ReadForm is Read for a value of a form or a query string, in which a plus may
// have become a blank and an address may be encoded once more. value is the
// decoded value, raw the same with its plus signs kept; "" if there are none.
// typed is the address without what surrounds it, to be shown to whoever typed
// it; it is value where there is no such address.
func ReadForm(value, raw string) (a Address, typed string, err error) {
	for _, text := range []string{value, withPlus(value, raw)} {
		bare, unclear := decoded(text)
		if unclear == nil {
			bare, unclear = undress(bare)
		}
		if unclear == nil {
			a, unclear = Parse(bare)
		}
		if unclear == nil {
			return a, trim(bare), nil
		}
		if err == nil {
			err = unclear
		}
	}
	return Address{}, value, err
}

// withPlus is raw where each of its plus signs can be a tag's, and else value.
// Who encodes a plus as %2B writes + for a blank.
func withPlus(value, raw string) string {
	raw = trim(raw)
	local, domain, found := strings.Cut(raw, "@")
	if !found || strings.Contains(value, "+") || strings.Contains(domain, "+") {
		return value
	}
	for tag := range strings.SplitSeq(local, "+") {
		if tag == "" || strings.HasPrefix(tag, ".") || strings.HasSuffix(tag, ".") {
			return value
		}
	}
	return raw
}

// decoded takes the percent-encoding off a text that was encoded once more. A
// text without an @ is no address before; one with an @ may be an address whose
// percent sign is its own. There %2B alone is a plus beyond doubt.
func decoded(text string) (string, error) {
	for range 3 {
		plain, err := url.PathUnescape(text)
		if err != nil || plain == text || !utf8.ValidString(plain) || isMailto(text) {
			break
		}
		if !strings.ContainsAny(text, "@＠") {
			text = plain
			continue
		}
		if plus := strings.NewReplacer("%2B", "+", "%2b", "+").Replace(text); plus == plain {
			return plus, nil
		}
		return "", &AddressError{Doubtful}
	}
	return text, nil
}

// undress takes off what surrounds an address.
func undress(text string) (string, error) {
	switch {
	case len(text) > maxText:
		return "", &AddressError{TooLong}
	case strings.ContainsFunc(text, control):
		return "", &AddressError{Control}
	}
	text = trim(strings.TrimRight(trim(narrow(text)), ";,"))
	if open := strings.LastIndexByte(text, '<'); open >= 0 {
		inside, behind, closed := strings.Cut(text[open+1:], ">")
		inside, err := undress(inside)
		if err != nil {
			return "", err
		}
		if !closed || strings.Trim(behind, ".") != "" || names(text[:open], inside) {
			return "", &AddressError{Doubtful}
		}
		return inside, nil
	}
	text = withoutQuotes(text)
	if isMailto(text) {
		return target(text)
	}
	return withoutDot(text), nil
}

// withoutQuotes drops a pair of quotes around the whole. No domain ends in one.
func withoutQuotes(s string) string {
	if end := len(s) - 1; end > 0 && s[0] == s[end] && (s[0] == '"' || s[0] == '\'') {
		return trim(s[1:end])
	}
	return s
}

// names reports whether a display name holds an address other than the one that
// it stands beside.
func names(display, address string) bool {
	if !strings.ContainsAny(display, "@<") {
		return false
	}
	named, err := Parse(strings.Trim(trim(display), `"'`))
	same, sameErr := Parse(address)
	return err != nil || sameErr != nil || named != same
}

const scheme = "mailto:"

func isMailto(text string) bool {
	return len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme)
}

// target is the address of a mailto: URI.
func target(uri string) (string, error) {
	to, fields, _ := strings.Cut(strings.TrimPrefix(trim(uri[len(scheme):]), "//"), "?")
	address, err := url.PathUnescape(to)
	others, badFields := url.PathUnescape(fields)
	if err != nil || badFields != nil || strings.Contains(others, "@") {
		return "", &AddressError{Doubtful}
	}
	if strings.HasPrefix(to, "/") {
		return "", &AddressError{BadLocalPart}
	}
	return withoutDot(address), nil
}

// withoutDot drops the root's dot at the end of a domain.
func withoutDot(address string) string {
	for _, dot := range []string{".", "。"} {
		if rest, found := strings.CutSuffix(address, dot); found {
			return rest
		}
	}
	return address
}
