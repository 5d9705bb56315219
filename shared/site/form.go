package site

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"privacydesk/shared/catalog"
	"privacydesk/shared/fault"
	"privacydesk/shared/page"
	"privacydesk/shared/person"
	"privacydesk/shared/policy"
	"privacydesk/shared/web"
)

// Limits on what is kept of a form, in characters.
const (
	maxEmail    = 320
	maxName     = 200
	maxHost     = 253
	maxRedirect = 2048
)

// Reasons of a form's errors, beside those of a person.AddressError.
const (
	conflicting = "conflict"   // two fields hold different addresses
	unreadable  = "unreadable" // the form as a whole could not be read
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

	values map[policy.Meaning][]string
	emails web.Fields
}

// Values returns all values sent under a meaning, in their order.
func (f Form) Values(m policy.Meaning) []string { return f.values[m] }

// First returns the first value sent under a meaning, cleaned, at most limit
// characters long.
func (f Form) First(m policy.Meaning, limit int) string {
	if v := f.values[m]; len(v) > 0 {
		return web.CleanText(v[0], limit)
	}
	return ""
}

// Ticked reports whether a check box was ticked.
func (f Form) Ticked(m policy.Meaning) bool { return slices.ContainsFunc(f.values[m], ticked) }

// ReadForm reads the form of a request. A body that is broken is a form with
// an error; the error returned is for what is no form at all.
func (s *Site) ReadForm(r *http.Request) (Form, error) {
	fields, err := web.ReadForm(r)
	if errors.Is(err, &fault.Error{Code: fault.Invalid}) {
		return Form{Errors: []fault.FieldError{{Field: "form", Reason: unreadable, Message: fault.Public(err)}}}, nil
	}
	if err != nil {
		return Form{}, err
	}
	return s.form(fields), nil
}

// form reads the fields by their meaning. The address is the one valid
// address among the e-mail fields' values: values are never joined, and free
// text is never searched. Fields without a meaning are dropped here.
func (s *Site) form(fields web.Fields) Form {
	var (
		f     = Form{values: map[policy.Meaning][]string{}}
		group string                // in which the first e-mail field stands
		names = map[string]string{} // by group
	)
	for _, field := range fields {
		m := s.Desk.Forms.MeaningOf(field.Name)
		if m == policy.Ignored {
			continue
		}
		if m == policy.Redirect {
			field.Value = field.Raw // a URL holds no blank
		}
		f.values[m] = append(f.values[m], field.Value)
		switch {
		case m == policy.Email:
			if f.emails = append(f.emails, field); f.Typed == "" {
				f.Typed, group = typed(field), policy.Group(field.Name)
			}
		case m == policy.Name && names[policy.Group(field.Name)] == "":
			names[policy.Group(field.Name)] = web.CleanText(field.Value, maxName)
		}
	}
	// Webflow sends the form's own name beside fields[Name]: the person's is the
	// one that stands with their address.
	f.Name = names[group]
	f.Redirect, f.Language = f.First(policy.Redirect, maxRedirect), f.First(policy.Language, maxName)
	f.Trapped = slices.ContainsFunc(f.values[policy.Honeypot], func(v string) bool { return strings.TrimSpace(v) != "" })
	f.findAddress()
	return f
}

// typed is an address as the page shows it again.
func typed(f web.Field) string {
	_, text, _ := person.ReadForm(f.Value, f.Raw)
	return web.CleanText(text, maxEmail)
}

// Prefilled is what the query gives for the e-mail field, whatever the linking
// site calls it: the first value there.
func (s *Site) Prefilled(r *http.Request) string {
	for _, f := range web.ReadQuery(r) {
		if s.Desk.Forms.MeaningOf(f.Name) == policy.Email && f.Value != "" {
			return typed(f)
		}
	}
	return ""
}

func (f *Form) findAddress() {
	var found []person.Address
	why := &person.AddressError{Reason: person.Missing}
	for _, v := range f.emails {
		a, _, err := person.ReadForm(v.Value, v.Raw)
		if err == nil && !slices.Contains(found, a) {
			found = append(found, a)
		}
		if bad, ok := errors.AsType[*person.AddressError](err); ok && bad.Reason != person.Missing {
			why = bad
		}
	}
	switch len(found) {
	case 1:
		f.Address = found[0]
	case 0:
		f.Refuse("email", why.Reason, why.Hint())
	default:
		f.Refuse("email", conflicting, "The form holds two different addresses. Send one.")
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

var pageFaults = map[string]page.Fault{
	person.Missing:      page.FaultMissing,
	person.BadLocalPart: page.FaultLocalPart,
	person.BadDomain:    page.FaultDomain,
	person.Control:      page.FaultControl,
	person.TooLong:      page.FaultTooLong,
	person.Doubtful:     page.FaultDoubtful,
	conflicting:         page.FaultConflict,
}

// PageErrors says the errors in the terms of our own pages. Who comes with a
// form that could not be read finds an empty one there, to be filled in.
func (f Form) PageErrors() []page.FieldError {
	var errs []page.FieldError
	for _, e := range f.Errors {
		kind, known := pageFaults[e.Reason]
		switch {
		case e.Reason == unreadable:
			e.Field, kind = page.FieldEmail, page.FaultMissing
		case !known:
			kind = page.FaultInvalid
		}
		errs = append(errs, page.FieldError{Field: e.Field, Fault: kind})
	}
	return errs
}

// Words are the organisation's own words in the catalogue's default language,
// for scripts.
func (s *Site) Words() policy.Wording {
	t, own := catalog.For(catalog.Default), s.Desk.Wording[catalog.Default]
	if own.Received == "" {
		own.Received = t.Text("received.title")
	}
	if own.Failed == "" {
		own.Failed = t.Text("form.failed")
	}
	return own
}

// FormHost is the host of the page that held the form, as evidence.
func FormHost(r *http.Request) string {
	for _, header := range []string{"Origin", "Referer"} {
		if u, err := url.Parse(r.Header.Get(header)); err == nil && u.Host != "" {
			return web.CleanText(strings.ToLower(u.Hostname()), maxHost)
		}
	}
	return ""
}
