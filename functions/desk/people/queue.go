package people

import (
	"net/http"
	"net/url"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/staff"
)

func (d *Door) queueRoutes() []route {
	return []route{{"GET /desk", staff.SeeQueue, d.queue}}
}

// queue shows what is due. What its address says wrongly is left out, and named.
func (d *Door) queue(v *visit) {
	q, unusable := asked(v.r.URL.Query())
	q.Officer = v.officer()
	page, err := d.Cases.Queue(v.r.Context(), q)
	for wrong := fault.FieldsOf(err); len(wrong) > 0 && len(unusable) < maxUnusable; wrong = fault.FieldsOf(err) {
		unusable = append(unusable, wrong[0].Field)
		q = without(q, wrong[0].Field)
		page, err = d.Cases.Queue(v.r.Context(), q)
	}
	if err != nil {
		v.fail(err)
		return
	}
	status := http.StatusOK
	if len(unusable) > 0 {
		status = http.StatusUnprocessableEntity
	}
	v.show(status, deskpage.Queue{Query: q, Page: page, Unusable: unusable})
}

// maxUnusable is how many fields a queue's address has.
const maxUnusable = 9

// asked reads the address of a queue, and names what cannot be read.
func asked(values url.Values) (q casework.Query, unusable []string) {
	q = casework.Query{
		View: casework.View(values.Get(deskpage.FieldView)), State: lifecycle.State(values.Get(deskpage.FieldState)), Kind: intake.Kind(values.Get(deskpage.FieldKind)),
		Place: values.Get(deskpage.FieldPlace), Law: values.Get(deskpage.FieldLaw), Held: values.Get(deskpage.FieldHeld) != "", After: values.Get(deskpage.FieldAfter),
	}
	for name, day := range map[string]*civil.Day{deskpage.FieldFrom: &q.From, deskpage.FieldTo: &q.To} {
		text := values.Get(name)
		parsed, err := civil.Parse(text)
		switch {
		case text == "":
		case err != nil:
			unusable = append(unusable, name)
		default:
			*day = parsed
		}
	}
	return q, unusable
}

// without is a query without one of its fields.
func without(q casework.Query, field string) casework.Query {
	switch field {
	case deskpage.FieldView:
		q.View, q.After = "", ""
	case deskpage.FieldState:
		q.State = ""
	case deskpage.FieldKind:
		q.Kind = ""
	case deskpage.FieldPlace:
		q.Place = ""
	case deskpage.FieldLaw:
		q.Law = ""
	case deskpage.FieldFrom:
		q.From = 0
	case deskpage.FieldTo:
		q.To = 0
	default:
		q.After = ""
	}
	return q
}
