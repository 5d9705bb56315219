package sample

import (
	"net/http"
	"slices"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/health"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/staff"
)

const someone = "k3VbZ0mQ9sT4xR7yLw2NfH8dPc5uJgAeB1iOqXzMvKs" // a keyed reference

func holds(string) []Sample {
	placed := Now.AddDate(0, -2, -3)
	ofPerson := disposal.Hold{ID: "H3KD7Q", Ref: someone, Reason: "Suit 4 C 112/26, our lawyers need her file", By: Anna, PlacedAt: placed}
	ofRequest := disposal.Hold{ID: "J8MW2X", Request: "PD-7K3M-9QXT-40BZ-1HNE", Reason: "Inquiry of the authority", By: Bruno, PlacedAt: placed.AddDate(0, 1, 0),
		Until: civil.Date(2027, time.March, 31).End(time.UTC)}
	ofClass := disposal.Hold{ID: "B5TN9C", Class: schedule.ClosedRequest, Reason: "Audit of 2025", By: Bruno, PlacedAt: placed.AddDate(0, -6, 0),
		LiftedAt: placed, LiftedBy: Anna, SignedBy: Bruno, LiftReason: "The audit has ended"}
	over := disposal.Hold{ID: "Z1QP4R", Request: "PD-2C4D-8RWF-61KA-5TVM", Reason: "Inquiry of the authority", By: Anna, PlacedAt: placed, Until: Now.AddDate(0, 0, -5)}
	classes := disposal.Holdable()
	return []Sample{
		{Name: "holds", Path: deskpage.PathHolds, Role: staff.Admin, Screen: deskpage.Holds{Holds: []disposal.Hold{ofPerson, ofRequest, lifting(Bruno), over, ofClass}, Classes: classes}},
		{Name: "holds-none", Path: deskpage.PathHolds, Role: staff.Viewer, Screen: deskpage.Holds{Holds: []disposal.Hold{}, Classes: classes}},
		{Name: "holds-wrong", Path: deskpage.PathHolds, Role: staff.Admin, Status: http.StatusUnprocessableEntity, Screen: deskpage.Holds{
			Holds: []disposal.Hold{}, Classes: classes, Typed: deskpage.Typed{"what": {"PD-XXXX"}, "class": {"closed-request"}, "reason": {"Suit"}, "until": {"2020-01-01"}},
			Faults: []deskpage.Fault{{Field: "what", Reason: "one"}, {Field: "until", Reason: "past"}}}},
		{Name: "holds-person", Path: deskpage.PathHolds, Role: staff.Admin, Screen: deskpage.Hold{Hold: ofPerson}},
		{Name: "holds-request", Path: deskpage.PathHolds, Screen: deskpage.Hold{Hold: ofRequest}},
		{Name: "holds-lifting", Path: deskpage.PathHolds, Role: staff.Admin, Screen: deskpage.Hold{Hold: lifting(Anna)}},
		{Name: "holds-sign", Path: deskpage.PathHolds, Role: staff.Admin, Screen: deskpage.Hold{Hold: lifting(Bruno)}},
		{Name: "holds-lifted", Path: deskpage.PathHolds, Role: staff.Admin, Screen: deskpage.Hold{Hold: ofClass}},
		{Name: "holds-unlifted", Path: deskpage.PathHolds, Role: staff.Admin, Status: http.StatusUnprocessableEntity, Screen: deskpage.Hold{
			Hold: ofPerson, Faults: []deskpage.Fault{{Field: "reason", Reason: "missing"}}}},
	}
}

func healthScreens(string) []Sample {
	lines := func(s health.State, n int, since time.Time) []health.Line {
		var all []health.Line
		for _, l := range []struct {
			code    health.Code
			runbook string
		}{
			{health.Overdue, "requests-overdue"}, {health.Unsent, "mails-unknown"}, {health.Letters, "notices-errors"}, {health.Erasures, "retention-errors"},
			{health.Sync, "oldest-pending"}, {health.Reconciliation, "drift"}, {health.Disposal, "retention-errors"},
		} {
			all = append(all, health.Line{Code: l.code, State: s, N: n, Since: since, Repaired: n / 2, Runbook: l.runbook, More: n == 250})
		}
		return all
	}
	good := lines(health.Good, 0, time.Time{})
	good[5].Since, good[6].Since = Now.Add(-9*time.Hour), Now.Add(-7*time.Hour)
	return []Sample{
		{Name: "health", Path: "/desk/health", Screen: deskpage.Health{Lines: good}},
		{Name: "health-bad", Path: "/desk/health", Role: staff.Viewer, Screen: deskpage.Health{Lines: lines(health.Act, 250, Now.AddDate(0, 0, -4))}},
		{Name: "health-look", Path: "/desk/health", Role: staff.Auditor, Screen: deskpage.Health{Lines: lines(health.Look, 1, Now.Add(-2*time.Hour))}},
		{Name: "health-unknown", Path: "/desk/health", Screen: deskpage.Health{Lines: lines(health.Unknown, 0, time.Time{})}},
	}
}

func disposalScreens(string) []Sample {
	screen := deskpage.Disposal{Certificates: []deskpage.Certificate{
		{Seq: 214, At: Now.Add(-7 * time.Hour), Class: disposal.AllClasses, Cutoff: Now.Add(-8 * time.Hour), Backups: "2026-12-11", Last: true},
		{Seq: 213, At: Now.Add(-7 * time.Hour), Class: schedule.ClosedRequest, Reduced: 3, Cutoff: Now.Add(-8 * time.Hour), Backups: "2026-12-11"},
		{Seq: 212, At: Now.Add(-7 * time.Hour), Class: schedule.UnverifiedRequest, Deleted: 96, Cutoff: Now.Add(-8 * time.Hour), Backups: "2026-12-11"},
		{Seq: 211, At: Now.Add(-9 * time.Hour), Class: schedule.ErasureOrder, Deleted: 1, Reduced: 1, Cutoff: Now.Add(-9 * time.Hour), Backups: "2026-12-11"},
	}, Next: 211, Rules: plan()}
	older, yes, no, wrong := screen, screen, screen, screen
	older.Before, older.Next = true, 0
	yes.Erased = &deskpage.Erased{At: Now.AddDate(0, -1, 0), OptOuts: 2, Requests: 1}
	no.Erased, no.Certificates, no.Next = &deskpage.Erased{}, nil, 0
	wrong.Faults = []deskpage.Fault{{Field: "address", Reason: "invalid"}}
	return []Sample{
		{Name: "disposal", Path: deskpage.PathDisposal, Role: staff.Auditor, Screen: screen},
		{Name: "disposal-older", Path: deskpage.PathDisposal, Screen: older},
		{Name: "disposal-erased", Path: deskpage.PathDisposal, Screen: yes},
		{Name: "disposal-not-erased", Path: deskpage.PathDisposal, Screen: no},
		{Name: "disposal-wrong", Path: deskpage.PathDisposal, Status: http.StatusUnprocessableEntity, Screen: wrong},
	}
}

func lawScreens(string) []Sample {
	book := deadline.Default()
	screen, regimes := deskpage.Law{Version: "02c742632bd4"}, map[string]deskpage.Regime{}
	for _, r := range book.Regimes {
		r = copied(r)
		screen.Laws, regimes[r.ID] = append(screen.Laws, deskpage.Regime{Regime: r}), deskpage.Regime{Regime: copied(r)}
	}
	asked, borrowed, wrong := screen, screen, screen
	day := civil.Date(2026, time.November, 22)
	asked.Asked = deskpage.AskedDate{Received: day, Kind: deadline.Access, Country: "US", Region: "US-CA"}
	asked.Dates = dates(day, deadline.Jurisdiction{Country: "US", Region: "CA"}, deadline.Access)
	borrowed.Asked = deskpage.AskedDate{Received: day, Kind: deadline.Erasure, Country: "JP"}
	borrowed.Dates = dates(day, deadline.Jurisdiction{Country: "JP"}, deadline.Erasure)
	wrong.Asked, wrong.Faults = deskpage.AskedDate{Kind: deadline.Access, Country: "DE", Region: "US-CA"}, []deskpage.Fault{{Field: "received", Reason: "invalid"}, {Field: "region", Reason: "conflict"}}
	return []Sample{
		{Name: "law", Path: deskpage.PathLaw, Role: staff.Auditor, Screen: screen},
		{Name: "law-california", Path: deskpage.PathLaw, Screen: asked},
		{Name: "law-elsewhere", Path: deskpage.PathLaw, Screen: borrowed},
		{Name: "law-wrong", Path: deskpage.PathLaw, Status: http.StatusUnprocessableEntity, Screen: wrong},
		{Name: "regime-gdpr", Path: deskpage.PathLaw + "/gdpr", Screen: regimes["gdpr"]},
		{Name: "regime-california", Path: deskpage.PathLaw + "/us-ca", Screen: regimes["us-ca"]},
		{Name: "regime-uk", Path: deskpage.PathLaw + "/uk-gdpr", Screen: regimes["uk-gdpr"]},
		{Name: "settings", Path: deskpage.PathSettings, Screen: deskpage.Settings{Desk: exampleDesk()}},
	}
}

// copied shares nothing with the law table, so that a test may change it.
func copied(r deadline.Regime) deadline.Regime {
	r.Places, r.Clocks = slices.Clone(r.Places), slices.Clone(r.Clocks)
	for i := range r.Clocks {
		c := &r.Clocks[i]
		c.Kinds, c.Pauses, c.Extension.Reasons = slices.Clone(c.Kinds), slices.Clone(c.Pauses), slices.Clone(c.Extension.Reasons)
	}
	return r
}

func dates(day civil.Day, place deadline.Jurisdiction, kinds ...deadline.Kind) []deskpage.DueDate {
	engine, err := deadline.New(deadline.Default(), time.UTC, "weekends")
	if err != nil {
		panic(err)
	}
	all, err := engine.Deadlines(deadline.Case{Kinds: kinds, Place: place, ReceivedAt: day.UTC().Add(12 * time.Hour)})
	if err != nil {
		panic(err)
	}
	var due []deskpage.DueDate
	for _, d := range all {
		due = append(due, deskpage.DueDate{Purpose: d.Purpose, Due: d.Due, Law: d.Law, Clause: d.Clause, Why: d.Explain()})
	}
	return due
}

// plan is a schedule with every class, action and way.
func plan() []schedule.Rule {
	days := func(n int) schedule.Period { return schedule.Period{Days: n} }
	never := schedule.Period{Never: true}
	return []schedule.Rule{
		{Class: schedule.UnverifiedRequest, Period: days(30), Action: schedule.Delete, How: schedule.BySweep, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.ClosedRequest, Period: schedule.Period{Months: 24}, Action: schedule.Reduce, How: schedule.BySweep, Why: "11 CCR 7101(a)"},
		{Class: schedule.RequestLog, Period: schedule.Period{Years: 10}, Action: schedule.Delete, How: schedule.BySweep, Why: "Art. 5(2) GDPR"},
		{Class: schedule.OptOutEvidence, Period: schedule.Period{Months: 36}, Action: schedule.Reduce, How: schedule.BySweep, Why: "Art. 5(2) GDPR"},
		{Class: schedule.SoftBounces, Period: days(90), Action: schedule.Delete, How: schedule.BySweep, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.ErasureOrder, Action: schedule.Reduce, How: schedule.BySweep, Why: "Art. 17 GDPR"},
		{Class: schedule.Tombstone, Period: never, Action: schedule.Keep, How: schedule.ByNobody, Why: "Art. 21(3) GDPR"},
		{Class: schedule.SuppressionList, Period: never, Action: schedule.Keep, How: schedule.ByNobody, Why: "Art. 21(3) GDPR"},
		{Class: schedule.LegalHolds, Period: never, Action: schedule.Keep, How: schedule.ByNobody, Why: "Art. 5(2) GDPR"},
		{Class: schedule.DisposalCertificates, Period: never, Action: schedule.Keep, How: schedule.ByNobody, Why: "Art. 5(2) GDPR"},
		{Class: schedule.Export, Period: days(5), Action: schedule.End, How: schedule.ByRead, Why: "Art. 32 GDPR"},
		{Class: schedule.OptInConfirmation, Period: days(7), Action: schedule.Delete, How: schedule.ByTTL, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.SentRequest, Period: days(30), Action: schedule.Delete, How: schedule.ByTTL, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.DeskSessions, Period: days(1), Action: schedule.Delete, How: schedule.ByTTL, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.Counters, Period: days(2), Action: schedule.Delete, How: schedule.ByTTL, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.BulkJobs, Period: days(2), Action: schedule.Delete, How: schedule.ByTTL, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.Reconciliations, Period: days(7), Action: schedule.Delete, How: schedule.ByTTL, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.DriftReports, Period: days(90), Action: schedule.Delete, How: schedule.ByTTL, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.ImportObjects, Period: days(1), Action: schedule.Delete, How: schedule.ByBucket, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.FeedbackEvents, Period: days(14), Action: schedule.Delete, How: schedule.ByQueue, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.UnreadMail, Period: days(4), Action: schedule.Delete, How: schedule.ByQueue, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.Undelivered, Period: days(14), Action: schedule.Delete, How: schedule.ByQueue, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.Streams, Period: days(1), Action: schedule.Delete, How: schedule.ByStream, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.Logs, Period: days(30), Action: schedule.Delete, How: schedule.ByLogs, Why: "Art. 5(1)(e) GDPR"},
		{Class: schedule.Backups, Period: days(14), Action: schedule.Delete, How: schedule.ByBackup, Why: "Art. 5(1)(f) GDPR"},
	}
}

// exampleDesk are settings as an organisation might have them.
func exampleDesk() *settings.Desk {
	return &settings.Desk{
		Organisation: settings.Organisation{
			Name: "Biosero", LegalName: "Biosero, Inc.", Address: "9560 Waples Street, San Diego, CA 92121", Contact: "info@biosero.example", Phone: "(858) 880-7376",
			PrivacyPolicy: "https://www.biosero.example/privacy", TimeZone: "America/Los_Angeles", City: "San Diego", Responsible: "Privacy Office", DataProtectionOfficer: "dpo@biosero.example",
		},
		Topics: []settings.Topic{
			{ID: "newsletter", Name: map[string]string{"en": "News", "es": "Noticias", "de": "Neuigkeiten"}},
			{ID: "events", Name: map[string]string{"en": "Events and webinars", "es": "Eventos y seminarios web", "de": "Veranstaltungen und Webinare"}},
		},
		Requests: settings.Requests{
			RepeatedWithinMonths: 12, Resends: 3, Calendar: "weekends", OfficerLanguage: "en", RemindDays: []int{7, 3, 1, 0}, OverdueAgainDays: 7, AppealByAnother: true, ReviewDays: 30, CallbackMinutes: 10, SendAt: "9:00", FourEyes: []string{"refusal", "erasure", "hold_lift", "fee"},
			Waiting: map[string]settings.Wait{"identity": {Days: 30, Then: settings.Lapse}, "clarification": {Days: 30, Then: settings.Resume}, "fee": {Days: 30, Then: settings.Lapse}},
		},
		DeskRoles: map[string]string{"privacy-team": "officer", "legal": "viewer", "privacy-leads": "admin", "internal-audit": "auditor"},
		Feedback:  settings.Feedback{SoftBounceWindowDays: 30},
		Systems:   systems(),
		Forms:     settings.Forms{Redirects: []string{"https://www.biosero.example/"}},
	}
}
