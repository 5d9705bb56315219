package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"privacydesk/infra/local/stack"
)

// An answer is drafted, looked at, sent, called back, sent again, stopped by a
// legal hold, and goes in the end, ten minutes after it was sent: by the deployed
// roles and functions.
func TestAnAnswerIsCalledBackAndGoes(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	address, _ := person(t)
	id := d.entered(t, map[string]any{"address": address, "kinds": []string{"access", "erasure"}})
	d.officer(t, id, "draft", map[string]any{"outcome": "fulfilled", "explanation": "Dear you."})
	shown := d.tells(t, "/api/requests/"+id+"/preview", map[string]any{})
	for _, piece := range []string{`"code":"erasure"`, `"records":"`, `"code":"export"`, `"subject":"`, "Dear you.", "/requests/export/…"} {
		if !strings.Contains(shown, piece) {
			t.Errorf("the preview has no %s: %s", piece, shown)
		}
	}
	d.officer(t, id, "send", map[string]any{"when": "now"})
	d.officer(t, id, "callback", map[string]any{})
	d.minutes(t, 11)
	d.becomes(t, id, "decision obsolete", "open")

	d.officer(t, id, "send", map[string]any{"when": "now"})
	hold := d.held(t, address)
	d.minutes(t, 11)
	d.becomes(t, id, "decision obsolete, decision obsolete", "open")
	if r := d.request(t, id); r["look_why"] != "unsent" {
		t.Errorf("nobody is told that it did not go: %v", r["look_why"])
	}
	d.lifted(t, hold)

	d.officer(t, id, "send", map[string]any{"when": "now"})
	d.minutes(t, 8)
	d.becomes(t, id, "decision pending", "open")
	d.minutes(t, 3)
	d.becomes(t, id, "decision sent", "fulfilled")
	answers := slices.DeleteFunc(d.mails(t, address), func(m string) bool { return !strings.Contains(m, "Dear you.") })
	if len(answers) != 1 || !strings.Contains(answers[0], "/requests/export/") {
		t.Errorf("%d answers are in the box", len(answers))
	}
	if r := d.request(t, id); r["erase_from"] == "" || r["draft"] != "" || d.states(t, address) != "email=out" {
		t.Errorf("to be erased from %q, draft %q, %s", r["erase_from"], r["draft"], d.states(t, address))
	}
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}

// minutes pass, and the function that mails runs.
func (d *desk) minutes(t *testing.T, n int) {
	t.Helper()
	d.travel(t, fmt.Sprintf("+%dm", n))
	d.runNotices(t)
}

// becomes waits until a request's last letters and its state are so.
func (d *desk) becomes(t *testing.T, id, letters, state string) {
	t.Helper()
	wait(t, letters+", "+state, func() bool {
		return strings.HasSuffix(d.letters(t, id), letters) && d.request(t, id)["state"] == state
	})
}

// The same asked twice, in two ways, is one request: the later is joined into the earlier, which is answered for both.
func TestTwoRequestsAreJoined(t *testing.T) {
	d := shared(t)
	address, _ := person(t)
	first := d.entered(t, map[string]any{"address": address, "kinds": []string{"access"}})
	second := d.entered(t, map[string]any{"address": address, "kinds": []string{"correction"}})
	d.officer(t, second, "join", map[string]any{"into": first})
	wait(t, "the person is told", func() bool {
		return slices.ContainsFunc(d.mails(t, address), func(m string) bool {
			return strings.Contains(strings.Join(strings.Fields(m), " "), "under the reference "+first)
		})
	})
	d.officer(t, first, "decide", map[string]any{"outcome": "fulfilled"})
	if one, other := d.request(t, first), d.request(t, second); one["state"] != "fulfilled" || other["state"] != "joined" {
		t.Errorf("%v and %v", one["state"], other["state"])
	}
}
