package standin

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

func TestEventsAndTheListSESKeeps(t *testing.T) {
	cases := map[string]struct {
		to      string
		events  string // type/kind/sub of each
		arrives bool
	}{
		"an ordinary mail":     {"kim@example.com", "Send Delivery", true},
		"success":              {"success@simulator.amazonses.com", "Send Delivery", true},
		"out of office":        {"ooto+7@simulator.amazonses.com", "Send Delivery", true},
		"a bounce":             {"bounce@simulator.amazonses.com", "Send Bounce/Permanent/General", false},
		"a bounce with label":  {"Bounce+label@Simulator.amazonses.com", "Send Bounce/Permanent/General", false},
		"a complaint":          {"complaint@simulator.amazonses.com", "Send Delivery Complaint/abuse", true},
		"the suppression list": {"suppressionlist@simulator.amazonses.com", "Send Bounce/Permanent/Suppressed", false},
		"on the list, bounce":  {"gone@example.com", "Send Bounce/Permanent/OnAccountSuppressionList", false},
		"on the list, opt-out": {"out@example.com", "Send Complaint/OnAccountSuppressionList", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := start(t, Config{})
			b.put(t, "gone@example.com", bounce)
			b.put(t, "out@example.com", complaint)
			b.send(t, simpleMail(c.to))
			var got []string
			for _, e := range b.events() {
				got = append(got, shape(t, e))
			}
			if strings.Join(got, " ") != c.events {
				t.Errorf("events = %v, want %s", got, c.events)
			}
			if arrives := len(b.inbox(t, "")) == 1; arrives != c.arrives {
				t.Errorf("arrives = %v", arrives)
			}
			if list := b.addresses(t, &sesv2.ListSuppressedDestinationsInput{}); len(list) != 2 {
				t.Errorf("a simulator address was listed: %v", list)
			}
		})
	}
}

// shape sums an event up from its JSON, as a consumer would read it.
func shape(t *testing.T, e Event) string {
	t.Helper()
	var rec struct {
		EventType string
		Mail      struct {
			MessageID   string
			Destination []string
			Tags        map[string][]string
		}
		Bounce struct {
			BounceType, BounceSubType string
			BouncedRecipients         []struct{ EmailAddress string }
		}
		Complaint struct {
			ComplaintFeedbackType, ComplaintSubType string
			ComplainedRecipients                    []struct{ EmailAddress string }
		}
	}
	if err := json.Unmarshal(e.JSON, &rec); err != nil {
		t.Fatal(err)
	}
	if rec.Mail.MessageID == "" || len(rec.Mail.Destination) == 0 {
		t.Errorf("mail part = %+v", rec.Mail)
	}
	parts := []string{rec.EventType, rec.Bounce.BounceType, rec.Bounce.BounceSubType, rec.Complaint.ComplaintFeedbackType, rec.Complaint.ComplaintSubType}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "/")
}

func TestEventsGoToTheTopicsThatWantThem(t *testing.T) {
	set := ConfigurationSet{Name: "m"}
	for name, on := range map[string]bool{"feedback": true, "off": false} {
		set.Destinations = append(set.Destinations, EventDestination{Name: name, Enabled: on, MatchingEventTypes: []string{"BOUNCE", "COMPLAINT"},
			SnsDestination: &SnsDestination{TopicArn: "arn:aws:sns:us-east-1:000000000000:" + name}})
	}
	b := start(t, Config{ConfigurationSets: []ConfigurationSet{set}})
	in := simpleMail("bounce@simulator.amazonses.com")
	in.ConfigurationSetName = aws.String("m")
	in.EmailTags = []types.MessageTag{{Name: aws.String("campaign"), Value: aws.String("spring")}}
	b.send(t, in)
	for _, e := range b.events() {
		want := e.Type == "Bounce"
		if got := slices.Equal(e.Topics, []string{"arn:aws:sns:us-east-1:000000000000:feedback"}); got != want {
			t.Errorf("%s goes to %v", e.Type, e.Topics)
		}
		if !strings.Contains(string(e.JSON), `"campaign":["spring"]`) || !strings.Contains(string(e.JSON), `"ses:configuration-set":["m"]`) {
			t.Errorf("tags are missing in %s", e.JSON)
		}
	}
}
