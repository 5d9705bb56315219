package page

import (
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// RequestOver is shown instead of ConfirmRequest once the request is closed without having been confirmed, or was
// withdrawn since. Answer 409, or 410 where nobody confirmed it in time.
type RequestOver struct {
	Request   request.Request
	StatusURL string // may be empty
}

func (p RequestOver) view(d *Desk, t *catalog.Texts) view {
	title, lead := "over.closed.title", "over.closed.lead"
	switch p.Request.State {
	case lifecycle.Withdrawn:
		title, lead = "over.withdrawn.title", "over.withdrawn.lead"
	case lifecycle.Expired:
		lead = "over.expired.lead"
	}
	return view{shape: messageShape, title: t.Text(title, "date", d.date(t, p.Request.ClosedAt)), languages: true, body: message{
		Mark: markDone, Lead: t.Text(lead),
		Facts: slices.Concat(requestFacts(t, p.Request), stoppedFact(t, t.Text("fact.stays"), p.Request)),
		Links: append(optionalLink(p.StatusURL, t.Text("changed.back")), inLanguage(t, pathRequests, "badlink.request.form")),
	}}
}
