package sample

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

const (
	reference    = "PD-7K3M-9QXT-40BZ-1HNE"
	earlier      = "PD-2C4D-8RWF-61KA-5TVM"
	confirmLink  = "/requests/confirm/AAECAwQFBgcICQoLDA0ODw"
	statusPath   = "/requests/status/AAECAwQFBgcICQoLDA0ODw"
	exportPath   = "/requests/export/AAECAwQFBgcICQoLDA0ODw"
	resendPath   = "/requests/resend/AAECAwQFBgcICQoLDA0ODw"
	receipt      = `{"protected":"eyJhbGciOiJFZERTQSJ9","payload":"eyJraW5kIjoicmVxdWVzdCJ9","signature":"c2lnbmF0dXJlLW9mLWEtc2FtcGxl"}`
	sampleLength = 10 * 24 * time.Hour
)

var (
	california = deadline.Jurisdiction{Country: "US", Region: "CA"}

	received = time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC)
	due, _   = answerBy(catalog.Default)
	verified = received.Add(20 * time.Minute)
	week     = civil.Of(received, time.UTC) + 7
	month    = civil.Of(received, time.UTC) + 30
	fetched  = civil.Of(verified.Add(sampleLength), time.UTC) + 5
)

// answerBy is the date by which the law of California wants an answer, and why.
func answerBy(lang string) (due time.Time, why []string) {
	law, err := deadline.New(deadline.Default(), time.UTC, "weekends")
	if err != nil {
		panic(err)
	}
	all, err := law.Deadlines(deadline.Case{Kinds: []intake.Kind{deadline.Access}, Place: california, ReceivedAt: received})
	if err != nil {
		panic(err)
	}
	d, _ := deadline.Strictest(all, deadline.Respond)
	for _, part := range d.ExplainToPerson() {
		why = append(why, deadline.Words(catalog.For(lang), []deadline.Part{part}))
	}
	return d.Due, why
}

func reasons(lang string) []string {
	_, why := answerBy(lang)
	return why
}

func requestPages(lang string) []Sample {
	return slices.Concat(askPages(), confirmPages(lang), statusPages(lang), recordPages())
}

func askPages() []Sample {
	refused := page.RequestForm{
		Kinds: []string{"erasure", "nonsense"}, Email: "maria.example.com", Name: "María \"Mia\" <López>", Country: "US", Region: "CA-QC",
		Details: "A long text.\n\nWith </textarea> in it.", OnBehalfOf: "neighbour", Trap: "website",
		Errors: []fault.FieldError{
			{Field: page.FieldKind, Reason: "invalid"}, {Field: page.FieldOnBehalfOf, Reason: "invalid"},
			{Field: page.FieldEmail, Reason: "invalid"}, {Field: page.FieldName, Reason: person.TooLong},
			{Field: page.FieldRegion, Reason: "conflict"}, {Field: page.FieldDetails, Reason: person.TooLong},
		},
	}
	asked := page.RequestReceived{Request: about(lifecycle.Unverified, deadline.Access, deadline.Erasure, deadline.Objection), ResendURL: resendPath, ReceiptURL: receiptPath}
	again := asked
	again.Resent, again.ResendURL = true, ""
	spent, swallowed := asked.Request, about(lifecycle.Unverified, deadline.Access)
	spent.Resent, swallowed.ID = 3, ""
	return []Sample{
		{"request-guide", http.StatusOK, guide("")},
		{"request-guide-unanswered", http.StatusOK, guide("asked=want")},
		{"request-guide-kinds", http.StatusOK, guide("want=see")},
		{"request-guide-delete", http.StatusOK, guide("want=delete")},
		{"request-guide-who", http.StatusOK, guide("want=correct")},
		{"request-guide-country", http.StatusOK, guide("kind=access&on_behalf_of=self")},
		{"request-guide-region", http.StatusOK, guide("kind=access&on_behalf_of=self&country=CA")},
		{"request-guide-last", http.StatusOK, page.RequestForm{
			Guided: true, Kinds: []string{"correction"}, OnBehalfOf: "self", Country: "US", Region: "US-CA", Trap: "website"}},
		{"request-form", http.StatusOK, page.RequestForm{Trap: "website"}},
		{"request-form-gpc", http.StatusOK, page.RequestForm{
			Kinds: []string{"opt_out_of_sale"}, Email: "maria@example.com", Country: "us", Region: "ca", GPC: true, Trap: "website"}},
		{"request-form-missing", http.StatusUnprocessableEntity, page.RequestForm{Trap: "website", Country: "Narnia",
			Errors: []fault.FieldError{
				{Field: page.FieldKind, Reason: person.Missing}, {Field: page.FieldEmail, Reason: person.Missing},
				{Field: page.FieldCountry, Reason: "invalid"}}}},
		{"request-form-held", http.StatusUnprocessableEntity, page.RequestForm{
			Kinds: []string{"access"}, Email: "maria@example.com", Held: true, OptedOut: []string{"email", "phone"}}},
		{"request-form-refused", http.StatusUnprocessableEntity, refused},
		{"request-received", http.StatusOK, asked},
		{"request-received-resent", http.StatusOK, again},
		{"request-not-resent", http.StatusConflict, page.RequestNotResent{Request: spent}},
		{"request-received-instant", http.StatusOK, page.RequestReceived{
			Request: about(lifecycle.Fulfilled, deadline.OptOutOfSale), GPC: true, ReceiptURL: receiptPath}},
		{"request-received-nothing", http.StatusOK, page.RequestReceived{Request: swallowed}},
		{"request-link-closed", http.StatusConflict, page.LinkProblem{Changed: true, Meant: page.ToRequest}},
		{"request-link-expired", http.StatusGone, page.LinkProblem{Expired: true, Meant: page.ToRequest}},
		{"request-link-damaged", http.StatusBadRequest, page.LinkProblem{Meant: page.ToRequest}},
	}
}

// about is a request that came with name and place unless it was changed.
func about(state lifecycle.State, kinds ...intake.Kind) request.Request {
	address, err := person.Parse("maria@example.com")
	if err != nil {
		panic(err)
	}
	return request.Request{ID: reference, State: state, Kinds: kinds, Address: address, ReceivedAt: received, VerifyBy: week.End(time.UTC)}
}

func confirm(q request.Request) page.ConfirmRequest {
	return page.ConfirmRequest{Action: confirmLink, Request: q}
}

func confirmPages(lang string) []Sample {
	unsure, told, wrong := about(lifecycle.Unverified), about(lifecycle.Unverified, deadline.Access, deadline.Objection), about(lifecycle.Unverified, deadline.Access)
	unsure.KindsUnsure, unsure.Details = true, "Do NOT delete my account, send me my data"
	told.OnBehalfOf, told.Name, told.Place = intake.Agent, "María \"Mia\" <López>", california
	told.Details = strings.Repeat("I have moved. Send the copy to mallory@example.net </blockquote><script>. ", 40)
	wrong.Details = "The address is wrong."
	incorrect := confirm(wrong)
	incorrect.Typed = &page.RequestForm{Name: "Mia", Country: "Narnia", Details: "The address is wrong.", OnBehalfOf: "neighbour"}
	incorrect.Errors = []fault.FieldError{
		{Field: page.FieldKind, Reason: person.Missing}, {Field: page.FieldOnBehalfOf, Reason: "invalid"}, {Field: page.FieldCountry, Reason: "invalid"},
	}
	confirmed := func(kinds ...intake.Kind) page.RequestConfirmed {
		return page.RequestConfirmed{Request: about(lifecycle.Open, kinds...), Due: due, DueWhy: reasons(lang), StatusURL: statusPath}
	}
	first, child, already := confirmed(deadline.Access, deadline.Erasure), confirmed(deadline.ChildErasure), confirmed(deadline.Access)
	first.Request.LinkedTo, first.ReceiptURL, child.ReceiptURL, already.Already = earlier, receiptPath, receiptPath, true
	child.Request.Waiting = &waiting.Waiting{Cause: deadline.Identity, Proofs: []intake.Proof{intake.ParentalAuthority, intake.ChildsIdentity}}
	other, closed := already, already
	other.Other = true
	closed.Request.State, closed.Due, closed.DueWhy = lifecycle.Fulfilled, time.Time{}, nil
	appeal := about(lifecycle.Open, deadline.Correction)
	appeal.ID = earlier
	return []Sample{
		{"request-confirm", http.StatusOK, confirm(about(lifecycle.Unverified, deadline.Access, deadline.Erasure))},
		{"request-confirm-words", http.StatusOK, confirm(told)},
		{"request-confirm-unsure", http.StatusOK, confirm(unsure)},
		{"request-confirm-correct", http.StatusUnprocessableEntity, incorrect},
		{"request-confirmed", http.StatusOK, first}, {"request-confirmed-child", http.StatusOK, child},
		{"request-confirmed-already", http.StatusOK, already}, {"request-confirmed-other", http.StatusConflict, other},
		{"request-confirmed-closed", http.StatusOK, closed},
		{"request-withdrawn", http.StatusOK, page.RequestChanged{
			Change: page.RequestWithdrawn, Request: about(lifecycle.Withdrawn, deadline.Objection, deadline.OptOutOfSale), StatusURL: statusPath}},
		{"request-disagreed", http.StatusOK, page.RequestChanged{
			Change: page.RequestDisagreed, Request: about(lifecycle.Refused, deadline.Correction), StatusURL: statusPath}},
		{"request-appealed", http.StatusOK, page.RequestChanged{
			Change: page.RequestAppealed, Request: appeal, Due: due, DueWhy: reasons(lang), StatusURL: statusPath}},
		{"request-moved", http.StatusOK, page.RequestChanged{
			Change: page.RequestMoved, Request: about(lifecycle.Open, deadline.Access), StatusURL: statusPath}},
		{"request-over-withdrawn", http.StatusConflict, over(about(lifecycle.Withdrawn, deadline.Objection))},
		{"request-over-closed", http.StatusConflict, over(about(lifecycle.Refused, deadline.Access))},
		{"request-over-expired", http.StatusGone, over(about(lifecycle.Expired, deadline.Access))},
		{"request-disposed", http.StatusGone, page.RequestDisposed{}},
	}
}

func over(q request.Request) page.RequestOver {
	q.ClosedAt = received.AddDate(0, 0, 5)
	return page.RequestOver{Request: q, StatusURL: statusPath}
}

func guide(answers string) page.RequestGuide {
	query, _ := url.ParseQuery(answers)
	g, _, _ := page.Guide(query)
	return g
}
