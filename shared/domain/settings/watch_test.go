package settings_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/settings"
)

// Each way in which the settings of the clock can be wrong, and what is said.
func TestWatchSettings(t *testing.T) {
	for name, c := range map[string]struct {
		breakIt func(*settings.Requests)
		want    string
	}{
		"as shipped":             {func(*settings.Requests) {}, ""},
		"an officer":             {func(q *settings.Requests) { q.Officer = "dpo@example.com" }, ""},
		"no address":             {func(q *settings.Requests) { q.Officer = "the DPO" }, "requests.officer must be an e-mail address"},
		"no language":            {func(q *settings.Requests) { q.OfficerLanguage = "fr" }, "requests.officer_language"},
		"no reminder":            {func(q *settings.Requests) { q.RemindDays = nil }, "requests.remind_days must fall"},
		"one twice":              {func(q *settings.Requests) { q.RemindDays = []int{3, 3} }, "requests.remind_days must fall"},
		"the wrong way round":    {func(q *settings.Requests) { q.RemindDays = []int{0, 1, 3} }, "requests.remind_days must fall"},
		"months before":          {func(q *settings.Requests) { q.RemindDays = []int{31} }, "requests.remind_days must fall"},
		"overdue every hour":     {func(q *settings.Requests) { q.OverdueAgainDays = 0 }, "requests.overdue_again_days must be 1 to 30"},
		"too little time":        {func(q *settings.Requests) { q.Waiting["fee"] = settings.Wait{Days: 27, Then: settings.Lapse} }, "requests.waiting.fee must wait 28 to 90"},
		"the least":              {func(q *settings.Requests) { q.Waiting["fee"] = settings.Wait{Days: 28, Then: settings.Resume} }, ""},
		"for ever":               {func(q *settings.Requests) { q.Waiting["fee"] = settings.Wait{Days: 91, Then: settings.Lapse} }, "requests.waiting.fee must wait 28 to 90"},
		"nothing follows":        {func(q *settings.Requests) { q.Waiting["fee"] = settings.Wait{Days: 30} }, "requests.waiting.fee must then lapse or resume"},
		"a cause is left out":    {func(q *settings.Requests) { delete(q.Waiting, "identity") }, "requests.waiting.identity must wait"},
		"a cause that is nobody": {func(q *settings.Requests) { q.Waiting["mood"] = settings.Wait{Days: 30, Then: settings.Lapse} }, `"mood", which is no cause`},
	} {
		shipped, err := settings.Load()
		if err != nil {
			t.Fatal(err)
		}
		d := *shipped
		d.Requests.Waiting, d.Requests.RemindDays = maps.Clone(d.Requests.Waiting), slices.Clone(d.Requests.RemindDays)
		c.breakIt(&d.Requests)
		err = d.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOfficerAddress(t *testing.T) {
	shipped, err := settings.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := *shipped
	for officer, want := range map[string]string{"": d.Organisation.Contact, "dpo@example.com": "dpo@example.com"} {
		d.Requests.Officer = officer
		if got, err := d.OfficerAddress(); err != nil || got.Reveal() != want {
			t.Errorf("%q: %v", officer, err)
		}
	}
}
