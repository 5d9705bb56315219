package main

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// tellings are moments at which mails go: west and east of UTC, around midnight,
// with a change of the clocks before the last day or on it, and a last day after
// which midnight does not exist.
var tellings = map[string]struct{ zone, at string }{
	"west":                        {"America/Los_Angeles", "2026-11-27T10:00:00-08:00"},
	"west, a second to midnight":  {"America/Los_Angeles", "2026-11-27T23:59:58-08:00"},
	"west, midnight":              {"America/Los_Angeles", "2026-11-28T00:00:00-08:00"},
	"clocks back before the end":  {"America/Los_Angeles", "2026-10-28T23:30:00-07:00"},
	"clocks forward on the day":   {"America/Los_Angeles", "2027-03-07T00:10:00-08:00"},
	"east":                        {"Europe/Berlin", "2026-11-27T00:00:00+01:00"},
	"far east":                    {"Pacific/Kiritimati", "2026-11-27T23:00:00+14:00"},
	"no midnight after the day":   {"Asia/Beirut", "2026-03-21T12:00:00+02:00"},
	"eleven comes twice that day": {"America/Santiago", "2026-03-28T12:00:00-03:00"},
}

// inZone moves the organisation.
func (r *rig) inZone(name, at string) *time.Location {
	r.t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		r.t.Fatal(err)
	}
	if r.clock, err = time.Parse(time.RFC3339, at); err != nil {
		r.t.Fatal(err)
	}
	if r.rights.Law, err = deadline.New(deadline.Default(), zone, "weekends"); err != nil {
		r.t.Fatal(err)
	}
	r.mailer.zone = zone
	return zone
}

// wantGoodThrough expects the last mail to tell a day, and its link to be good
// to the end of it.
func (r *rig) wantGoodThrough(lang string, told civil.Day, prefix string, p link.Purpose) {
	r.t.Helper()
	m, texts := r.last(), catalog.For(lang)
	if !strings.Contains(strings.Join(strings.Fields(m.Text), " "), texts.Day(told)) || strings.Contains(m.Text, texts.Day(told+1)) {
		r.t.Errorf("%s is not told as the last day in\n%s", told, m.Text)
	}
	end := told.End(r.mailer.zone)
	if c := r.opens(m, prefix, p); !c.ExpiresAt.Equal(end) {
		r.t.Errorf("good until %s, which is not the end of %s", c.ExpiresAt.In(r.mailer.zone), told)
	}
	token := tokenInMail.FindStringSubmatch(m.Text)[1]
	if _, err := r.ring.Open(p, token, end.Add(-1)); err != nil {
		r.t.Errorf("in the last moment of %s: %v", told, err)
	}
	if _, err := r.ring.Open(p, token, end); !errors.Is(err, link.ErrExpired) {
		r.t.Errorf("after %s: %v", told, err)
	}
}

func TestToldDaysAreWhole(t *testing.T) {
	for name, c := range tellings {
		for _, lang := range catalog.Languages() {
			t.Run(name+", "+lang, func(t *testing.T) {
				r := newRig(t)
				zone := r.inZone(c.zone, c.at)
				in := r.intake(germany, deadline.Access)
				in.Language = lang
				q := r.open(in)
				asked := civil.Of(r.clock, zone)
				r.run()
				r.wantGoodThrough(lang, asked+7, "/requests/confirm/", link.Confirm)

				q, _, err := r.rights.Confirm(background, q.ID, q.Words())
				r.ok(q, err)
				r.run()
				decided := civil.Of(r.clock, zone)
				r.ok(r.rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
				r.run()
				r.wantGoodThrough(lang, decided+5, "/requests/export/", link.Export)
			})
		}
	}
}

func TestToldDayOfAnInvitationIsWhole(t *testing.T) {
	for name, c := range tellings {
		for _, lang := range catalog.Languages() {
			t.Run(name+", "+lang, func(t *testing.T) {
				r := newRig(t)
				zone := r.inZone(c.zone, c.at)
				a := testkit.Address(t, marvin)
				ask := optout.OptInConfirmation{Ref: testkit.Key(t).Ref(a), Address: a, Language: lang, QueuedAt: r.clock, Versions: map[optout.Scope]int{"email": 3}}
				r.asks(ask)
				r.run()
				r.wantGoodThrough(lang, civil.Of(r.clock, zone)+7, "/preferences/confirm/", link.OptIn)
			})
		}
	}
}
