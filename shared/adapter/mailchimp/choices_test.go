package mailchimp

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/testkit/vendors"
)

func newsletterOf(t *testing.T) *rig {
	r := newRig(t)
	r.System.Lists = map[string]string{"newsletter": "news"}
	return r
}

func (r *rig) choose(t *testing.T, choices ...string) error {
	t.Helper()
	return r.way.Choices(t.Context(), r.Batch(t, choices...))
}

func TestOptOuts(t *testing.T) {
	for name, c := range map[string]struct{ choice, news, events string }{
		"of all mail":     {"Zaphod@Example.com email out", "unsubscribed", "unsubscribed"},
		"of a topic":      {"zaphod@example.com email/newsletter out", "unsubscribed", "subscribed"},
		"for a while":     {"zaphod@example.com email paused", "unsubscribed", "unsubscribed"},
		"by a complaint":  {"zaphod@example.com complaint out", "unsubscribed", "unsubscribed"},
		"of another list": {"zaphod@example.com email/events out", "subscribed", "subscribed"},
		"of SMS":          {"zaphod@example.com sms out", "subscribed", "subscribed"},
	} {
		r := newsletterOf(t)
		r.Add("events", email, "subscribed")
		for range 2 { // a batch may come twice
			if err := r.choose(t, c.choice); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if news, events := r.Status("news", email), r.Status("events", email); news != c.news || events != c.events || r.Status("partners", email) != "" {
			t.Errorf("%s: %q, %q", name, news, events)
		}
	}
}

// Whom Mailchimp never had it is not given.
func TestStrangersAreNotAdded(t *testing.T) {
	r := newsletterOf(t)
	if err := r.choose(t, "trillian@example.com email out", "trillian@example.com email/newsletter in"); err != nil {
		t.Error(err)
	}
	if r.Status("news", "trillian@example.com") != "" || r.Called("PUT") > 0 || r.Called("POST") > 0 {
		t.Errorf("%q", r.Calls())
	}
}

func TestReturns(t *testing.T) {
	const news, all = "zaphod@example.com email/newsletter in", "zaphod@example.com email in"
	for name, c := range map[string]struct {
		choice, was, news, partners string
		refused                     bool
	}{
		"to a topic":           {news, "unsubscribed", "subscribed", "unsubscribed", false},
		"to mail, and no list": {all, "unsubscribed", "unsubscribed", "subscribed", false},
		"who was put away":     {news, "archived", "archived", "unsubscribed", false},
		"who is there":         {news, "subscribed", "subscribed", "unsubscribed", false},
		"who left by a link":   {news, "by link", "unsubscribed", "unsubscribed", true},
	} {
		r := newsletterOf(t)
		m := r.Add("news", email, strings.Replace(c.was, "by link", "unsubscribed", 1))
		m.ByLink = c.was == "by link"
		r.Add("partners", email, "unsubscribed")
		if err := r.choose(t, c.choice); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if news, partners := r.Status("news", email), r.Status("partners", email); news != c.news || partners != c.partners {
			t.Errorf("%s: %q, %q", name, news, partners)
		}
		if log := r.Log.String(); strings.Contains(log, "opt-ins refused by the product") != c.refused || vendors.Names(log, email) {
			t.Errorf("%s: %s", name, log)
		}
	}
}

// Who was erased stays out, whatever is chosen.
func TestForgotten(t *testing.T) {
	r := newsletterOf(t)
	r.Tell(t)
	r.Tell(t)
	if err := r.choose(t, "zaphod@example.com email/newsletter in"); err != nil || r.Status("news", email) != "" {
		t.Errorf("%v, %q", err, r.Status("news", email))
	}
}

// An audience that the account does not have would answer like a stranger: 404.
func TestAnAudienceThatIsNone(t *testing.T) {
	r := newsletterOf(t)
	r.System.Lists["events"] = "gone"
	if err := r.choose(t, "zaphod@example.com email out"); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), `"gone" for events`) {
		t.Error(err)
	}
}

// An opt-out that Mailchimp refuses counts only if it mails the person no more.
func TestRefusedOptOuts(t *testing.T) {
	for was, fails := range map[string]bool{"subscribed": true, "pending": true, "cleaned": false, "archived": false} {
		r := newsletterOf(t)
		r.Add("news", email, was)
		r.Instead = func(w http.ResponseWriter, q *http.Request) bool {
			if q.Method == http.MethodPatch {
				vendors.Answer(w, http.StatusBadRequest, map[string]string{"title": "Invalid Resource", "detail": email})
			}
			return q.Method == http.MethodPatch
		}
		err := r.choose(t, "zaphod@example.com email/newsletter out")
		if fault.Is(err, fault.Unavailable) != fails || fails && vendors.Names(err.Error(), email) {
			t.Errorf("%s: %v", was, err)
		}
	}
}

func TestChoicesInTrouble(t *testing.T) {
	r := newsletterOf(t)
	batch := r.Batch(t, "zaphod@example.com email out")
	r.InTrouble(t, &r.Server, func(ctx context.Context) error { return r.way.Choices(ctx, batch) })
	if err := r.way.Choices(t.Context(), batch); err != nil || r.Status("news", email) != "unsubscribed" {
		t.Error(err)
	}
	calls := len(r.Calls())
	if err := r.choose(t, "zaphod@example.com sms out"); err != nil || len(r.Calls()) != calls {
		t.Error("Mailchimp was called for nothing:", err)
	}
}

// A whole batch is taken, a half that failed is done again, and the first trouble ends the rest.
func TestManyChoices(t *testing.T) {
	r := newsletterOf(t)
	var choices []string
	for i := range 100 {
		address := fmt.Sprintf("p%d@example.com", i)
		r.Add("news", address, "subscribed")
		choices = append(choices, address+" email/newsletter out")
	}
	var calls atomic.Int32
	var open atomic.Bool
	r.Instead = func(w http.ResponseWriter, _ *http.Request) bool {
		if calls.Add(1) <= 50 || open.Load() {
			return false
		}
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	if err := r.choose(t, choices...); !fault.Is(err, fault.TooMany) || calls.Load() > 50+2*atOnce {
		t.Errorf("%v after %d calls", err, calls.Load())
	}
	open.Store(true)
	if err := r.choose(t, choices...); err != nil {
		t.Error(err)
	}
	for i := range 100 {
		if s := r.Status("news", fmt.Sprintf("p%d@example.com", i)); s != "unsubscribed" {
			t.Errorf("%d is %s", i, s)
		}
	}
}
