package people

import (
	"cmp"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
)

// typed reads a posted form of ours, or the same as JSON. Errors are faults of the form as a whole.
func (v *visit) typed() (deskpage.Typed, error) {
	body, err := web.Body(v.r, form.MaxBytes)
	if err != nil {
		return nil, err
	}
	media, params := web.Media(v.r)
	fields, err := form.Parse(body, media, params)
	typed := deskpage.Typed{}
	for _, f := range fields {
		if f.Value != "" {
			typed[f.Name] = append(typed[f.Name], strings.ReplaceAll(f.Value, "\r\n", "\n"))
		}
	}
	return typed, err
}

// posted is a form about a file.
type posted struct {
	typed   deskpage.Typed
	err     error               // the form does not say which state of the file it shows
	since   []deskpage.Happened // what made it stale
	service *request.Service    // acts on the file as the form showed it
}

// posted reads a form about a file, for every act on one. It has answered where ok is not set.
func (v *visit) posted(f *request.File) (p posted, ok bool) {
	var err error
	if p.typed, err = v.typed(); err != nil {
		v.fail(err)
		return p, false
	}
	seq, err := strconv.Atoi(p.typed.First("seq"))
	if err != nil || seq < 1 {
		p.err = fault.Field("seq", "missing", "seq must be that of the file that you have seen")
		return p, true
	}
	p.since, p.service = v.since(f, seq), v.asOf(f.Request.ID, seq)
	return p, true
}

// wrong is what a form says of an error. It has answered where ok is not set.
func (v *visit) wrong(err error) (faults []deskpage.Fault, refused *deskpage.Refusal, ok bool) {
	if faults = deskpage.Faults(err, reached); len(faults) > 0 {
		return faults, nil, true
	}
	if fault.Status(err) >= 500 || fault.Is(err, fault.NotFound) {
		v.fail(err)
		return nil, nil, false
	}
	return nil, deskpage.RefusalOf(err), true
}

// asOf carries out an act on a file as somebody saw it, a colleague's draft too, and refuses it where the file changes in
// this very moment.
func (v *visit) asOf(id string, seq int) *request.Service {
	service := *v.Rights
	service.Store, service.Replaces = casework.AsOf(v.Rights.Store, id, seq), true
	return &service
}

// since is what happened to a file after an entry, of what makes a form stale.
func (v *visit) since(f *request.File, seq int) []deskpage.Happened {
	var all []deskpage.Happened
	for _, e := range casework.Since(f.Events, seq) {
		h := deskpage.Happened{At: e.At, Kind: e.Kind, Who: nameOf(audit.Officer(e)), Own: audit.Officer(e) == v.officer()}
		for _, name := range []string{"note", "question", "reason", "explanation", "statement"} {
			words, _ := e.Private[name].Reveal()
			h.Note = cmp.Or(h.Note, words)
		}
		all = append(all, h)
	}
	return all
}

// text reads words that an officer typed: nobody's are cut.
func text(t deskpage.Typed, name string) (string, error) {
	words := t.First(name)
	err := intake.Clean(name, &words, intake.MaxOfficerText)
	return words, err
}

// codes are the values of a field as a type of the domain.
func codes[T ~string](t deskpage.Typed, name string) []T {
	var all []T
	for _, value := range t[name] {
		all = append(all, T(value))
	}
	return all
}

// reached says where what a form calls otherwise than the domain stands.
var reached = map[string]string{
	"fee": "amount", "kind": "kinds", "amendment": "kinds", "assignee": "to", "subject": "what", "request": "what", "scope": "scopes", "channel": "scopes",
}
