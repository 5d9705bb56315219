package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// listsCommand builds what make import calls, and runs it against a stack.
func listsCommand(t *testing.T, d *desk) func(args ...string) (said string, err error) {
	t.Helper()
	folder := t.TempDir()
	_, command := compile(t, "infra/lists")
	return func(args ...string) (string, error) {
		run := exec.Command(command, append([]string{"import", "-folder", filepath.Join(folder, "reports"), "-url", d.URL}, args...)...)
		said, err := run.CombinedOutput()
		return string(said), err
	}
}

// A list taken over by mistake leaves nothing behind once it is undone: not in
// the table, not on SES's list, and the right list can be taken over then. Who
// has left by themselves meanwhile stays out.
func TestAListAndItsUndo(t *testing.T) {
	t.Parallel()
	d := shared(t)
	lists := listsCommand(t, d)
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	back, mine, gone, stays := "back-list@example.com", "mine-list@example.com", "gone-list@example.com", "stays-list@example.com"
	contacts := write("contacts.csv", fmt.Sprintf("Name,Email\nA,%s\nB,%s\nC,%s\n", back, mine, strings.ToUpper(gone)))
	if said, err := lists("-file", contacts); err == nil || !strings.Contains(said, "say ALL=yes") || strings.Contains(said, "@") {
		t.Fatalf("a list of contacts: %v, %s", err, said)
	}
	if said, err := lists("-file", contacts, "-all", "-dry-run"); err != nil || !strings.Contains(said, "There would be: 3 new") || d.states(t, back) != "" {
		t.Fatalf("%v, %s", err, said)
	}
	d.oneClick(t, d.link(t, back, ""))
	wait(t, "SES holds the address back", func() bool { return d.listed(t, back) })
	d.comeBack(t, back, d.preferences(t, back))
	before := d.of(t, back)["email"]
	said, err := lists("-file", contacts, "-all", "-even-if-back")
	if err != nil || !strings.Contains(said, "3 new, 0 known before") {
		t.Fatalf("%v, %s", err, said)
	}
	_, rest, _ := strings.Cut(said, "UNDO=")
	report := strings.TrimSpace(rest)
	wait(t, "SES holds all three back", func() bool { return d.listed(t, back) && d.listed(t, mine) && d.listed(t, gone) })
	d.oneClick(t, d.link(t, mine, ""))
	if said, err = lists("-undo", report); err != nil || !strings.HasPrefix(said, "2 opt-outs taken back; 0 records have their first date or evidence of before again; 1 opt-outs left alone") {
		t.Fatalf("%v, %s", err, said)
	}
	if got := d.states(t, mine); got != "email=out" {
		t.Errorf("who has left by themselves: %q", got)
	}
	wait(t, "SES follows", func() bool { return !d.listed(t, back) && !d.listed(t, gone) && d.listed(t, mine) })
	// The row goes when SES has been told; until then it says nothing.
	if row := d.of(t, gone)["email"]; row["state"]+row["first_at"]+row["source"]+row["import"] != "" {
		t.Errorf("of who was unknown: %v", row)
	}
	after := d.of(t, back)["email"]
	for _, attribute := range []string{"state", "first_at", "changed_at", "source", "out_since", "until", "address", "import", "before"} {
		if after[attribute] != before[attribute] {
			t.Errorf("%s was %q and is %q", attribute, before[attribute], after[attribute])
		}
	}
	if said, err = lists("-undo", report); err != nil || !strings.HasPrefix(said, "0 opt-outs taken back, 2 before") {
		t.Errorf("again: %v, %s", err, said)
	}
	right := write("right.csv", fmt.Sprintf("Email,Email Opt Out\n%s,1\n%s,0\n", gone, stays))
	if said, err = lists("-file", right); err != nil || !strings.Contains(said, "1 new, 0 known before") || d.states(t, gone) != "email=out" || d.states(t, stays) != "" {
		t.Errorf("%v, %s", err, said)
	}
	for _, file := range []string{report} {
		if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), "@") {
			t.Errorf("the report: %v, %s", err, text)
		}
	}
}
