package sample

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
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
	received = time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC)
	due      = received.AddDate(0, 1, 0)
	verified = received.Add(20 * time.Minute)
	week     = civil.Of(received, time.UTC) + 7
	month    = civil.Of(received, time.UTC) + 30
	fetched  = civil.Of(verified.Add(sampleLength), time.UTC) + 5
)

// reasons are what package law would say of the date.
func reasons(lang string) []string {
	return map[string][]string{
		"en": {
			"General Data Protection Regulation, Art. 12(3): answer within 1 month of receipt.",
			"It counts from 22 November 2026 (America/Los_Angeles); that day itself is left out.",
			"It ends with 22 December 2026 (America/Los_Angeles).",
		},
		"es": {
			"Reglamento general de protección de datos, Art. 12(3): responder en un plazo de 1 mes desde la recepción.",
			"Se cuenta desde el 22 de noviembre de 2026 (America/Los_Angeles); ese día no se incluye.",
			"El plazo termina al final del 22 de diciembre de 2026 (America/Los_Angeles).",
		},
		"de": {
			"Datenschutz-Grundverordnung, Art. 12(3): Antwort innerhalb von 1 Monat ab Eingang.",
			"Gezählt wird ab dem 22. November 2026 (America/Los_Angeles); dieser Tag selbst zählt nicht mit.",
			"Die Frist endet mit dem 22. Dezember 2026 (America/Los_Angeles).",
		},
	}[lang]
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
	asked := page.RequestReceived{
		Reference: reference, Address: masked, Kinds: []string{"access", "erasure", "objection"},
		OptedOut:  []string{"email", "phone", "post", "sms"},
		ResendURL: resendPath, Receipt: receipt,
	}
	again := asked
	again.Resent, again.ResendURL = true, ""
	return []Sample{
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
		{"request-not-resent", http.StatusConflict, page.RequestNotResent{Reference: reference, Tries: 4}},
		{"request-received-instant", http.StatusOK, page.RequestReceived{
			Reference: reference, Address: masked, Kinds: []string{"opt_out_of_sale"}, OptedOut: []string{"sale"},
			Instant: true, GPC: true, Receipt: receipt}},
		{"request-received-nothing", http.StatusOK, page.RequestReceived{Address: masked, Kinds: []string{"access"}}},
		{"request-link-closed", http.StatusConflict, page.LinkProblem{Changed: true, Meant: page.ToRequest}},
		{"request-link-expired", http.StatusGone, page.LinkProblem{Expired: true, Meant: page.ToRequest}},
		{"request-link-damaged", http.StatusBadRequest, page.LinkProblem{Meant: page.ToRequest}},
	}
}

func confirm(sent page.RequestWords, out ...string) page.ConfirmRequest {
	return page.ConfirmRequest{
		Action: confirmLink, Reference: reference, Address: masked, Sent: sent, Typed: sent, OptedOut: out,
		ReceivedAt: received, ConfirmBy: week,
	}
}

func confirmPages(lang string) []Sample {
	unsure := confirm(page.RequestWords{Details: "Do NOT delete my account, send me my data"})
	unsure.Unsure = true
	wrong := confirm(page.RequestWords{Kinds: []string{"access"}, Details: "The address is wrong."})
	wrong.Typed = page.RequestWords{Name: "Mia", Country: "Narnia", Details: "The address is wrong.", OnBehalfOf: "neighbour"}
	wrong.Errors = []fault.FieldError{
		{Field: page.FieldKind, Reason: person.Missing}, {Field: page.FieldOnBehalfOf, Reason: "invalid"}, {Field: page.FieldCountry, Reason: "invalid"},
	}
	return []Sample{
		{"request-confirm", http.StatusOK, confirm(page.RequestWords{Kinds: []string{"access", "erasure"}})},
		{"request-confirm-words", http.StatusOK, confirm(page.RequestWords{
			Kinds: []string{"access", "objection"}, OnBehalfOf: page.ValueAgent, Name: "María \"Mia\" <López>", Country: "US", Region: "CA",
			Details: strings.Repeat("I have moved. Send the copy to mallory@example.net </blockquote><script>. ", 40)}, "email", "sms")},
		{"request-confirm-unsure", http.StatusOK, unsure},
		{"request-confirm-mend", http.StatusUnprocessableEntity, wrong},
		{"request-confirmed", http.StatusOK, page.RequestConfirmed{
			Reference: reference, Address: masked, Kinds: []string{"access", "erasure"}, Due: due, DueWhy: reasons(lang),
			LinkedTo: earlier, StatusURL: statusPath, Receipt: receipt}},
		{"request-confirmed-child", http.StatusOK, page.RequestConfirmed{
			Reference: reference, Address: masked, Kinds: []string{"child_erasure"}, Due: due, DueWhy: reasons(lang),
			Evidence: []string{"parental_authority", "childs_identity"}, StatusURL: statusPath, Receipt: receipt}},
		{"request-confirmed-already", http.StatusOK, page.RequestConfirmed{
			Reference: reference, Address: masked, Kinds: []string{"access"}, Due: due, DueWhy: reasons(lang),
			Already: true, StatusURL: statusPath}},
		{"request-confirmed-other", http.StatusConflict, page.RequestConfirmed{
			Reference: reference, Address: masked, Kinds: []string{"access"}, Due: due, DueWhy: reasons(lang),
			Already: true, Other: true, StatusURL: statusPath}},
		{"request-confirmed-closed", http.StatusOK, page.RequestConfirmed{
			Reference: reference, Address: masked, Kinds: []string{"access"}, Already: true, Closed: true, StatusURL: statusPath}},
		{"request-withdrawn", http.StatusOK, page.RequestChanged{
			Change: page.RequestWithdrawn, Reference: reference, OptedOut: []string{"email", "sale"}, StatusURL: statusPath}},
		{"request-disagreed", http.StatusOK, page.RequestChanged{
			Change: page.RequestDisagreed, Reference: reference, StatusURL: statusPath}},
		{"request-appealed", http.StatusOK, page.RequestChanged{
			Change: page.RequestAppealed, Reference: earlier, Due: due, DueWhy: reasons(lang), StatusURL: statusPath}},
		{"request-disposed", http.StatusGone, page.RequestDisposed{}},
	}
}
