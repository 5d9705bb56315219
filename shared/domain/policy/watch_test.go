package policy_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/policy"
)

// Each way in which the settings of the clock can be wrong, and what is said.
func TestWatchSettings(t *testing.T) {
	for name, c := range map[string]struct {
		breakIt func(*policy.Requests)
		want    string
	}{
		"as shipped":             {func(*policy.Requests) {}, ""},
		"an officer":             {func(q *policy.Requests) { q.Officer = "dpo@example.com" }, ""},
		"no address":             {func(q *policy.Requests) { q.Officer = "the DPO" }, "requests.officer must be an e-mail address"},
		"no language":            {func(q *policy.Requests) { q.OfficerLanguage = "fr" }, "requests.officer_language"},
		"no reminder":            {func(q *policy.Requests) { q.RemindDays = nil }, "requests.remind_days must fall"},
		"one twice":              {func(q *policy.Requests) { q.RemindDays = []int{3, 3} }, "requests.remind_days must fall"},
		"the wrong way round":    {func(q *policy.Requests) { q.RemindDays = []int{0, 1, 3} }, "requests.remind_days must fall"},
		"months before":          {func(q *policy.Requests) { q.RemindDays = []int{31} }, "requests.remind_days must fall"},
		"overdue every hour":     {func(q *policy.Requests) { q.OverdueAgainDays = 0 }, "requests.overdue_again_days must be 1 to 30"},
		"too little time":        {func(q *policy.Requests) { q.Waiting["fee"] = policy.Wait{Days: 27, Then: policy.Lapse} }, "requests.waiting.fee must wait 28 to 90"},
		"the least":              {func(q *policy.Requests) { q.Waiting["fee"] = policy.Wait{Days: 28, Then: policy.Resume} }, ""},
		"for ever":               {func(q *policy.Requests) { q.Waiting["fee"] = policy.Wait{Days: 91, Then: policy.Lapse} }, "requests.waiting.fee must wait 28 to 90"},
		"nothing follows":        {func(q *policy.Requests) { q.Waiting["fee"] = policy.Wait{Days: 30} }, "requests.waiting.fee must then lapse or resume"},
		"a cause is left out":    {func(q *policy.Requests) { delete(q.Waiting, "identity") }, "requests.waiting.identity must wait"},
		"a cause that is nobody": {func(q *policy.Requests) { q.Waiting["mood"] = policy.Wait{Days: 30, Then: policy.Lapse} }, `"mood", which is no cause`},
	} {
		shipped, err := policy.Load()
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
	shipped, err := policy.Load()
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
