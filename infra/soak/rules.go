package main

import "privacydesk/shared/testkit/faults"

// exits are the ways out of an opt-out, and into what.
var exits = map[string][]string{
	"undo":      {"in", "paused"},
	"confirm":   {"in"},
	"events":    {"in"}, // not-spam, of a complaint alone
	"reconcile": {},
}

// leaves are the ways in which people leave now.
var leaves = map[string]bool{"form": true, "one-click": true, "link": true, "preferences": true}

// compare holds one write against the rules.
func (t *observer) compare(row faults.Row, before, after image, o *op) {
	if before.choice() == after.choice() {
		return
	}
	t.seen++
	switch {
	case o.kind == "erase":
		if !after.erased(before) {
			t.w.reportLoss("%v: reduced to %+v, before %+v", row, after, before)
		}
		return
	case o.kind == "import" && after.predates(before):
		return
	}
	if before.isTombstone(row) && after.state == "out" && leaves[o.kind] && !o.erase && after.hasContent() {
		t.w.reportLoss("%v: %s filled a tombstone: %+v", row, o.kind, after)
	}
	if o.kind == "sync" {
		t.w.reportLoss("%v: the syncer changed a choice: %+v, before %+v", row, after, before)
	}
	if after.version != before.version+1 {
		t.w.reportLoss("%v: version %d follows %d (%s)", row, after.version, before.version, o.kind)
	}
	if before.first != "" && (after.first == "" || after.first > before.first) {
		t.w.reportLoss("%v: the first opt-out was at %s, and is now at %q (%s)", row, before.first, after.first, o.kind)
	}
	if before.erase != "" && after.erase != before.erase {
		t.w.reportLoss("%v: the erasure requested at %s is now %q (%s)", row, before.erase, after.erase, o.kind)
	}
	cameBack := before.state != "out" && !(before.state == "in" && before.source == "undo") // an undo is no return
	if o.kind == "import" && before.version > 0 && cameBack && !o.even && o.listed[row] <= before.changed {
		t.w.reportLoss("%v: a list of %q opted somebody out who had come back at %s", row, o.listed[row], before.changed)
	}
	if o.kind == "reconcile" {
		if after.state != "out" || !t.added[row.Ref] || row.Scope != "bounce" && row.Scope != "complaint" {
			t.w.reportLoss("%v: a reconciliation made %+v of %+v", row, after, before)
		}
		t.observations[row] = append(t.observations[row], observation{after.changed, true})
	}
	if o.kind == "confirm" && after.state == "in" && row.Scope == "complaint" {
		t.observations[row] = append(t.observations[row], observation{after.changed, false})
		// SES's event bears its time, the confirmation ours, which has gone back since.
		t.skewed[row] = t.skewed[row] || after.changed <= before.changed
	}
	if o.kind == "events" && after.source != "soft-bounces" && !t.observed(row, after.changed) {
		t.w.reportLoss("%v: changed at %s, when SES reported nothing", row, after.changed)
	}
	if after.state == "out" {
		o.left = append(o.left, row)
	}
	if before.state == "out" && after.state != "out" && !lawful(row, before, after, o) {
		t.w.reportLoss("%v: an opt-out (version %d) became %q by %s", row, before.version, after.state, o.kind)
	}
	if before.state == "paused" && after.state == "in" && before.until > stamp(t.w.clock.Now()) && o.kind != "confirm" {
		t.w.reportLoss("%v: a pause until %s ended by %s", row, before.until, o.kind)
	}
}

// predates reports whether nothing but the first date is another, and earlier.
func (i image) predates(before image) bool {
	earlier := i.first < before.first && i.first != ""
	before.first = i.first
	return earlier && i.choice() == before.choice()
}

func lawful(row faults.Row, before, after image, o *op) bool {
	for _, to := range exits[o.kind] {
		if to != after.state {
			continue
		}
		if o.kind == "events" {
			return row.Scope == "complaint" && after.source == "not-spam"
		}
		if o.kind == "undo" {
			return before.madeBy != "" && before.madeBy == o.undo && (to == "in" || after.until == before.until)
		}
		version, named := o.lifts[row]
		return named && version == before.version && (to == "in" || after.until == before.until)
	}
	return false
}
