package screening_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/optoutrig"
)

func TestCheck(t *testing.T) {
	d := optoutrig.New(t)
	d.Out(t, "all@example.com", "email")
	d.Out(t, "news@example.com", "email/newsletter")
	d.Out(t, "sms@example.com", "sms")
	pause(t, d)
	var people []person.Address
	for _, p := range []string{"all@example.com", "news@example.com", "sms@example.com", "a@example.com", "new@example.com"} {
		people = append(people, testkit.Address(t, p))
	}
	people = append(people, person.Address{}, people[0])
	for name, c := range map[string]struct {
		channel optout.Channel
		topic   string
		want    []optout.Scope
	}{
		"all mail":   {optout.Email, "", []optout.Scope{"email", "", "", "email", "", "", "email"}},
		"a topic":    {optout.Email, "newsletter", []optout.Scope{"email", "email/newsletter", "", "email", "", "", "email"}},
		"SMS":        {optout.SMS, "", []optout.Scope{"", "", "sms", "", "", "", ""}},
		"other news": {optout.Email, "events", []optout.Scope{"email", "", "", "email", "", "", "email"}},
	} {
		t.Run(name, func(t *testing.T) {
			verdicts, err := d.Checker.Check(t.Context(), people, c.channel, c.topic)
			if err != nil || len(verdicts) != len(people) {
				t.Fatal(verdicts, err)
			}
			for i, v := range verdicts {
				if v.Scope != c.want[i] || v.Suppressed != (c.want[i] != "") || v.Suppressed == v.Since.IsZero() {
					t.Errorf("%s: %+v, want %q", people[i], v, c.want[i])
				}
			}
		})
	}
	d.Time = d.Time.AddDate(0, 0, 31)
	if v, _ := d.Checker.Check(t.Context(), people[3:4], optout.Email, ""); v[0].Suppressed {
		t.Error("a pause that is over suppresses")
	}
}

// Whoever resumes at a pause's end must not be told so of a topic that the
// person has left for good.
func TestCheckTellsWhatLastsBeforeAPause(t *testing.T) {
	d := optoutrig.New(t)
	pause(t, d)
	d.Out(t, "a@example.com", "email/newsletter")
	for topic, want := range map[string]screening.Result{
		"newsletter": {Suppressed: true, Scope: "email/newsletter", Reason: "unsubscribed", Since: d.Time},
		"events":     {Suppressed: true, Scope: "email", Reason: "paused", Since: d.Time, Until: d.Time.AddDate(0, 0, 31).Truncate(24 * time.Hour)},
	} {
		v, err := d.Checker.Check(t.Context(), []person.Address{testkit.Address(t, "a@example.com")}, optout.Email, topic)
		if err != nil || v[0] != want {
			t.Errorf("%s: %+v, want %+v: %v", topic, v, want, err)
		}
	}
}

func TestCheckLooksAtWhatSESTold(t *testing.T) {
	d := optoutrig.New(t)
	d.Observe(t, "bounced@example.com", optout.Bounce.Scope(), optout.Out)
	d.Observe(t, "complained@example.com", optout.Complaint.Scope(), optout.Out)
	d.Observe(t, "both@example.com", optout.Complaint.Scope(), optout.Out)
	d.Out(t, "both@example.com", "email/newsletter")
	d.Observe(t, "lifted@example.com", optout.Complaint.Scope(), optout.In)
	for address, want := range map[string]string{
		"bounced@example.com": "bounced", "complained@example.com": "complained", "both@example.com": "unsubscribed", "lifted@example.com": "",
	} {
		v, err := d.Checker.Check(t.Context(), []person.Address{testkit.Address(t, address)}, optout.Email, "newsletter")
		if err != nil || v[0].Reason != want || v[0].Suppressed != (want != "") {
			t.Errorf("%s: %+v, %v", address, v, err)
		}
		if v, _ := d.Checker.Check(t.Context(), []person.Address{testkit.Address(t, address)}, optout.SMS, ""); v[0].Suppressed {
			t.Errorf("%s: what happens to mails is held against SMS", address)
		}
	}
}

// pause pauses the e-mail of a@example.com for 30 days.
func pause(t *testing.T, d *optoutrig.Desk) {
	t.Helper()
	_, err := d.Choose(t.Context(), testkit.Address(t, "a@example.com"), "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}})
	if err != nil {
		t.Fatal(err)
	}
}
