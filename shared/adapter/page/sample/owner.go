package sample

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/vendor"
)

// ownerPages are what the owner of another system sees.
func ownerPages(lang string) []Sample {
	steps, _ := vendor.Named("salesforce")
	contracts := settings.System{ID: "contracts", Name: settings.Words{
		"en": "the contract files of our sales team", "es": "los contratos de nuestro equipo de ventas", "de": "die Vertragsakten unseres Vertriebs",
	}}
	due := time.Date(2026, time.December, 12, 10, 0, 0, 0, time.UTC)
	e := ledger.Entry{Request: "PD-7K3M-9QXT-40BZ-1HNE", System: "contracts", Task: ledger.Erasure, State: ledger.Told, Required: true, DueAt: due}
	task := page.OwnerTask{Action: "/systems/AAECAwQFBgcICQoLDA0ODw", Entry: e, System: contracts, Vendor: &steps}
	maria, err := person.Parse(typed)
	if err != nil {
		panic(err)
	}
	shown, child, access, wrong := task, task, task, task
	shown.Person = &ledger.Person{Email: maria, Name: "Maria Muster", Place: "DE", Kinds: []string{"erasure"}, Details: "¿?\n12345"}
	child.Person, child.Vendor = &ledger.Person{OnBehalfOf: "parent", Name: "Maria Muster"}, nil
	access.Entry.Task, access.Vendor, access.Person = ledger.Access, nil, &ledger.Person{}
	adding, came, refused, missing, full, unsent := access, access, access, access, access, access
	file := attachment.File{Request: e.Request, ID: "k3yAndMore", For: attachment.Answer, System: "contracts", State: attachment.Stored, Type: attachment.CSV, Size: 123_456}
	adding.Upload, missing.Upload, refused.Upload = ownersUpload(lang), ownersUpload(lang), ownersUpload(lang)
	adding.Files, missing.Upload.Sent, refused.Upload.Refused = []attachment.File{file}, true, true
	came.Files, came.Upload = adding.Files, &page.Upload{File: file}
	full.Files, full.Full = slices.Repeat(adding.Files, attachment.MaxSystem), true
	unsent.Outcome, unsent.Errors = string(ledger.Done), []fault.FieldError{{Field: page.FieldOutcome, Reason: ledger.NoFile}}
	contradicted := came
	contradicted.Upload, contradicted.Outcome, contradicted.Errors = nil, string(ledger.NotFound), []fault.FieldError{{Field: page.FieldOutcome, Reason: ledger.FileSent}}
	wrong.Outcome, wrong.Records, wrong.Ground, wrong.Why = page.ValueCannot, "12", "other", ""
	wrong.Errors = []fault.FieldError{{Field: page.FieldOutcome, Reason: "missing"}, {Field: page.FieldRecords, Reason: "invalid"}, {Field: page.FieldGround, Reason: "missing"}, {Field: page.FieldWhy, Reason: "missing"}}
	long := wrong
	long.Errors = []fault.FieldError{{Field: page.FieldWhy, Reason: "too_long"}}
	ended := func(s ledger.State, n int, ground string) ledger.Entry {
		e := e
		e.State, e.Outcome, e.EndedAt = s, ledger.Outcome{Records: n, Ground: ground}, due.AddDate(0, 0, -2)
		return e
	}
	all := []Sample{
		{"owner-task", http.StatusOK, task}, {"owner-task-shown", http.StatusOK, shown}, {"owner-task-behalf", http.StatusOK, child},
		{"owner-task-access", http.StatusOK, access}, {"owner-file", http.StatusOK, adding}, {"owner-file-arrived", http.StatusOK, came},
		{"owner-file-refused", http.StatusUnprocessableEntity, refused}, {"owner-file-missing", http.StatusOK, missing}, {"owner-file-full", http.StatusConflict, full},
		{"owner-file-none", http.StatusUnprocessableEntity, unsent}, {"owner-file-contradicted", http.StatusUnprocessableEntity, contradicted}, {"owner-task-refused", http.StatusUnprocessableEntity, wrong}, {"owner-task-long", http.StatusUnprocessableEntity, long},
		{"owner-answered", http.StatusOK, page.OwnerAnswered{Entry: ended(ledger.Done, 3, ""), System: contracts}},
		{"owner-answered-failed", http.StatusOK, page.OwnerAnswered{Entry: ended(ledger.Failed, 0, "technical"), System: contracts}},
		{"owner-over-answered", http.StatusGone, page.OwnerTaskOver{Why: page.OverAnswered, Entry: ended(ledger.NotFound, 0, ""), System: contracts}},
		{"owner-over-kept", http.StatusGone, page.OwnerTaskOver{Why: page.OverAnswered, Entry: ended(ledger.Exempt, 0, "legal_duty"), System: contracts}},
	}
	for why, status := range map[page.OverWhy]int{
		page.OverDropped: http.StatusGone, page.OverLate: http.StatusGone, page.OverAgain: http.StatusConflict, page.OverExpired: http.StatusGone, page.OverGone: http.StatusGone, page.OverDamaged: http.StatusBadRequest,
	} {
		all = append(all, Sample{"owner-over-" + string(why), status, page.OwnerTaskOver{Why: why}})
	}
	slices.SortFunc(all, func(a, b Sample) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// ownersUpload is the form for a file of an owner.
func ownersUpload(lang string) *page.Upload {
	u := &page.Upload{File: attachment.File{For: attachment.Answer, State: attachment.Expected}}
	u.SendTo("https://files.s3.eu-central-1.amazonaws.com/")
	u.With("key", "A7K3M")
	u.With("success_action_redirect", "https://privacy.example.com/systems/AAECAwQFBgcICQoLDA0ODw?lang="+lang)
	u.With("policy", "eyJleHBpcmF0aW9uIjoi")
	return u
}
