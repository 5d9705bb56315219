package deskpage_test

import (
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/activity"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/health"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

func texts[S ~string](group string, codes ...S) []string {
	var keys []string
	for _, c := range codes {
		keys = append(keys, group+string(c))
	}
	return keys
}

// Whatever the domain can say has words in every language.
func TestEveryCodeHasWords(t *testing.T) {
	keys := texts("desk.class.", append(disposal.Holdable(), schedule.ErasureOrder)...)
	plan, err := schedule.New(testkit.Desk(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range plan.Rules() {
		keys = append(keys, "desk.class."+string(r.Class), "desk.from."+string(r.Class), "desk.disposal.action."+string(r.Action), "desk.disposal.how."+string(r.How))
	}
	book := deadline.Default()
	for _, c := range book.Calendars {
		keys = append(keys, "desk.calendar."+c.ID)
	}
	for _, r := range book.Regimes {
		for _, c := range r.Clocks {
			keys = append(keys, "desk.law.must."+string(c.Purpose), "law.length."+string(c.Unit)+".other", "law.start."+string(c.Starts))
			keys = append(append(keys, texts("law.reason.", c.Extension.Reasons...)...), texts("desk.law.figure.", some(c.Figure)...)...)
			for _, p := range c.Pauses {
				keys = append(keys, "law.cause."+string(p.Cause), "desk.law.stop."+string(p.Effect))
			}
		}
	}
	for _, code := range []health.Code{health.Overdue, health.Unsent, health.Letters, health.Erasures, health.Sync, health.Reconciliation, health.Disposal} {
		keys = append(keys, "desk.health.of."+string(code), "desk.health.do."+string(code), "desk.health.found."+string(code), "desk.health.found."+string(code)+".none")
	}
	keys = append(keys, texts("desk.health.is.", health.Good, health.Look, health.Act, health.Unknown)...)
	keys = append(keys, texts("desk.person.state.", optout.Out, optout.In, optout.Paused)...)
	keys = append(keys, texts("desk.told.", optout.FromForm, optout.FromOneClick, optout.FromLink, optout.FromPreferences, optout.FromUndo, optout.FromConfirm, optout.FromRequest,
		optout.FromImport, optout.FromMail, optout.FromOfficer, optout.FromBounce, optout.FromSoftBounces, optout.FromComplaint, optout.FromNotSpam, optout.FromSubscription, optout.FromSESList)...)
	keys = append(keys, texts("desk.scope.", append(optout.Channels, optout.Sale, optout.Bounce, optout.Complaint)...)...)
	keys = append(append(keys, texts("desk.way.", deskpage.Ways...)...), texts("desk.settings.role.", staff.Roles...)...)
	keys = append(append(keys, texts("desk.settings.waiting.", settings.WaitCauses...)...), texts("desk.settings.then.", settings.Lapse, settings.Resume)...)
	keys = append(append(keys, texts("desk.activity.only.", activity.Saw, activity.Did, "")...), texts("desk.event.", "hold_placed", "hold_lifted", "hold_lift_asked", "hold_kept")...)
	for _, by := range []casework.By{casework.ByName, casework.ByReference} {
		keys = append(keys, "desk.search."+string(by)+".caption", "desk.search."+string(by)+".none")
	}
	for _, lang := range catalog.Languages() {
		for _, key := range keys {
			if !deskpage.Texts(lang).Has(key) {
				t.Errorf("%s: there are no words for %s", lang, key)
			}
		}
	}
}

// some leaves out what is not given.
func some[S ~string](codes ...S) []S {
	var given []S
	for _, c := range codes {
		if c != "" {
			given = append(given, c)
		}
	}
	return given
}
