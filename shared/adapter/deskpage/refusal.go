package deskpage

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
)

// Refusal is why something is not possible.
type Refusal struct {
	Code    string            `json:"code"`
	Facts   map[string]string `json:"facts,omitempty"`
	Message string            `json:"message"` // for machines
	Check   *draft.Check      `json:"check,omitempty"`
	faults  []Fault
}

// RefusalOf says why an act was refused with an error.
func RefusalOf(err error) *Refusal {
	why := fault.BecauseOf(err)
	return &Refusal{Code: why.Code, Facts: why.Facts, Message: fault.Public(err), faults: Faults(err, nil)}
}

// words say why in the officer's language: by the code, by the check that an answer has not passed, or by what is wrong
// with a field. Days and codes among the facts are put into words first.
func (r Refusal) words(d *Desk, t *catalog.Texts) string {
	check := r.Check
	if check == nil && t.Has("desk.check."+r.Code+".not") {
		check = &draft.Check{Code: draft.CheckCode(r.Code), Facts: r.Facts}
	}
	switch key := "desk.why." + r.Code; {
	case r.Check == nil && t.Has(key):
		return factText(d, t, key, r.Facts)
	case check != nil:
		return checked(d, t, *check)
	case len(r.faults) > 0:
		return inputs{t: t}.sentence(r.faults[0])
	}
	return t.Text("desk.why.conflict")
}
