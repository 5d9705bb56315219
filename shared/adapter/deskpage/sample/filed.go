package sample

import (
	"net/http"
	"strings"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/lifecycle"
)

// document is a file of the samples' request, by a sign of its own.
func document(n string, of attachment.For, kind attachment.Type, size int64, gone time.Time) attachment.File {
	a := attachment.File{Request: reference, ID: strings.Repeat(n, 16), For: of, By: audit.ByPerson, State: attachment.Stored, Type: kind, Size: size, SHA256: strings.Repeat(n, 32), AskedAt: ago(2), StoredAt: ago(2), GoneAt: gone}
	if !gone.IsZero() {
		a.State = attachment.Gone
	}
	return a
}

// withDocuments is a request to which the person has added documents.
func withDocuments() deskpage.File {
	f := waits()
	f.File.Files = []attachment.File{
		document("5e", attachment.Words, attachment.PNG, 81_920, time.Time{}), document("a7", attachment.Proof, attachment.PDF, 1_310_720, ago(1)),
		{Request: reference, ID: "not-there", For: attachment.Proof, State: attachment.Expected, Type: attachment.PDF, AskedAt: ago(1)},
	}
	return f
}

// extracts are files of an officer and of a system, each as far as one can be.
func extracts() []attachment.File {
	note := document("1b", attachment.Internal, attachment.DOCX, 20_480, time.Time{})
	note.By = audit.AsOfficer(Bruno)
	crm := document("2c", attachment.Answer, attachment.CSV, 204_800, ago(0))
	crm.By, crm.System, crm.State = audit.BySystem, "crm", attachment.Replaced
	redacted := document("3d", attachment.Answer, attachment.CSV, 192_512, time.Time{})
	redacted.By, redacted.System, redacted.Replaces = audit.AsOfficer(Anna), "crm", crm.ID
	contracts := document("4e", attachment.Answer, attachment.Text, 1024, time.Time{})
	contracts.By, contracts.System, contracts.Found = audit.BySystem, "contracts", []string{"social_security_number", "financial_account"}
	leaving := document("6f", attachment.Answer, attachment.PDF, 409_600, time.Time{})
	leaving.By, leaving.State = audit.AsOfficer(Anna), attachment.Leaving
	return []attachment.File{note, crm, redacted, contracts, leaving}
}

// withFiles is a request whose answer is being put together.
func withFiles() deskpage.File {
	s := confirmed(deadline.Access)
	s.officer(1, Anna, lifecycle.EventFileAdded, facts("file", extracts()[2].Name(), "for", "answer", "system", "crm"))
	s.by(0, audit.BySystem, lifecycle.EventFileReplaced, facts("file", extracts()[1].Name(), "for", "answer", "system", "crm"))
	f := s.screen()
	f.File.Files, f.Acts = extracts(), toAnswer(f.File.Request.DueAt)
	return f
}

// uploads are the steps by which an officer adds a file.
func uploads(string) []Sample {
	var all []Sample
	add := func(name string, status int, path string, s deskpage.Screen) {
		all = append(all, Sample{Name: "upload-" + name, Status: status, Path: path, Screen: s})
	}
	chosen := func(a *deskpage.Act) {
		for _, f := range extracts()[2:4] {
			a.Choices = append(a.Choices, deskpage.Choice{Value: f.ID, File: &f})
		}
	}
	add("whom", 0, deskpage.ActPath(reference, "file"), of("file", "", func(a *deskpage.Act) {
		a.Choices = []deskpage.Choice{{Value: "internal"}, {Value: "answer"}}
	}))
	add("whom-missing", http.StatusUnprocessableEntity, deskpage.ActPath(reference, "file"), of("file", "", func(a *deskpage.Act) {
		a.Choices, a.Typed = []deskpage.Choice{{Value: "internal"}, {Value: "answer"}}, deskpage.Typed{"system": {"crm"}}
		a.Faults = []deskpage.Fault{{Field: "for", Reason: "unchosen", Message: "for must say"}}
	}))
	add("replace", 0, deskpage.ActPath(reference, "replace"), of("replace", "", chosen))
	add("remove", 0, deskpage.ActPath(reference, "remove"), of("remove", "", chosen))
	add("remove-nothing", 0, deskpage.ActPath(reference, "remove"), of("remove", "", func(a *deskpage.Act) {
		a.Closed, a.Refused = true, &deskpage.Refusal{Code: "no_choice", Message: "no"}
	}))
	form := func(change func(*deskpage.Upload)) deskpage.Upload {
		u := deskpage.Upload{Reference: reference, ID: strings.Repeat("7a", 16), For: attachment.Answer, Action: "https://files.example/", Fields: []deskpage.UploadField{{Name: "key", Value: strings.Repeat("7a", 16)}, {Name: "policy", Value: "eyJleHBpcmF0aW9uIg=="}}}
		change(&u)
		return u
	}
	at := deskpage.UploadPath(reference, strings.Repeat("7a", 16))
	add("form", 0, at, form(func(*deskpage.Upload) {}))
	add("form-redacted", 0, at, form(func(u *deskpage.Upload) { u.Replaces = extracts()[1].Name() }))
	add("form-internal", 0, at, form(func(u *deskpage.Upload) { u.For = attachment.Internal }))
	add("missing", 0, at, form(func(u *deskpage.Upload) { u.Sent = true }))
	add("refused", http.StatusUnprocessableEntity, at, form(func(u *deskpage.Upload) { u.Sent, u.Refused = true, true }))
	return all
}
