package feedback

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
)

func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		event, kind, subtype string
		want                 Effect
	}{
		"bounce on our own list":       {"Bounce", "Permanent", "OnAccountSuppressionList", Echoed},
		"bounce on a tenant's list":    {"Bounce", "Permanent", "OnTenantSuppressionList", Echoed},
		"bounce on SES's contact list": {"Bounce", "Permanent", "UnsubscribedRecipient", Echoed},
		"bounce on the global list":    {"Bounce", "Permanent", "Suppressed", KnownDead},
		"permanent bounce":             {"Bounce", "Permanent", "General", Bounced},
		"no such mailbox":              {"Bounce", "Permanent", "NoEmail", Bounced},
		"permanent, a new subtype":     {"Bounce", "Permanent", "SomethingNew", Bounced},
		"permanent, no subtype":        {"Bounce", "Permanent", "", Bounced},
		"permanent in capitals":        {"Bounce", "PERMANENT", "GENERAL", Bounced},
		"mail too large":               {"Bounce", "Transient", "MessageTooLarge", Counted},
		"content refused":              {"Bounce", "Transient", "ContentRejected", Counted},
		"attachment refused":           {"Bounce", "Transient", "AttachmentRejected", Counted},
		"mailbox full":                 {"Bounce", "Transient", "MailboxFull", SoftBounced},
		"temporary bounce":             {"Bounce", "Transient", "General", SoftBounced},
		"undetermined":                 {"Bounce", "Undetermined", "Undetermined", Counted},
		"bounce of a new type":         {"Bounce", "Fatal", "General", Counted},
		"bounce without a type":        {"Bounce", "", "", Counted},
		"not spam":                     {"Complaint", "not-spam", "", NotSpam},
		"complaint on our own list":    {"Complaint", "", "OnAccountSuppressionList", Echoed},
		"complaint on a tenant's list": {"Complaint", "", "OnTenantSuppressionList", Echoed},
		"abuse":                        {"Complaint", "abuse", "", Complained},
		"auth failure":                 {"Complaint", "auth-failure", "", Complained},
		"fraud":                        {"Complaint", "fraud", "", Complained},
		"other":                        {"Complaint", "other", "", Complained},
		"virus":                        {"Complaint", "virus", "", Complained},
		"complaint without a type":     {"Complaint", "", "", Complained},
		"subscription":                 {"Subscription", "", "", Subscription},
		"delivery":                     {"Delivery", "", "", Counted},
		"rendering failure":            {"Rendering Failure", "", "", Counted},
		"an event that is yet to come": {"Telepathy", "", "", Counted},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ruleFor(c.event, c.kind, c.subtype).effect; got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// Each row decides something: none is hidden behind one before it.
func TestEveryRuleIsReached(t *testing.T) {
	for i, want := range rules {
		name := func(pattern string) string {
			if pattern == "" {
				return "anything"
			}
			return pattern
		}
		if got := ruleFor(name(want.event), name(want.kind), name(want.subtype)); got != want {
			t.Errorf("row %d (%v) is never reached: %v comes first", i, want, got)
		}
		if want.because == "" {
			t.Errorf("row %d does not say why", i)
		}
	}
}

var (
	at   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	sent = at.Add(time.Hour)
)

func complaintOf(kind any, complained, destination []string) string {
	type m = map[string]any
	var named []m
	for _, a := range complained {
		named = append(named, m{"emailAddress": a})
	}
	raw, _ := json.Marshal(m{
		"eventType": "Complaint", "mail": m{"destination": destination, "messageId": "0100-1", "tags": m{"campaign": []string{"spring"}}},
		"complaint": m{"complainedRecipients": named, "complaintFeedbackType": kind, "timestamp": at},
	})
	return string(raw)
}

func TestComplaintsAreHeldAgainstWhoMadeThem(t *testing.T) {
	const a, b, c = "a@example.com", "b@example.com", "c@example.com"
	for name, x := range map[string]struct {
		complained, destination []string
		want                    []string
	}{
		"one, sent to one":                      {[]string{a}, []string{a}, []string{a}},
		"one, sent to many":                     {[]string{b}, []string{a, b, c}, []string{b}},
		"several, sent to many":                 {[]string{a, b}, []string{a, b, c}, nil},
		"several, sent to one of them":          {[]string{a, b}, []string{b}, []string{b}},
		"several, sent to another":              {[]string{a, b}, []string{c}, nil},
		"several, sent to nobody known":         {[]string{a, b}, nil, nil},
		"one, named twice in different case":    {[]string{a, "A@Example.COM"}, []string{a, b}, []string{a}},
		"one with a name":                       {[]string{`"Zaphod, B." <a@example.com>`}, []string{a}, []string{a}},
		"several, sent to one and a broken one": {[]string{a, b}, []string{a, "broken"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, to := range map[any]optout.State{"abuse": optout.Out, nil: optout.Out, "not-spam": optout.In} {
				f, err := Read([]byte(complaintOf(kind, x.complained, x.destination)), sent)
				if err != nil || len(f.Observations) != len(x.want) || f.Vague != (len(x.want) == 0) {
					t.Fatalf("%+v, %v", f, err)
				}
				for i, n := range f.Observations {
					if n.Address.Reveal() != x.want[i] || n.To != to || n.Scope != "complaint" || !n.Evidence.At.Equal(at) || n.Evidence.Campaign != "spring" {
						t.Errorf("%+v", n)
					}
				}
			}
		})
	}
}

// A mailbox that passes its mail on makes SES name where it went. A stranger is
// never recorded: the one whom we mailed is, where there is but one, or nobody.
func TestStrangersAreLeftAlone(t *testing.T) {
	const a, b, stranger = "a@example.com", "b@example.com", "forwarded@elsewhere.example"
	for name, x := range map[string]struct {
		named, destination, want []string
	}{
		"sent to one, it bounced":              {[]string{a}, []string{a}, []string{a}},
		"in another case and with a name":      {[]string{"A@Example.COM"}, []string{"Marvin <a@example.com>"}, []string{a}},
		"sent to one, a stranger bounced":      {[]string{stranger}, []string{a}, []string{a}},
		"sent to two, one bounced":             {[]string{b}, []string{a, b}, []string{b}},
		"sent to two, a stranger bounced":      {[]string{stranger}, []string{a, b}, nil},
		"sent to two, one and a stranger did":  {[]string{stranger, b}, []string{a, b}, []string{b}},
		"sent to one who cannot be read":       {[]string{stranger}, []string{"broken"}, nil},
		"sent to one and one who cannot be":    {[]string{stranger}, []string{a, "broken"}, nil},
		"the recipients are not said":          {[]string{a}, nil, []string{a}},
		"sent to one, the stranger said twice": {[]string{stranger, stranger}, []string{a}, []string{a}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, inHeader := range []bool{false, true} {
				for what, raw := range map[string]string{"bounce": bounceOf(x.named, x.destination, inHeader), "soft bounce": strings.Replace(bounceOf(x.named, x.destination, inHeader), "Permanent", "Transient", 1)} {
					f, err := Read([]byte(raw), sent)
					var got []string
					for _, n := range f.Observations {
						got = append(got, n.Address.Reveal())
					}
					if err != nil || !slices.Equal(got, x.want) || f.Vague != (len(x.want) == 0) {
						t.Errorf("%s, in the header %v: %q, want %q; vague %v, %v", what, inHeader, got, x.want, f.Vague, err)
					}
				}
			}
			if len(x.named) > 1 {
				return
			}
			f, err := Read([]byte(complaintOf("abuse", x.named, x.destination)), sent)
			if err != nil || len(f.Observations) != len(x.want) || len(x.want) > 0 && f.Observations[0].Address.Reveal() != x.want[0] {
				t.Errorf("complaint: %+v, want %q, %v", f, x.want, err)
			}
		})
	}
}

// bounceOf is a bounce of a mail whose recipients stand in the envelope or, as
// identity notifications may have it, in the header alone.
func bounceOf(named, destination []string, inHeader bool) string {
	type m = map[string]any
	var recipients []m
	for _, a := range named {
		recipients = append(recipients, m{"emailAddress": a})
	}
	mail := m{"destination": destination}
	if inHeader {
		mail = m{"commonHeaders": m{"to": destination}}
	}
	raw, _ := json.Marshal(m{"eventType": "Bounce", "mail": mail, "bounce": m{"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients, "timestamp": at}})
	return string(raw)
}

func TestSubscriptions(t *testing.T) {
	const optOut, optIn = `{"unsubscribeAll":true,"topicSubscriptionStatus":[{"topicName":"News","subscriptionStatus":"OptOut"}]}`,
		`{"unsubscribeAll":false,"topicSubscriptionStatus":[{"topicName":"News","subscriptionStatus":"OptIn"},{"topicName":"a/b","subscriptionStatus":"OptOut"}]}`
	for name, c := range map[string]struct {
		now, before string
		want        map[optout.Scope]optout.State
	}{
		"left everything":         {optOut, optIn, map[optout.Scope]optout.State{"email": optout.Out, "email/news": optout.Out}},
		"left without a before":   {optOut, `null`, map[optout.Scope]optout.State{"email": optout.Out, "email/news": optout.Out}},
		"came back":               {optIn, optOut, map[optout.Scope]optout.State{"email": optout.In, "email/news": optout.In}},
		"a default is no opt-in":  {optIn, `null`, map[optout.Scope]optout.State{}},
		"nothing changed":         {optIn, optIn, map[optout.Scope]optout.State{}},
		"SES says nothing of all": {`{"topicSubscriptionStatus":[]}`, `null`, map[optout.Scope]optout.State{}},
	} {
		t.Run(name, func(t *testing.T) {
			raw := `{"eventType":"Subscription","mail":{"destination":["a@example.com"]},"subscription":{"timestamp":"2026-11-22T12:00:00Z","newTopicPreferences":` + c.now + `,"oldTopicPreferences":` + c.before + `}}`
			f, err := Read([]byte(raw), sent)
			if err != nil || len(f.Observations) != len(c.want) {
				t.Fatalf("%+v, %v", f, err)
			}
			for _, n := range f.Observations {
				if c.want[n.Scope] != n.To || n.Evidence.Source != optout.FromSubscription {
					t.Errorf("%+v", n)
				}
			}
		})
	}
}

func TestEnvelopes(t *testing.T) {
	bare := `{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"a@example.com"}],"timestamp":"2026-11-22T12:00:00.000Z"},"mail":{"messageId":"0100-1","tags":{"request":["R-1"],"odd":3}}}`
	text, _ := json.Marshal(bare)
	sns := `{"Type":"Notification","Timestamp":"2026-11-22T12:30:00Z","Message":` + string(text) + `}`
	bridge := `{"version":"0","detail-type":"Email Bounced","source":"aws.ses","time":"2026-11-22T12:30:00Z","detail":` + bare + `}`
	bridgeText, _ := json.Marshal(bridge)
	for name, raw := range map[string]string{
		"none": bare, "SNS": sns, "EventBridge": bridge, "EventBridge through SNS": `{"Type":"Notification","Message":` + string(bridgeText) + `}`,
		"EventBridge, a detail without type": `{"detail-type":"Email Bounced","detail":` + bare[:1] + `"x":1,` + bare[len(`{"notificationType":"Bounce",`):] + `}`,
		"white space":                        "\n " + bare + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Read([]byte(raw), sent)
			if err != nil || f.Effect != Bounced || len(f.Observations) != 1 || !f.Observations[0].Evidence.At.Equal(at) || f.Undelivered != "R-1" || f.MessageID != "0100-1" {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
	for name, raw := range map[string]string{
		"SES tries the topic":      `Successfully validated SNS topic for Amazon SES event publishing.`,
		"the same through SNS":     `{"Type":"Notification","Message":"Successfully validated SNS topic for Amazon SES event publishing."}`,
		"SNS asks":                 `{"Type":"SubscriptionConfirmation","Message":"You have chosen ..."}`,
		"an identity is connected": `{"notificationType":"AmazonSnsSubscriptionSucceeded","message":"You have successfully subscribed"}`,
		"a new event":              `{"eventType":"Telepathy"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if f, err := Read([]byte(raw), sent); err != nil || f.Effect != Counted || len(f.Observations) != 0 {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
	for name, raw := range map[string]string{
		"nothing": ``, "no JSON": `a@example.com`, "a list": `[]`, "null": `null`, "no type": `{}`, "a text": `"a@example.com"`,
		"cut off":                   bare[:len(bare)-9],
		"a bounce without a bounce": `{"eventType":"Bounce"}`, "a complaint without one": `{"eventType":"Complaint"}`,
		"a bounce of nobody":       `{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"secret at example"}]}}`,
		"a subscription of nobody": `{"eventType":"Subscription","mail":{},"subscription":{}}`,
		"an empty SNS message":     `{"Type":"Notification","Message":""}`,
		"envelopes without end":    nested(9),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Read([]byte(raw), sent)
			if err == nil || len(f.Observations) != 0 {
				t.Errorf("%+v, %v", f, err)
			}
			mustNotLeak(t, err.Error())
		})
	}
}

func nested(deep int) string {
	text := `{"eventType":"Send"}`
	for range deep {
		raw, _ := json.Marshal(text)
		text = `{"Type":"Notification","Message":` + string(raw) + `}`
	}
	return text
}
