package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit/faults"
)

// drainAndCheck ends all work without faults, and checks that all agree.
func (w *world) drainAndCheck(ctx context.Context) {
	w.proxy.Decide(nil)
	defer func() { w.proxy.Decide(w.outcome) }()
	w.clock.Move(11 * time.Minute) // claims of mails end, and clocks that went back have caught up
	for len(w.mail) > 0 {
		batch := w.mail
		w.mail = nil
		if w.deliver(batch); len(w.mail) > 0 {
			w.reportLoss("%d events of SES fail without a fault", len(w.mail))
			return
		}
	}
	w.mailLinks()
	w.drainAll(ctx)
	if w.repairs {
		w.compareUndamaged(ctx)
		w.repair(ctx)
		w.drainAll(ctx)
	}
	w.compareAll(ctx)
}

// drainAll lets the syncer work until nothing is due.
func (w *world) drainAll(ctx context.Context) {
	for range 40 {
		if left, err := w.drain(ctx); err != nil || left == 0 {
			break
		}
		w.clock.Move(time.Minute) // bulk jobs take their time
	}
}

// drain lets the syncer work, and counts what is still due.
func (w *world) drain(ctx context.Context) (left int, err error) {
	err = w.do(&op{kind: "sync"}, func() error {
		_, err := w.syncer(false).Drain(ctx, time.Time{})
		return err
	})
	if err != nil {
		w.reportDrift("the syncer fails without a fault: %v", err)
		return 0, err
	}
	rows, err := w.records(ctx)
	return len(w.due(rows)), err
}

// compareAll holds table, list and observer against each other.
func (w *world) compareAll(ctx context.Context) {
	rows, err := w.records(ctx)
	if err != nil {
		w.reportDrift("the table cannot be read: %v", err)
		return
	}
	for _, d := range w.due(rows) {
		w.reportDrift("still pending: %s", d)
	}
	for row, seen := range w.rows {
		if rows[row].choice() != seen.choice() {
			w.reportLoss("%v is %+v, and was written as %+v", row, rows[row], seen)
		}
	}
	if len(rows) != len(w.rows) {
		w.reportLoss("%d rows, and %d were seen to be written", len(rows), len(w.rows))
	}
	w.compareLists(ctx, w.beyondRepair)
	w.checkObservations()
	w.compareFeed(ctx)
}

// compareUndamaged holds the list against the table, but for whom the console has
// been at.
func (w *world) compareUndamaged(ctx context.Context) {
	w.compareLists(ctx, func(address string) bool { return w.damaged[address] || w.beyondRepair(address) })
}

// beyondRepair reports whether the console has removed somebody of whom no
// address is left.
func (w *world) beyondRepair(address string) bool {
	a, _ := person.Parse(address)
	return w.removed[address] && w.forgotten(string(w.key.Ref(a)), stamp(w.clock.Now()))
}

// weakened reports whether the console has been at the entry of somebody of
// whom no address is left: they stay listed, but a complaint over their bounce
// is in the run's report and is not repaired.
func (w *world) weakened(address string) bool {
	a, _ := person.Parse(address)
	ref := string(w.key.Ref(a))
	return w.added[ref] && w.forgotten(ref, stamp(w.clock.Now()))
}

func (w *world) compareLists(ctx context.Context, but func(address string) bool) {
	listed, err := w.listed(ctx)
	if err != nil {
		w.reportDrift("the list cannot be read: %v", err)
		return
	}
	want := w.wanted()
	for address := range want {
		if want[address] == "BOUNCE" && listed[address] == "COMPLAINT" && w.weakened(address) {
			want[address] = "COMPLAINT"
		}
	}
	for _, list := range []map[string]string{listed, want} {
		maps.DeleteFunc(list, func(address, _ string) bool { return but(address) })
	}
	if !maps.Equal(listed, want) {
		w.reportDrift("SES lists %v, the table %v", sorted(listed), sorted(want))
	}
}

func sorted(list map[string]string) []string {
	var out []string
	for a, reason := range list {
		out = append(out, a+" "+reason)
	}
	slices.Sort(out)
	return out
}

func (w *world) due(rows map[faults.Row]image) []string {
	var due []string
	for row, i := range rows {
		if strings.HasPrefix(i.pending, "job#") || i.pending != "" && i.pendingAt <= stamp(w.clock.Now()) {
			due = append(due, fmt.Sprint(row, " ", i.pending, " since ", i.pendingAt))
		}
	}
	return due
}

// records reads the records of the whole table.
func (w *world) records(ctx context.Context) (map[faults.Row]image, error) {
	items, err := w.scan(ctx, w.table())
	rows := map[faults.Row]image{}
	for _, item := range items {
		if row := rowOf(item); !strings.HasPrefix(row.Scope, "#") && !strings.HasPrefix(row.Ref, "#") {
			rows[row] = imageOf(item)
		}
	}
	return rows, err
}

func (w *world) listed(ctx context.Context) (map[string]string, error) {
	found := map[string]string{}
	list := ses.List{Client: ses.NewClient(client(w.stand.URL, once))}
	entries, _, err := list.Page(ctx, "")
	for _, e := range entries {
		found[e.Spelling.Reveal()] = string(e.Reason)
	}
	return found, err
}

// wanted is what the list must hold, by what the table says.
func (w *world) wanted() map[string]string {
	want, now := map[string]string{}, stamp(w.clock.Now())
	for _, a := range w.people {
		switch {
		case !a.ASCII() || !w.suppressed(a, now):
		case w.rows[w.row(a, "bounce")].suppresses(now):
			want[a.Reveal()] = "BOUNCE"
		default:
			want[a.Reveal()] = "COMPLAINT"
		}
	}
	return want
}

func (w *world) suppressed(a person.Address, now string) bool {
	for _, scope := range []optout.Scope{"email", "bounce", "complaint"} {
		if w.rows[w.row(a, scope)].suppresses(now) {
			return true
		}
	}
	return false
}

// observe remembers what SES has reported, once each.
func (w *world) observe(f feedback.Finding) {
	for _, n := range f.Observations {
		row := w.row(n.Address, n.Scope)
		w.observations[row] = append(w.observations[row], observation{stamp(n.Evidence.At), n.To == optout.Out})
	}
}

// observation is what SES has reported of a person, or the person confirmed by a link.
type observation struct {
	at  string
	out bool
}

// checkObservations checks that the records of SES's events hold what was
// observed last, in whatever order it came, and that doubles made no history.
func (w *world) checkObservations() {
	for row, all := range w.observations {
		last, hard := observation{}, false
		for _, s := range all {
			hard = hard || s.out
			if s.at > last.at || s.at == last.at && s.out {
				last = s
			}
		}
		is := w.rows[row]
		switch {
		case row.Scope == "bounce" && hard && is.state != "out":
			w.reportLoss("%v is %q, and the mailbox does not exist", row, is.state)
		case w.skewed[row]:
		case row.Scope == "complaint" && (is.state == "out") != last.out:
			w.reportLoss("%v is %q, and SES reported last that out is %v, at %s", row, is.state, last.out, last.at)
		case is.version > len(all):
			w.reportLoss("%v has version %d after %d events", row, is.version, len(all))
		}
	}
}

// sesUnlists takes an entry off the list without our knowing.
func (w *world) sesUnlists(a person.Address) {
	if !a.ASCII() {
		return
	}
	_ = ses.List{Client: ses.NewClient(client(w.stand.URL, once))}.Delete(context.Background(), a)
}

func fill(template, address, at string) string {
	return strings.NewReplacer("%a", address, "%t", at).Replace(template)
}
