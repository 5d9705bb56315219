package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

// The schedule of retention says how long an export is given out, and a start refuses one that is wrong.
func TestDecidingKeepsTheSchedule(t *testing.T) {
	shipped := testkit.Desk(t)
	d := *shipped
	d.Retention = slices.Clone(d.Retention)
	at := slices.IndexFunc(d.Retention, func(r settings.Retention) bool { return r.Class == "export" })
	d.Retention[at].After = "3 days"
	if s, err := deciding(nil, person.Key{}, &d, time.Now, nil); err != nil || s.Settings.ExportFor != 72*time.Hour {
		t.Errorf("an export of 3 days: %+v, %v", s, err)
	}
	d.Retention[at].After, d.Retention[at].Line = "31 days", 48
	if _, err := deciding(nil, person.Key{}, &d, time.Now, nil); err == nil || !strings.HasPrefix(err.Error(), "desk.yaml line 48: retention: export must be kept 30 days at most") {
		t.Errorf("an export of 31 days: %v", err)
	}
}
