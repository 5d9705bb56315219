package person

import (
	"strings"
	"unicode"
	"unicode/utf8"
	"unique"

	"golang.org/x/text/unicode/norm"
)

// AddressError says why a text is not the address of one mailbox. It never
// holds the text.
type AddressError struct{ Reason string }

// Reasons of an AddressError.
const (
	Missing      = "missing"    // nothing but white space
	NoAt         = "no_at"      // no @, or more than one
	BadLocalPart = "bad_local"  // what stands before the @ is no dot-atom, or holds look-alikes of other letters
	BadDomain    = "bad_domain" // what stands after it is no public domain name
	Control      = "control"    // it holds a control character, such as NUL
	TooLong      = "too_long"   // over 64 octets before the @, or 254 in all
	Doubtful     = "doubtful"   // it can be read as more than one address
)

func (e *AddressError) Error() string { return "not an e-mail address: " + e.Reason }

// Hint says what is wrong, to whoever sent the text.
func (e *AddressError) Hint() string { return hints[e.Reason] }

var hints = map[string]string{
	Missing:      "Enter your e-mail address.",
	NoAt:         "Enter one e-mail address, such as name@example.com.",
	BadLocalPart: "The part before the @ is empty or holds a character that cannot be used there.",
	BadDomain:    "The part after the @ is not a complete domain such as example.com, or holds a character that cannot be used there.",
	Control:      "The address holds a control character.",
	TooLong:      "The address is too long.",
	Doubtful:     "This can be read as more than one address. Send the address alone, such as name@example.com.",
}

// Limits of RFC 5321 section 4.5.3.1 and RFC 1035 section 2.3.4, in octets.
const (
	maxAddress = 254
	maxLocal   = 64
	maxLabel   = 63
	maxText    = 4 * maxAddress // of what is read at all
)

// Parse takes the address of exactly one mailbox: an RFC 5321 dot-string
// (RFC 6531 letters too) at a domain name with a top-level domain. It drops
// white space and invisible characters around the address, since people paste
// them, and reads full-width letters, which Japanese input methods write, as
// the ASCII ones. Dots at an edge or doubled are taken: Japanese carriers gave
// such addresses out. Quoted local parts, comments, display names and address
// literals are refused; Read forgives more. Parse(a.Reveal()) is a.
// The error is an *AddressError.
func Parse(text string) (Address, error) {
	text = trim(text)
	switch {
	case text == "":
		return Address{}, &AddressError{Missing}
	case len(text) > maxText:
		return Address{}, &AddressError{TooLong}
	case strings.ContainsFunc(text, control):
		return Address{}, &AddressError{Control}
	}
	local, domain, found := strings.Cut(narrow(text), "@")
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

// canonicalLocal normalises before it checks: U+037E is a semicolon in NFC.
// Lower-casing can undo the composed form, so it composes again.
func canonicalLocal(s string) (string, bool) {
	if isASCII(s) {
		return strings.ToLower(s), s != "" && !strings.ContainsFunc(s, notAtext)
	}
	if s = norm.NFC.String(s); !utf8.ValidString(s) || strings.ContainsFunc(s, notAtext) || hasDottedI(s) {
		return "", false
	}
	if first, _ := utf8.DecodeRuneInString(s); unicode.Is(unicode.M, first) { // it would join whatever stands before the address
		return "", false
	}
	return norm.NFC.String(strings.ToLower(s)), true
}

// hasDottedI reports whether s, in NFC, holds the Turkish capital I with a
// dot, or what scripts make of it in lower case. Its plain i is another
// person's.
func hasDottedI(s string) bool {
	return strings.ContainsRune(s, 'İ') || strings.Contains(s, "i\u0307")
}

// narrow replaces full-width forms of ASCII by ASCII.
func narrow(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}

// notAtext reports whether r may not stand in a dot-atom (RFC 5322 section
// 3.2.3). Beyond ASCII it lets letters, marks and digits through and not all
// that RFC 6532 section 3.2 allows: bullets and curly quotes are pasted by
// mistake.
func notAtext(r rune) bool {
	if r < utf8.RuneSelf {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r)
	}
	return blank(r) || !unicode.In(r, unicode.L, unicode.M, unicode.N) || compatible(r)
}

// compatible reports whether r is another dress of other letters (Unicode
// Standard Annex 15): a ligature, a superscript, a letter in a circle. Thai, Lao
// and Tibetan write some of their own vowels so.
func compatible(r rune) bool {
	return !norm.NFKC.IsNormalString(string(r)) && !unicode.In(r, unicode.Thai, unicode.Lao, unicode.Tibetan)
}

// trim drops what surrounds a pasted address and shows nothing.
func trim(s string) string { return strings.TrimFunc(s, blank) }

// blank reports whether r shows nothing: white space, and the format
// characters that word processors and chat programs leave around an address.
func blank(r rune) bool {
	const emptyBraille = '\u2800'
	return r == emptyBraille || unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// control reports whether r is a control character other than white space.
func control(r rune) bool { return unicode.Is(unicode.Cc, r) && !unicode.IsSpace(r) }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
