package sample

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
)

var germany = deadline.Jurisdiction{Country: "DE"}

// answer is the form of an answer to the samples' request.
func answer(lang string, change func(*deskpage.Decide)) deskpage.Decide {
	facts := decision.Facts{Place: germany, Kinds: []intake.Kind{deadline.Access, deadline.Erasure}}
	d := deskpage.Decide{Reference: reference, Seq: 7, Language: lang, Since: Now.AddDate(0, 0, -3), DueAt: due}
	for _, k := range facts.Kinds {
		d.Kinds = append(d.Kinds, deskpage.KindToAnswer{Kind: k, Offers: facts.Offers(k)})
	}
	if change != nil {
		change(&d)
	}
	return d
}

// letterOf is a letter as the mails' own words make it.
func letterOf(lang string) *deskpage.Mail {
	t := deskpage.Texts(lang)
	return &deskpage.Mail{Lang: lang, Subject: t.Text("mail.decision.subject", "reference", reference), Blocks: []deskpage.Block{
		{Text: t.Text("mail.greeting")}, {Text: t.Text("mail.decision.lead")},
		{Facts: [][2]string{{t.Text("fact.received"), t.Date(Now.AddDate(0, 0, -3))}}},
		{Heading: t.Text("answered.kind", "kind", t.Text("kind.erasure"))}, {Text: t.Text("answered.refused")},
		{Items: []string{t.Text("ground.legal_obligation")}}, {Text: t.Text("answered.words")}, {Quote: []string{"Die Rechnungen von 2024 müssen wir bis Ende 2032 aufbewahren."}},
		{Link: t.Text("mail.status"), URL: "https://privacy.biosero.example/…"},
	}}
}

// letter is the page of a letter.
func letter(lang string, change func(*deskpage.Letter)) deskpage.Letter {
	l := deskpage.Letter{
		Reference: reference, Seq: 8, Kinds: []intake.Kind{deadline.Access, deadline.Erasure}, To: "z***@e***.com", Theirs: letterOf("de"), Clean: true,
		Now: Now.Add(10 * time.Minute), Morning: time.Date(2026, time.November, 30, 9, 0, 0, 0, time.UTC),
		Effects: []draft.Effect{
			{Code: "opted_out", Facts: map[string]string{"scopes": "email sale", "since": "2026-11-24T10:00:00Z"}},
			{Code: "closes", Facts: map[string]string{"state": "partly_fulfilled"}}, {Code: "export", Facts: map[string]string{"until": "2026-12-03T00:00:00Z"}},
			{Code: "appeal", Facts: map[string]string{"another": "yes"}},
		},
	}
	if lang != "de" {
		l.Own = letterOf(lang)
	}
	for _, code := range []string{"kinds_known", "answered", "grounds", "explained", "state", "another_officer", "time_given", "hold", "signature", "due", "mail", "reply"} {
		l.Checks = append(l.Checks, draft.Check{Code: draft.CheckCode(code), OK: true, Facts: map[string]string{"due_at": "2026-12-28T23:59:59Z"}})
	}
	if change != nil {
		change(&l)
	}
	return l
}

// fails makes checks fail.
func fails(l *deskpage.Letter, failed ...draft.Check) {
	for _, f := range failed {
		for i, c := range l.Checks {
			if c.Code == f.Code {
				l.Checks[i] = f
			}
		}
	}
}

// answerParts are parts of an answer, each as far as one can be.
func answerParts() []deskpage.AnswerPart {
	part := func(system string, s ledger.State, files, days int, ground string) deskpage.AnswerPart {
		e := ledger.Entry{System: system, Task: ledger.Access, State: s, Required: system != "warehouse", DueAt: Now.AddDate(0, 0, days), Outcome: ledger.Outcome{Ground: ground}}
		return deskpage.AnswerPart{Entry: e, Files: files}
	}
	return []deskpage.AnswerPart{
		part("", ledger.Done, 1, 0, ""), part("crm", ledger.Done, 2, 0, ""), part("newsletter", ledger.NotFound, 0, 0, ""), part("contracts", ledger.Told, 0, 4, ""),
		part("shop", ledger.Due, 0, -2, ""), part("wiki", ledger.Done, 0, 0, ""), part("warehouse", ledger.Failed, 0, 0, "technical"),
	}
}

func answers(lang string) []Sample {
	typed := deskpage.Typed{
		"outcome.access": {"fulfilled"}, "outcome.erasure": {"refused"}, "ground.erasure": {"legal_obligation"},
		"explanation.erasure": {"Die Rechnungen von 2024 müssen wir bis Ende 2032 aufbewahren."},
	}
	var all []Sample
	add := func(name string, status int, s deskpage.Screen) {
		all = append(all, Sample{Name: name, Status: status, Path: deskpage.DecidePath(reference), Screen: s})
	}
	add("decide-new", 0, answer(lang, func(d *deskpage.Decide) {
		d.OptOuts, d.Said = []optout.Scope{optout.Email.Scope()}, "Bitte schicken Sie mir alles und löschen Sie es dann."
		d.Blocks = []deskpage.Choice{{Value: "kept-by-law", Text: "PD"}}
	}))
	add("decide-parts", 0, answer(lang, func(d *deskpage.Decide) { d.Kinds, d.Parts = d.Kinds[:1], answerParts() }))
	add("decide-draft", 0, answer(lang, func(d *deskpage.Decide) {
		d.Typed, d.SavedBy, d.SavedAt = typed, "Bruno Díaz", Now.Add(-time.Hour)
	}))
	add("decide-wrong", http.StatusUnprocessableEntity, answer(lang, func(d *deskpage.Decide) {
		d.Typed = deskpage.Typed{"outcome.erasure": {"refused"}}
		d.Faults = []deskpage.Fault{{Field: "outcome.access", Reason: "missing"}, {Field: "ground.erasure", Reason: "missing"}, {Field: "explanation.erasure", Reason: "missing"}}
	}))
	add("decide-impossible", 0, answer(lang, func(d *deskpage.Decide) {
		d.Closed, d.Refused = true, &deskpage.Refusal{Check: &draft.Check{Code: "another_officer", Facts: map[string]string{"request": "PD-2B4C-6D8E-0F1G-3H5J"}}}
	}))
	complaint := decision.Facts{Place: deadline.Jurisdiction{Country: "GB"}, Kinds: []intake.Kind{deadline.Complaint}}
	add("decide-complaint", 0, answer(lang, func(d *deskpage.Decide) {
		d.Kinds = []deskpage.KindToAnswer{{Kind: deadline.Complaint, Offers: complaint.Offers(deadline.Complaint)}}
	}))
	add("letter-clean", 0, letter(lang, nil))
	add("letter-login", 0, letter(lang, func(l *deskpage.Letter) { l.LoginFrom = deskpage.LoginPath(deskpage.LetterPath(reference), true) }))
	add("letter-needs", 0, letter(lang, func(l *deskpage.Letter) {
		l.Needs = []foureyes.Act{"refusal", "erasure"}
		l.Effects = []draft.Effect{
			{Code: "closes", Facts: map[string]string{"state": "fulfilled"}}, {Code: "erasure", Facts: map[string]string{"from": "2026-11-27T10:10:00Z", "records": "14", "stays": "1", "waits": "0"}}, {Code: "appeal"},
		}
		fails(l, draft.Check{Code: "signature", Facts: map[string]string{"needs": "refusal erasure"}}, draft.Check{Code: "due", Facts: map[string]string{"due_at": "2026-11-27T23:59:59Z", "late": "morning"}})
	}))
	add("letter-wrong", 0, letter(lang, func(l *deskpage.Letter) {
		l.Clean, l.Theirs, l.Own = false, nil, nil
		l.Effects = []draft.Effect{{Code: "erasure_held", Facts: map[string]string{"hold": "H-3"}}, {Code: "erasure_by_hand"}}
		fails(l, draft.Check{Code: "answered", Blocks: true, Facts: map[string]string{"kind": "access"}}, draft.Check{Code: "hold", Blocks: true, Facts: map[string]string{"holds": "H-3"}},
			draft.Check{Code: "time_given", Blocks: true, Facts: map[string]string{"until": "2026-12-05T23:59:59Z", "cause": "identity"}},
			draft.Check{Code: "mail", Facts: map[string]string{"failed_at": "2026-11-20T08:00:00Z"}}, draft.Check{Code: "reply", Facts: map[string]string{"why": "reply"}})
	}))
	add("letter-withheld", 0, letter(lang, func(l *deskpage.Letter) {
		l.Clean, l.Theirs, l.Own, l.Effects, l.Parts = false, nil, nil, nil, answerParts()
		law := func(id, name, clause, reason string) draft.Check {
			return draft.Check{Code: "withheld", Blocks: true, Facts: map[string]string{
				"law": id, "name": name, "clause": clause, "reason": reason, "files": reference + "-A1B2C3.csv", "what": "social_security_number account_password", "unread": reference + "-D4E5F6.pdf",
			}}
		}
		l.Checks = append(l.Checks, law("us-ca", "CCPA", "11 CCR 7024(d)", "both"), law("us-mn", "Minnesota CDPA", "325M.14, subd. 4(i)", "found"), law("us-ct", "Connecticut DPA", "42-518", "unread"))
	}))
	add("letter-hint", 0, letter(lang, func(l *deskpage.Letter) {
		l.Parts = answerParts()[:3]
		l.Effects = append(l.Effects, draft.Effect{Code: "not_included", Facts: map[string]string{"systems": "warehouse"}})
		l.Checks = append(l.Checks, draft.Check{Code: "withheld", Facts: map[string]string{"reason": "hint", "files": reference + "-A1B2C3.csv", "what": "financial_account"}})
	}))
	add("letter-goes", 0, letter(lang, func(l *deskpage.Letter) {
		l.Way = &deskpage.Way{Act: "decide", Seq: 9, By: "Anna Weber", Own: true, SignedBy: "Bruno Díaz", SendAt: Now.Add(8 * time.Minute)}
	}))
	add("letter-waits", 0, letter(lang, func(l *deskpage.Letter) { l.Way = &deskpage.Way{Act: "decide", Seq: 9, By: "Anna Weber", Own: true} }))
	add("letter-waits-erase", 0, letter(lang, func(l *deskpage.Letter) {
		l.Way, l.Theirs, l.Own, l.Effects, l.Checks = &deskpage.Way{Act: "erase", Seq: 9, By: "Anna Weber", Own: true}, nil, nil, nil, nil
	}))
	add("letter-sign", 0, letter(lang, func(l *deskpage.Letter) {
		l.Signing, l.Way = true, &deskpage.Way{Act: "decide", Seq: 9, By: "Bruno Díaz"}
	}))
	add("letter-sign-fee", 0, letter(lang, func(l *deskpage.Letter) {
		l.Signing, l.Way, l.Theirs, l.Own, l.Effects, l.Checks = true, &deskpage.Way{Act: "ask", Seq: 9, By: "Bruno Díaz"}, nil, nil, nil, nil
		l.Question, l.Fee = "Bitte überweisen Sie den Betrag auf unser Konto.", "12.50 EUR"
	}))
	add("letter-stopped", 0, letter(lang, func(l *deskpage.Letter) {
		l.Stopped = &draft.Check{Code: "hold", Facts: map[string]string{"holds": "H-3"}}
	}))
	return all
}
