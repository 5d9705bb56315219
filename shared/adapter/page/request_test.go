package page_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

func TestRequestFormShowsAgainWhatWasTyped(t *testing.T) {
	for name, c := range map[string]struct {
		page page.RequestForm
		want map[string]string
	}{
		"empty": {page.RequestForm{}, map[string]string{"on_behalf_of": "self"}},
		"all": {
			page.RequestForm{
				Kinds: []string{"access", "erasure"}, Email: "a'b@@x", Name: "Zoë", Country: "us", Region: "ca",
				Details: "\nOne\n\n</textarea>", OnBehalfOf: "agent", Trap: "website",
			},
			map[string]string{"kind": "accesserasure", "email": "a'b@@x", "name": "Zoë", "country": "US", "region": "US-CA",
				"details": "\nOne\n\n</textarea>", "on_behalf_of": "agent"},
		},
		"what is in no list": {
			page.RequestForm{Country: "Narnia", Region: "Cair Paravel", OnBehalfOf: "neighbour"},
			map[string]string{"country": "Narnia", "region": "Cair Paravel"},
		},
		"a region of another country": {
			page.RequestForm{Country: "DE", Region: "US-CA"},
			map[string]string{"country": "DE", "region": "US-CA", "on_behalf_of": "self"},
		},
	} {
		got := parse(t, c.page, "en", sample.Desk()).Sent()
		delete(got, "lang")
		maps.DeleteFunc(got, func(_, value string) bool { return value == "" })
		if !maps.Equal(got, c.want) {
			t.Errorf("%s\ngot  %v\nwant %v", name, got, c.want)
		}
	}
}

func TestEveryCountryCanBeChosen(t *testing.T) {
	for _, place := range catalog.For(catalog.Default).Countries() {
		if got := parse(t, page.RequestForm{Country: place.Code}, catalog.Default, sample.Desk()).Sent()["country"]; got != place.Code {
			t.Errorf("%s is sent as %q", place.Code, got)
		}
	}
}

// The forms of the status page say which act they ask for.
func TestStatusPageOffersWhatIsAllowed(t *testing.T) {
	denied := func(k intake.Kind) *decision.Decision {
		return &decision.Decision{Answers: []decision.Answer{{Kind: k, Outcome: decision.Refuse}}}
	}
	refused := request.Request{State: lifecycle.Refused, Kinds: []intake.Kind{deadline.Correction}, Decision: denied(deadline.Correction)}
	other, spoken, second, reduced := refused, refused, refused, refused
	other.Kinds, other.Decision, spoken.Statement = []intake.Kind{deadline.Access}, denied(deadline.Access), "No."
	second.AppealOf, reduced.ReducedAt = "PD-1", time.Now()
	for name, c := range map[string]struct {
		request request.Request
		events  []audit.Entry
		want    string
	}{
		"open":                {request.Request{State: lifecycle.Open}, nil, "movedwithdraw"},
		"withdrawn":           {request.Request{State: lifecycle.Withdrawn}, nil, "moved"},
		"refused":             {refused, nil, "disagreeappealmoved"},
		"not disputable":      {other, nil, "appealmoved"},
		"on record before":    {spoken, nil, "appealmoved"},
		"appealed before":     {refused, []audit.Entry{{Kind: string(lifecycle.EventAppealed)}}, "disagreemoved"},
		"answer to an appeal": {second, nil, "disagreemoved"},
		"reduced":             {reduced, nil, ""},
	} {
		p := page.RequestStatus{Action: "/requests/status/x", File: request.File{Request: c.request, Events: c.events}}
		if got := parse(t, p, "en", sample.Desk()).Sent()[page.FieldAction]; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestDisposedRequestTellsNothingElse(t *testing.T) {
	raw := write(t, "GET", "en", 410, page.RequestDisposed{}).Body.String()
	if !strings.Contains(raw, "We deleted all that belonged to it") || strings.Contains(raw, "PD-") {
		t.Errorf("it says %s", raw)
	}
}

// No page shows the first day of the calendar when a day is not known.
func TestUnknownDaysAreLeftOut(t *testing.T) {
	for _, p := range []page.Page{
		page.RequestReceived{}, page.RequestReceived{Request: request.Request{State: lifecycle.Fulfilled}}, page.RequestConfirmed{}, page.RequestChanged{},
		page.RequestStatus{}, statusOf(request.Request{State: lifecycle.Unverified}), statusOf(request.Request{Decision: &decision.Decision{}}),
		page.ReceiptCheck{Found: &page.ReceiptFind{Valid: true}}, page.RequestDisposed{},
	} {
		if strings.Contains(parse(t, p, "en", sample.Desk()).Text, "January 1") {
			t.Errorf("%T shows a day that is none", p)
		}
	}
}

func statusOf(q request.Request) page.RequestStatus {
	return page.RequestStatus{File: request.File{Request: q}}
}
