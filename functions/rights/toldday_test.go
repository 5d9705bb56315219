package main

import (
	"net/http"
	"testing"
	"time"
	_ "time/tzdata"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
)

// What pages tell of the last day holds to its end, where the organisation is.
func TestToldDaysAreWhole(t *testing.T) {
	for name, c := range map[string]struct{ zone, at, confirm string }{
		"west":                      {"America/Los_Angeles", "2026-11-27T16:30:00-08:00", "2026-12-04"},
		"west, clocks change":       {"America/Los_Angeles", "2026-10-30T23:59:59-07:00", "2026-11-06"},
		"east":                      {"Europe/Berlin", "2026-11-27T00:30:00+01:00", "2026-12-04"},
		"far east":                  {"Pacific/Kiritimati", "2026-11-27T23:59:59+14:00", "2026-12-04"},
		"no midnight after the day": {"Asia/Beirut", "2026-03-21T12:00:00+02:00", "2026-03-28"},
	} {
		for _, lang := range catalog.Languages() {
			t.Run(name+", "+lang, func(t *testing.T) {
				r := newRig(t)
				zone, err := time.LoadLocation(c.zone)
				if err != nil {
					t.Fatal(err)
				}
				engine, err := deadline.New(deadline.Default(), zone, "weekends")
				if err != nil {
					t.Fatal(err)
				}
				r.Pages.Zone, r.rights.Law = zone, engine
				r.clock, _ = time.Parse(time.RFC3339, c.at)
				confirm, _ := civil.Parse(c.confirm)
				texts := catalog.For(lang)
				on := func(path string) call {
					page := get(path, browser...)
					page.Query = "lang=" + lang
					return page
				}

				r.Expect(postForm(mine+"&lang="+lang, browser...), http.StatusOK, texts.Text("asked.lead", "date", texts.Day(confirm)))
				q := r.only(marvin)
				end := confirm.End(zone)
				r.clock = end.Add(-time.Second)
				r.Expect(on(r.to(link.Status, q)), http.StatusOK, texts.Day(confirm))
				path := r.to(link.Confirm, q)
				r.Expect(on(path), http.StatusOK, texts.Text("confirm.note", "date", texts.Day(confirm)))
				if _, err := r.rights.Expire(t.Context(), q.ID, audit.BySystem); err == nil {
					t.Fatal("the request ended before the day that was told")
				}
				r.clock = end
				r.Expect(on(path), http.StatusGone, "")
				r.clock = end.Add(-time.Second)
				if _, _, err := r.rights.Confirm(t.Context(), q.ID, q.Words()); err != nil {
					t.Fatal(err)
				}

				q, err = r.rights.Decide(t.Context(), q.ID, "dpo", granted)
				if err != nil {
					t.Fatal(err)
				}
				fetch := confirm + 5 // it was confirmed, and answered, on the last day
				r.Expect(on(r.to(link.Status, q)), http.StatusOK, texts.Text("status.export.lead", "date", texts.Day(fetch)))
				path = r.to(link.Export, q)
				r.clock = fetch.End(zone).Add(-time.Second)
				r.Expect(on(path), http.StatusOK, texts.Text("export.until", "date", texts.Day(fetch)))
				r.clock = fetch.End(zone)
				r.Expect(on(path), http.StatusGone, "")
			})
		}
	}
}
