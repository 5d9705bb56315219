package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/optout"
)

// A pause that is told to last until a day lasts through it, where the
// organisation is.
func TestPausesLastThroughTheToldDay(t *testing.T) {
	for name, c := range map[string]struct{ zone, at, want, pause string }{
		"west":                       {"America/Los_Angeles", "2026-11-27T16:30:00-08:00", "2026-12-27", "pause30"},
		"west, a second to midnight": {"America/Los_Angeles", "2026-11-27T23:59:59-08:00", "2026-12-27", "pause30"},
		"clocks change":              {"America/Los_Angeles", "2026-10-15T12:00:00-07:00", "2026-12-14", "pause60"},
		"clocks change on the day":   {"Europe/Berlin", "2026-12-29T08:00:00+01:00", "2027-03-29", "pause90"},
		"far east":                   {"Pacific/Kiritimati", "2026-11-27T00:00:01+14:00", "2026-12-27", "pause30"},
		"no midnight after the day":  {"Asia/Beirut", "2026-02-26T12:00:00+02:00", "2026-03-28", "pause30"},
	} {
		for _, lang := range catalog.Languages() {
			t.Run(name+", "+lang, func(t *testing.T) {
				r := newRig(t)
				zone, err := time.LoadLocation(c.zone)
				if err != nil {
					t.Fatal(err)
				}
				r.Pages.Zone, r.optOuts.Zone = zone, zone
				r.clock, _ = time.Parse(time.RFC3339, c.at)
				told, _ := civil.Parse(c.want)
				texts := catalog.For(lang)
				sentence := texts.Text("state.paused", "date", texts.Day(told))
				path := r.link("preferences", marvin, "")
				r.Expect(post(path, "want_email="+c.pause+"&was_email=receive&lang="+lang, browser...), http.StatusOK, sentence)
				end := told.End(zone)
				if got := r.only(marvin); !got.Until.Equal(end) || !got.Projection.DueAt.Before(end) {
					t.Errorf("it ends %s, which is not the end of %s", got.Until.In(zone), told)
				}
				r.clock = end.Add(-time.Second)
				page := get(path, browser...)
				page.Query = "lang=" + lang
				r.Expect(page, http.StatusOK, texts.Text("state.paused", "date", texts.Day(told)))
				suppressed(t, r, true)
				r.clock = end
				r.Expect(page, http.StatusOK, texts.Text("state.receiving"))
				suppressed(t, r, false)
			})
		}
	}
}

func suppressed(t *testing.T, r *rig, want bool) {
	t.Helper()
	row := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{marvin}})[0]
	if row.Suppressed != want {
		t.Errorf("at %s suppressed is %v", r.clock.In(r.Pages.Zone), row.Suppressed)
	}
}

// The page says how long an opt-out can be undone, in hours: the constant's.
func TestUndoTimeIsShown(t *testing.T) {
	hours := int(optout.UndoFor / time.Hour)
	if hours < 1 || optout.UndoFor != time.Duration(hours)*time.Hour {
		t.Fatalf("pages cannot say %s: optout.UndoFor must be whole hours", optout.UndoFor)
	}
	for _, lang := range catalog.Languages() {
		r := newRig(t)
		press := r.open(r.link("unsubscribe", marvin, ""))
		press.Body = strings.Replace(press.Body, "lang=en", "lang="+lang, 1)
		r.Expect(press, http.StatusOK, catalog.For(lang).Plural("unsubscribed.undo", hours))
	}
}
