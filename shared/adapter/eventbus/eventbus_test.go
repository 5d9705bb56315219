package eventbus_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/eventbus"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

// bus keeps events by their type.
type bus struct {
	events map[string][]string
	fails  int // so many calls
}

func (b *bus) Put(_ context.Context, detailType string, _ time.Time, details ...any) error {
	if b.fails--; b.fails >= 0 {
		return fault.New(fault.Unavailable, "the bus is down")
	}
	for _, d := range details {
		text, err := json.Marshal(d)
		if err != nil {
			return err
		}
		b.events[detailType] = append(b.events[detailType], string(text))
	}
	return nil
}

func newWay(fails int) (*eventbus.Way, *bus) {
	b := &bus{map[string][]string{}, fails}
	return &eventbus.Way{Bus: b, Now: func() time.Time { return testkit.T0 }, Whose: func(_ context.Context, request string) (person.Ref, error) {
		if request == "PD-gone" {
			return "", fault.New(fault.NotFound, "there is no such request")
		}
		return "ref-" + person.Ref(request), nil
	}}, b
}

func TestRequestsByEvent(t *testing.T) {
	for _, task := range ledger.Tasks {
		w, b := newWay(0)
		notice := ledger.Notice{ID: "PD-1.x", System: settings.System{ID: "warehouse"}, Task: task, Request: "PD-1", DueAt: testkit.T0.AddDate(0, 0, 7),
			Person: func(context.Context) (ledger.Person, error) {
				t.Error("an event named the person")
				return ledger.Person{}, nil
			}}
		answer, err := w.Tell(t.Context(), notice)
		if task == ledger.OptOut || task == ledger.OptIn {
			if !fault.Is(err, fault.Invalid) || len(b.events) > 0 {
				t.Errorf("%s: %v, %v", task, err, b.events)
			}
			continue
		}
		name := strings.ToUpper(string(task[:1])) + string(task[1:]) + " Ordered"
		want := []string{`{"id":"PD-1.x","system":"warehouse","request":"PD-1","person":"ref-PD-1","due_at":"2026-11-29T12:00:00Z"}`}
		if err != nil || answer != (ledger.Answer{State: ledger.Told}) || !slices.Equal(b.events[name], want) {
			t.Errorf("%s: %+v, %v, %v", task, answer, err, b.events)
		}
		notice.Asked = true
		if answer, err := w.Tell(t.Context(), notice); err != nil || answer.State != ledger.Told || len(b.events[name]) != 1 {
			t.Errorf("asked how far it has come: %+v, %v, %v", answer, err, b.events)
		}
	}
	w, _ := newWay(1)
	if _, err := w.Tell(t.Context(), ledger.Notice{Task: ledger.Erasure, Request: "PD-1"}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("the bus is down: %v", err)
	}
	if _, err := w.Tell(t.Context(), ledger.Notice{Task: ledger.Erasure, Request: "PD-gone"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("of nobody: %v", err)
	}
}

func TestChoicesByEvent(t *testing.T) {
	table := testkit.NewOptOuts()
	for i, to := range []optout.State{optout.Out, optout.Paused, optout.In} {
		a := testkit.Address(t, fmt.Sprintf("marvin.%d@example.com", i))
		c := optout.Change{Key: optout.Key{Ref: person.Ref(fmt.Sprint("ref", i)), Scope: "email/news"}, To: to, Address: a, Name: "Marvin",
			Evidence: optout.Evidence{Source: optout.FromForm, At: testkit.T0}, Until: testkit.T0.AddDate(0, 1, 0)}
		if _, err := table.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	w, b := newWay(1)
	now := testkit.T0.Add(time.Hour)
	drain := feed.Drain{Store: table, Ways: map[string]feed.Way{"event": w}, Now: func() time.Time { return now },
		Systems: []ledger.System{{ID: "warehouse", Way: "event", Told: []string{"opt_out", "opt_in"}}}}
	for range 2 { // at first the bus is down
		if _, err := drain.Run(t.Context(), func() bool { return false }); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
	}
	want := map[string][]string{
		"Opted Out": {`{"system":"warehouse","person":"ref0","scope":"email/news","since":"2026-11-22T12:00:00Z","reason":"unsubscribed"}`},
		"Paused":    {`{"system":"warehouse","person":"ref1","scope":"email/news","since":"2026-11-22T12:00:00Z","until":"2026-12-22T12:00:00Z","reason":"paused"}`},
		"Opted In":  {`{"system":"warehouse","person":"ref2","scope":"email/news","since":"2026-11-22T12:00:00Z"}`},
	}
	if !maps.EqualFunc(b.events, want, slices.Equal) {
		t.Errorf("%v", b.events)
	}
	if text := strings.ToLower(fmt.Sprint(b.events)); strings.Contains(text, "marvin") || strings.Contains(text, "@") {
		t.Error("an event names somebody")
	}
}
