package form

import (
	"errors"
	"slices"
	"strings"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// Limits on what is kept of a form, in characters.
const (
	maxEmail    = 320
	maxName     = 200
	maxRedirect = 2048
)

// Reasons of a form's errors, beside those of a person.AddressError.
const (
	Conflicting = "conflict"   // two fields hold different addresses
	Unreadable  = "unreadable" // the form as a whole could not be read
)

// Form is what the fields of a form mean, whatever they are called.
type Form struct {
	Address  person.Address
	Typed    string // the first e-mail field as it was sent
	Name     string
	Redirect string
	Language string
	Trapped  bool // the honeypot was filled in, by a robot or by a browser of itself
	Errors   []fault.FieldError

	values map[Meaning][]string
	emails Fields
}

// Values returns all values sent under a meaning, in their order.
func (f Form) Values(m Meaning) []string { return f.values[m] }

// First returns the first value sent under a meaning, cleaned, at most limit
// characters long.
func (f Form) First(m Meaning, limit int) string {
	if v := f.values[m]; len(v) > 0 {
		return person.CleanText(v[0], limit)
	}
	return ""
}

// Ticked reports whether a check box was ticked.
func (f Form) Ticked(m Meaning) bool { return slices.ContainsFunc(f.values[m], ticked) }

// Broken is a form that could not be read, with the reason that people may be told.
func Broken(err error) Form {
	return Form{Errors: []fault.FieldError{{Field: "form", Reason: Unreadable, Message: fault.Public(err)}}}
}

// IsBroken reports whether the form as a whole could not be read.
func (f Form) IsBroken() bool {
	return slices.ContainsFunc(f.Errors, func(e fault.FieldError) bool { return e.Reason == Unreadable })
}

// Read reads the fields by their meaning. The address is the one valid
// address among the e-mail fields' values: values are never joined, and free
// text is never searched. Fields without a meaning are dropped here.
func (r *Reader) Read(fields Fields) Form {
	var (
		f     = Form{values: map[Meaning][]string{}}
		first string                // group of the first e-mail field
		names = map[string]string{} // by group
	)
	for _, field := range fields {
		m := r.Meaning(field.Name)
		if m == Ignored {
			continue
		}
		if m == Redirect {
			field.Value = field.Raw // a URL holds no blank
		}
		f.values[m] = append(f.values[m], field.Value)
		switch {
		case m == Email:
			if f.emails = append(f.emails, field); f.Typed == "" {
				f.Typed, first = typed(field), group(field.Name)
			}
		case m == Name && names[group(field.Name)] == "":
			names[group(field.Name)] = person.CleanText(field.Value, maxName)
		}
	}
	// Webflow sends the form's own name beside fields[Name]: the person's is the
	// one that stands with their address.
	f.Name = names[first]
	f.Redirect, f.Language = f.First(Redirect, maxRedirect), f.First(Language, maxName)
	f.Trapped = slices.ContainsFunc(f.values[Honeypot], func(v string) bool { return strings.TrimSpace(v) != "" })
	f.findAddress()
	return f
}

// typed is an address as the page shows it again.
func typed(f Field) string {
	_, text, _ := person.ReadForm(f.Value, f.Raw)
	return person.CleanText(text, maxEmail)
}

// Prefilled is what a query gives for the e-mail field, whatever the linking
// site calls it: the first value there.
func (r *Reader) Prefilled(query Fields) string {
	for _, f := range query {
		if r.Meaning(f.Name) == Email && f.Value != "" {
			return typed(f)
		}
	}
	return ""
}

func (f *Form) findAddress() {
	var found []person.Address
	why, meant := &person.AddressError{Reason: person.Missing}, ""
	for _, v := range f.emails {
		a, _, err := person.ReadForm(v.Value, v.Raw)
		if err == nil && !slices.Contains(found, a) {
			found = append(found, a)
		}
		if bad, ok := errors.AsType[*person.AddressError](err); ok && bad.Reason != person.Missing {
			why, meant = bad, person.Guess(v.Value)
		}
	}
	switch len(found) {
	case 1:
		f.Address = found[0]
	case 0:
		f.Errors = append(f.Errors, fault.FieldError{Field: "email", Reason: why.Reason, Message: why.Hint(), Guess: meant})
	default:
		f.Refuse("email", Conflicting, "The form holds two different addresses. Send one.")
	}
}

// Refuse adds an error of one field.
func (f *Form) Refuse(field, reason, message string) {
	f.Errors = append(f.Errors, fault.FieldError{Field: field, Reason: reason, Message: message})
}

// ticked reports whether a check box was ticked; sites send all of these.
func ticked(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "0", "false", "no", "off", "null", "undefined":
		return false
	}
	return true
}
