package settings_test

import (
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/settings"
)

// Each way in which the settings of sending can be wrong, and what is said.
func TestSendingSettings(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*settings.Requests)
		want   string
	}{
		"as shipped":          {func(*settings.Requests) {}, ""},
		"at once":             {func(q *settings.Requests) { q.CallbackMinutes = 0 }, ""},
		"too long":            {func(q *settings.Requests) { q.CallbackMinutes = 61 }, "requests.callback_minutes must be 0 to 60"},
		"in the past":         {func(q *settings.Requests) { q.CallbackMinutes = -1 }, "requests.callback_minutes must be 0 to 60"},
		"in the evening":      {func(q *settings.Requests) { q.SendAt = "18:30" }, ""},
		"at no time":          {func(q *settings.Requests) { q.SendAt = "25:00" }, "requests.send_at must be a time of the day such as 9:00"},
		"some time":           {func(q *settings.Requests) { q.SendAt = "" }, "requests.send_at must be a time of the day such as 9:00"},
		"a desk of one":       {func(q *settings.Requests) { q.FourEyes = nil }, ""},
		"a slip of the pen":   {func(q *settings.Requests) { q.FourEyes = []string{"refusals"} }, `requests.four_eyes has "refusals", which is none of refusal, erasure, hold_lift, fee; did you mean refusal?`},
		"another one":         {func(q *settings.Requests) { q.FourEyes = []string{"fee", "hold-lift"} }, "did you mean hold_lift?"},
		"one of them twice":   {func(q *settings.Requests) { q.FourEyes = []string{"fee", "fee"} }, `requests.four_eyes has "fee" twice`},
		"a word of somewhere": {func(q *settings.Requests) { q.FourEyes = []string{""} }, `requests.four_eyes has "", which is none of`},
	} {
		shipped, err := settings.Load()
		if err != nil {
			t.Fatal(err)
		}
		d := *shipped
		c.change(&d.Requests)
		err = d.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The settings know the same acts as the rule.
func TestFourEyesAreTheActs(t *testing.T) {
	if !slices.Equal(settings.FourEyes, intake.Codes(foureyes.Acts)) {
		t.Errorf("%q, %q", settings.FourEyes, foureyes.Acts)
	}
}
