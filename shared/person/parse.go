package person

import (
	"strings"
	"unicode"
	"unicode/utf8"
	"unique"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// AddressError says why a text is not the address of one mailbox. It never
// holds the text.
type AddressError struct{ Reason string }

// Reasons of an AddressError.
const (
	Missing      = "missing"    // nothing but white space
	NoAt         = "no_at"      // no @, or more than one
	BadLocalPart = "bad_local"  // what stands before the @ is no dot-atom
	BadDomain    = "bad_domain" // what stands after it is no public domain name
	TooLong      = "too_long"   // over 64 octets before the @, or 254 in all
)

func (e *AddressError) Error() string { return "not an e-mail address: " + e.Reason }

// Limits of RFC 5321 section 4.5.3.1 and RFC 1035 section 2.3.4, in octets.
const (
	maxAddress = 254
	maxLocal   = 64
	maxLabel   = 63
)

// Parse takes the address of exactly one mailbox: an RFC 5321 dot-string
// (RFC 6531 letters too) at a domain name with a top-level domain. White space
// and invisible characters around it are dropped, since people paste them.
// Dots at an edge or doubled are taken: Japanese carriers gave such addresses
// out. Quoted local parts, comments, display names and address literals are
// not. The error is an *AddressError.
func Parse(text string) (Address, error) {
	text = strings.TrimFunc(text, invisible)
	if text == "" {
		return Address{}, &AddressError{Missing}
	}
	if len(text) > 4*maxAddress {
		return Address{}, &AddressError{TooLong}
	}
	local, domain, found := strings.Cut(text, "@")
	if !found || strings.Contains(domain, "@") {
		return Address{}, &AddressError{NoAt}
	}
	local, ok := canonicalLocal(local)
	if !ok {
		return Address{}, &AddressError{BadLocalPart}
	}
	domain, ok = canonicalDomain(domain)
	if !ok {
		return Address{}, &AddressError{BadDomain}
	}
	if len(local) > maxLocal || len(local)+1+len(domain) > maxAddress {
		return Address{}, &AddressError{TooLong}
	}
	return Address{unique.Make(local + "@" + domain)}, nil
}

func canonicalLocal(s string) (string, bool) {
	if !utf8.ValidString(s) || s == "" || strings.ContainsFunc(s, notAtext) {
		return "", false
	}
	if isASCII(s) {
		return strings.ToLower(s), true
	}
	// Lower-casing can undo the composed form, so compose last. It is that of no
	// language: a Turkish capital I with a dot becomes i with a combining dot.
	return norm.NFC.String(strings.ToLower(norm.NFC.String(s))), true
}

// domains maps U-labels to A-labels as browsers do (UTS #46, non-transitional).
var domains = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule())

func canonicalDomain(s string) (string, bool) {
	if !isASCII(s) {
		a, err := domains.ToASCII(s)
		if err != nil {
			return "", false
		}
		s = a
	}
	s = strings.ToLower(s)
	labels := strings.Split(s, ".")
	if len(labels) < 2 || !strings.ContainsFunc(labels[len(labels)-1], unicode.IsLetter) {
		return "", false
	}
	for _, l := range labels {
		if !isLDH(l) {
			return "", false
		}
	}
	return s, true
}

// isLDH reports whether a label holds letters, digits and inner hyphens only
// (RFC 5890 section 2.3.1).
func isLDH(l string) bool {
	if l == "" || len(l) > maxLabel || l[0] == '-' || l[len(l)-1] == '-' {
		return false
	}
	for _, c := range []byte(l) {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// notAtext reports whether r may not stand in a dot-atom (RFC 5322 section
// 3.2.3, RFC 6532 section 3.2).
func notAtext(r rune) bool {
	if r < utf8.RuneSelf {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r)
	}
	return r == utf8.RuneError || invisible(r) || !unicode.IsGraphic(r)
}

// invisible reports whether r shows nothing: white space, and the format
// characters that word processors and chat programs leave around an address.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
