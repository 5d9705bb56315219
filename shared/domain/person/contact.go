package person

import (
	"encoding"
	"fmt"
	"log/slog"
	"strings"
	"unicode"
	"unique"

	"golang.org/x/text/unicode/norm"

	"privacydesk/shared/domain/fault"
)

// Contact is where a person is reached without e-mail: a postal address, as it
// stands on an envelope, a telephone number, or both. Like an Address it masks
// itself. Contacts are comparable; the zero Contact is none.
type Contact struct{ post, telephone hidden }

var (
	_ fmt.Stringer           = Contact{}
	_ fmt.GoStringer         = Contact{}
	_ slog.LogValuer         = Contact{}
	_ encoding.TextMarshaler = Contact{}
)

// hidden is a text that reflection prints as a pointer; see Address.
type hidden struct{ text unique.Handle[string] }

func hide(text string) hidden {
	if text == "" {
		return hidden{}
	}
	return hidden{unique.Make(text)}
}

func (h hidden) reveal() string {
	if h == (hidden{}) {
		return ""
	}
	return h.text.Value()
}

// The bounds of a contact: characters, and the lines of an envelope's window.
const (
	MaxPost      = 300
	maxPostLines = 8
	maxTelephone = 40
	minDigits    = 5 // of a telephone number
)

// ReadContact reads a contact as an officer types it; empty texts are no contact.
// Invalid: the fields "post" and "telephone" say what is wrong.
func ReadContact(post, telephone string) (Contact, error) {
	lines := postLines(post)
	post, telephone = strings.Join(lines, "\n"), CleanText(telephone, len(telephone))
	var wrong []fault.FieldError
	check := func(err error) { wrong = append(wrong, fault.FieldsOf(err)...) }
	switch {
	case len([]rune(post)) > MaxPost || len(lines) > maxPostLines:
		check(fault.Field("post", TooLong, "post is at most 8 lines and 300 characters"))
	case post != "" && plain(post) == "":
		check(fault.Field("post", "invalid", "post is a postal address, as on an envelope"))
	}
	digits := strings.Count(strings.Map(digitOnly, telephone), "0")
	if telephone != "" && (digits < minDigits || len([]rune(telephone)) > maxTelephone) {
		check(fault.Field("telephone", "invalid", "telephone is a number of at least 5 digits, such as +49 30 901820"))
	}
	if len(wrong) > 0 {
		return Contact{}, &fault.Error{Code: fault.Invalid, Message: wrong[0].Message, Fields: wrong}
	}
	return Contact{hide(post), hide(telephone)}, nil
}

// postLines are the lines of an address, without empty ones.
func postLines(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		if line = CleanText(line, len(line)); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func digitOnly(r rune) rune {
	if unicode.IsDigit(r) {
		return '0'
	}
	return -1
}

// IsZero reports whether c is no contact.
func (c Contact) IsZero() bool { return c == Contact{} }

// Post returns the postal address, by lines; "" for none. Like Telephone it gives
// personal data out.
func (c Contact) Post() string { return c.post.reveal() }

// Telephone returns the telephone number; "" for none.
func (c Contact) Telephone() string { return c.telephone.reveal() }

// Envelope is what stands in the window of an envelope: the name, unless the
// address begins with it, and the address. It gives personal data out.
func (c Contact) Envelope(name string) string {
	if first, _, _ := strings.Cut(c.Post(), "\n"); name == "" || plain(first) == plain(name) {
		return c.Post()
	}
	return strings.TrimSuffix(name+"\n"+c.Post(), "\n")
}

// String returns the contact masked: the first letters of the address, the last
// digits of the number.
func (c Contact) String() string {
	var shown []string
	if lines := postLines(c.Post()); len(lines) > 0 {
		shown = append(shown, first(lines[0])+"***, "+first(lines[len(lines)-1])+"***")
	}
	if digits := []rune(c.Telephone()); len(digits) > 0 {
		shown = append(shown, "***"+string(digits[len(digits)-2:]))
	}
	if len(shown) == 0 {
		return "-"
	}
	return strings.Join(shown, " · ")
}

// GoString masks %#v.
func (c Contact) GoString() string { return "person.Contact(" + c.String() + ")" }

// LogValue masks slog.
func (c Contact) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText masks encoding/json and its like.
func (c Contact) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// ContactRef returns the reference of whoever has no mailbox. It is that of the
// name with the postal address, or else with the telephone number: who lives at
// one address, or shares a telephone, is not one person.
func (k Key) ContactRef(name string, c Contact) Ref {
	text := c.Envelope(name)
	if c.Post() == "" {
		text = name + c.Telephone()
	}
	return k.TypedRef(text)
}

// TypedRef is the reference by which a contact is found again: of its name and
// address, or name and number, in one text. Case, accents, and all that is no
// letter and no digit make no difference. It can be no mailbox's.
func (k Key) TypedRef(text string) Ref { return Ref(k.Digest("contact", plain(text))) }

// plain is a text by its letters and digits.
func plain(text string) string {
	text = strings.ReplaceAll(strings.ToLower(text), "ß", "ss")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFKD.String(text))
}
