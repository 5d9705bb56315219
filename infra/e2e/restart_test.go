package e2e

import (
	"net/url"
	"testing"

	"privacydesk/infra/local/stack"
)

// What is known outlives the stack, and what was not done yet is done by the
// next one.
func TestARestartForgetsNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	d := start(t, stack.Config{Data: data})
	address, _ := person(t)
	link := d.link(t, address, "")
	d.oneClick(t, link)
	preferences := d.preferences(t, address)
	d.post(t, preferences, url.Values{"was_email": {"stop"}, "want_email": {"receive"}})
	confirm := d.mailed(t, address, "/preferences/confirm/", "")
	d.quiet(t)
	late, _ := person(t)
	d.oneClick(t, d.link(t, late, "")) // SES hears of it after the restart
	before := d.rows(t, "OptOutsTable")
	d.Close()

	d = start(t, stack.Config{Data: data})
	defer d.Close()
	if after := d.rows(t, "OptOutsTable"); choices(after) != choices(before) {
		t.Errorf("rows before\n%s\nafter\n%s", choices(before), choices(after))
	}
	if !d.listed(t, address) || len(d.mails(t, address)) == 0 {
		t.Error("the SES list or the mailbox has been forgotten")
	}
	wait(t, "SES is told of what happened just before the end", func() bool { return d.listed(t, late) })
	d.accepted(t, d.post(t, confirm, nil))
	d.accepted(t, d.get(t, link))
	wait(t, "SES is told that the person came back", func() bool { return !d.listed(t, address) })
	d.searchLogs(t, "opt-in confirmed")
}
