package sample

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/activity"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/staff"
)

func people(string) []Sample {
	since, topics := Now.AddDate(0, -3, 0), exampleDesk().Topics
	known := deskpage.Person{Today: today, Topics: topics, Person: casework.Person{
		Ref: someone,
		Choices: []casework.Choice{
			{Scope: "email", State: optout.Out, Stops: true, Since: since, Source: optout.FromOneClick, Campaign: "autumn-2026", Synced: true},
			{Scope: "email/newsletter", State: optout.In, Since: since, Source: optout.FromConfirm},
			{Scope: "email/gone", State: optout.Out, Stops: true, Since: since, Source: optout.FromImport, Synced: true},
			{Scope: "phone", State: optout.Out, Stops: true, Since: Now, Source: optout.FromOfficer, Detail: "telephone", Synced: true},
			{Scope: "post", State: optout.Paused, Stops: true, Since: since, Until: civil.Date(2026, time.December, 31).End(time.UTC), Source: optout.FromPreferences, Synced: true},
			{Scope: "sms", State: optout.Paused, Since: since, Until: Now.AddDate(0, 0, -2), Source: optout.FromPreferences, Synced: true},
			{Scope: "sale", State: optout.Out, Stops: true, Since: since, Reduced: true, Synced: true},
		},
		Reports: []casework.Choice{
			{Scope: "bounce", State: optout.In, Since: since, Source: optout.FromSoftBounces, Synced: true},
			{Scope: "complaint", State: optout.Out, Stops: true, Since: since, Source: optout.FromComplaint, Detail: "abuse", Synced: true},
		},
		Rows: rows()[:2], Unconfirmed: rows()[2:3],
		Holds: []disposal.Hold{{ID: "H3KD7Q", Ref: someone, Reason: "Suit", By: Anna, PlacedAt: since}},
	}}
	unsynced := deskpage.Person{Today: today, Topics: topics, Stopped: true, Person: casework.Person{Ref: someone, Choices: []casework.Choice{
		{Scope: "email", State: optout.Out, Stops: true, Since: Now, Source: optout.FromOfficer, Detail: "letter"}}}}
	erased := deskpage.Person{Today: today, Topics: topics, Person: casework.Person{Ref: someone, ErasedAt: since, Choices: []casework.Choice{{Scope: "email", State: optout.Out, Stops: true, Since: since, Reduced: true, Synced: true}}}}
	wrong := deskpage.Person{Today: today, Topics: topics, Person: casework.Person{Ref: someone}, Typed: deskpage.Typed{"how": {"letter"}},
		Faults: []deskpage.Fault{{Field: "scopes", Reason: "missing"}, {Field: "address", Reason: "other"}}}
	bounce := casework.Choice{Scope: "bounce", State: optout.Out, Stops: true, Since: since, Source: optout.FromBounce, Detail: "General", Synced: true}
	bounced := deskpage.Person{Today: today, Topics: topics, Person: casework.Person{Ref: someone, Reports: []casework.Choice{bounce}}}
	unliftable := bounced
	unliftable.Typed, unliftable.Faults = deskpage.Typed{"reason": {"They wrote to us."}}, []deskpage.Fault{{Field: "mailbox", Reason: "other"}}
	lifted := known
	lifted.Lifted = true
	lifted.Reports = []casework.Choice{
		{Scope: "bounce", State: optout.In, Since: Now, Source: optout.FromOfficer, Officer: Anna, Detail: "They wrote from it yesterday."}, known.Reports[1],
	}
	again := known
	again.Refused = &deskpage.Refusal{Code: "no_bounce"}
	path := deskpage.PathPeople + "/" + someone
	return []Sample{
		{Name: "person", Path: path, Screen: known},
		{Name: "person-viewer", Path: path, Role: staff.Viewer, Screen: known},
		{Name: "person-unknown", Path: path, Role: staff.Viewer, Screen: deskpage.Person{Today: today, Person: casework.Person{Ref: someone}}},
		{Name: "person-stopped", Path: path, Screen: unsynced},
		{Name: "person-erased", Path: path, Screen: erased},
		{Name: "person-bounced", Path: path, Screen: bounced},
		{Name: "person-lift-wrong", Path: path, Status: http.StatusUnprocessableEntity, Screen: unliftable},
		{Name: "person-lifted", Path: path, Screen: lifted},
		{Name: "person-lifted-again", Path: path, Status: http.StatusConflict, Screen: again},
		{Name: "person-wrong", Path: path, Status: http.StatusUnprocessableEntity, Screen: wrong},
	}
}

func searches(string) []Sample {
	return []Sample{
		{Name: "search-name", Path: "/desk/search", Screen: deskpage.Found{Today: today, Found: casework.Found{By: casework.ByName, Rows: rows()[:3], Read: 812, More: true}}},
		{Name: "search-nobody", Path: "/desk/search", Screen: deskpage.Found{Today: today, Found: casework.Found{By: casework.ByName}}},
		{Name: "search-nothing", Path: "/desk/search", Screen: deskpage.Found{Today: today, Found: casework.Found{By: casework.ByReference}}},
		{Name: "search-wrong", Path: "/desk/search", Status: http.StatusUnprocessableEntity, Screen: deskpage.Found{Faults: []deskpage.Fault{{Field: "q", Reason: "short"}}}},
	}
}

func activities(string) []Sample {
	request := rows()[0].Reference
	lines := []activity.Line{
		{At: Now.Add(-time.Minute), Officer: Anna, What: "looked", Saw: true, Request: request},
		{At: Now.Add(-time.Hour), Officer: Bruno, What: "revealed", Saw: true, Request: request},
		{At: Now.Add(-2 * time.Hour), Officer: Bruno, What: "asked", Request: request},
		{At: Now.Add(-3 * time.Hour), Officer: "91ab73c2e8d0", What: "hold_placed", Hold: "H3KD7Q"},
		{At: Now.Add(-4 * time.Hour), Officer: "dpo/91ab73c2e8d1", What: "hold_lift_asked", Hold: "H3KD7Q"},
		{At: Now.AddDate(-1, 0, 0), Officer: Bruno, What: "hold_kept", Hold: "H3KD7Q"},
	}
	return []Sample{
		{Name: "activity", Path: deskpage.PathActivity, Screen: deskpage.Activity{Report: activity.Report{Lines: lines, Requests: 97, More: true}}},
		{Name: "activity-auditor", Path: deskpage.PathActivity, Role: staff.Auditor, Screen: deskpage.Activity{Only: activity.Saw, Report: activity.Report{Lines: lines[:2], Requests: 1}}},
		{Name: "activity-none", Path: deskpage.PathActivity, Screen: deskpage.Activity{Only: activity.Did, Report: activity.Report{}}},
	}
}

func days(string) []Sample {
	full := deskpage.Day{Today: today, Overdue: rows()[:1], Soon: rows()[1:3], ToSign: rows()[3:4], Looks: rows()[2:4], Mine: rows()[:2], Counts: casework.Counts{
		Overdue: casework.Count{N: 1}, Week: casework.Count{N: 2}, Appeals: casework.Count{N: 1}, Waiting: casework.Count{N: 4}, New: casework.Count{N: 250, More: true}, Unconfirmed: casework.Count{N: 12},
	}}
	return []Sample{
		{Name: "day", Path: deskpage.PathDay, Screen: full},
		{Name: "day-calm", Path: deskpage.PathDay, Role: staff.Viewer, Screen: deskpage.Day{Today: today}},
	}
}

// lifting is a hold whose lifting waits for a signature.
func lifting(by string) disposal.Hold {
	return disposal.Hold{
		ID: "B5TN9C", Class: schedule.ClosedRequest, Reason: "Audit of 2025", By: Bruno, PlacedAt: Now.AddDate(0, -8, 0),
		Lifting: &disposal.Lifting{By: by, At: Now.Add(-time.Hour), Reason: "The audit has ended"},
	}
}
