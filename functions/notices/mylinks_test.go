package main

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

func (r *rig) askLinks(address, lang string) {
	r.t.Helper()
	links := &mylinks.Service{Store: r.optOuts.Outbox, Key: testkit.Key(r.t), Now: func() time.Time { return r.clock }}
	if err := links.Ask(background, testkit.Address(r.t, address), lang, []quota.Limit{}); err != nil {
		r.t.Fatal(err)
	}
}

// A person gets a link to their choices and one to each request that they have
// confirmed; what a stranger asked in their name is not among them.
func TestMyLinks(t *testing.T) {
	r := newRig(t)
	confirmed := r.opened(r.intake(germany, deadline.Access))
	stranger := r.open(r.intake(germany, deadline.Erasure))
	r.run()
	r.askLinks(marvin, "en")
	r.run()
	m := r.last()
	if c := r.opens(m, "/preferences/", link.Preferences); c.Address != testkit.Address(t, marvin) || !c.ExpiresAt.IsZero() {
		t.Errorf("%+v", c)
	}
	if c := r.opens(m, "/requests/status/", link.Status); c.Request != confirmed.ID || !c.ExpiresAt.IsZero() {
		t.Errorf("%+v", c)
	}
	for _, piece := range []string{confirmed.ID, "See my data", "In progress", "Whoever has these links"} {
		if !strings.Contains(m.Text, piece) {
			t.Errorf("%q is missing:\n%s", piece, m.Text)
		}
	}
	if strings.Contains(m.Text, stranger.ID) {
		t.Errorf("names a request that nobody confirmed:\n%s", m.Text)
	}
	sent := len(r.post.mails)
	if r.run(); len(r.post.mails) != sent {
		t.Error("sent twice")
	}
}

// Of whom nothing is known gets the same mail without requests, a few times in
// some hours, and what finds no room within a week is dropped.
func TestMyLinksOfSomebodyUnknown(t *testing.T) {
	r := newRig(t)
	for range r.mails.PerMailbox + 1 {
		r.askLinks("nobody@example.org", "de")
		r.run()
	}
	first := r.post.mails[0].Text
	if len(r.post.mails) != r.mails.PerMailbox || !strings.Contains(first, "kein Anliegen") || strings.Contains(first, "/requests/status/") {
		t.Fatalf("%d mails:\n%s", len(r.post.mails), first)
	}
	r.clock = r.clock.Add(quota.Window)
	if r.run(); len(r.post.mails) != r.mails.PerMailbox+1 {
		t.Errorf("%d mails: the one that waited is lost", len(r.post.mails))
	}
	r.askLinks("nobody@example.org", "de")
	r.clock = r.clock.Add(mylinks.WaitFor)
	if r.run(); len(r.post.mails) != r.mails.PerMailbox+1 {
		t.Errorf("%d mails", len(r.post.mails))
	}
}
