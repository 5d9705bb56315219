package request

import (
	"context"
	"slices"
	"strings"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
)

// systemTasks are what other systems must do where a kind is granted. Choices about
// mailings reach them as a feed.
var systemTasks = map[intake.Kind]ledger.Task{
	deadline.Erasure: ledger.Erasure, deadline.ChildErasure: ledger.Erasure,
	deadline.Correction: ledger.Correction, deadline.Restriction: ledger.Restriction,
	deadline.Objection: ledger.Objection, deadline.WithdrawConsent: ledger.Objection, deadline.AutomatedOptOut: ledger.Objection,
}

// askSystems has other systems do what was granted. A legal hold forbids an erasure
// there too. Where the mailbox is not that of whom it is about, only people can find
// them. It returns what the history must say.
func (t *step) askSystems(held bool, tasks ...ledger.Task) map[string]string {
	facts := map[string]string{}
	for _, e := range ledger.Open(t.Settings.Systems, t.systems, t.Request.ID, t.at, tasks...) {
		what := string(e.Task)
		if e.ByOwner = !t.Request.OwnData() || t.Request.Address.IsZero(); held && e.Task == ledger.Erasure {
			_, _ = e.Do(t.at, ledger.Deed{Act: ledger.Dropped, Outcome: ledger.Outcome{Ground: ledger.Held}}, ledger.System{}) // it is due
			what = "held"
		}
		t.putSystems(e)
		facts[what] = strings.TrimSpace(facts[what] + " " + e.System)
	}
	return facts
}

// askedNow names the systems that have something to do which they had not before.
func askedNow(before, after []ledger.Entry) string {
	var names []string
	for _, e := range after {
		was, err := ledger.Find(before, e.System, e.Task)
		if e.State == ledger.Due && (err != nil || was.Round != e.Round) && !slices.Contains(names, e.System) {
			names = append(names, e.System)
		}
	}
	return strings.Join(names, " ")
}

// systemsAsked writes into the history what askSystems has done.
func (t *step) systemsAsked(facts map[string]string) error {
	if len(facts) == 0 {
		return nil
	}
	return t.happen(lifecycle.EventSystemsAsked, audit.BySystem, facts, nil)
}

// granted are the tasks of what a decision grants.
func granted(d *decision.Decision) []ledger.Task {
	var tasks []ledger.Task
	for _, k := range d.Granted(true) {
		if task, known := systemTasks[k]; known {
			tasks = append(tasks, task)
		}
	}
	return tasks
}

// toCarryOut are the entries that matter once a decision is made. What is held was sent
// before: the part of a system that has not answered is not included.
func (t *step) toCarryOut(d *decision.Decision) []ledger.Entry {
	tasks := granted(d)
	return slices.DeleteFunc(slices.Clone(t.systems), func(e ledger.Entry) bool { return !slices.Contains(tasks, e.Task) })
}

// gathered are the parts of an answer to a request for access.
func (t *step) gathered() []ledger.Entry {
	return slices.DeleteFunc(slices.Clone(t.systems), func(e ledger.Entry) bool { return e.Task != ledger.Access })
}

// notIncluded names the systems that have not answered before an answer goes without them.
func notIncluded(before, after []ledger.Entry) string {
	var names []string
	for _, e := range after {
		was, err := ledger.Find(before, e.System, e.Task)
		if err == nil && e.Task == ledger.Access && !was.Ended() && e.Ground == ledger.CalledOff {
			names = append(names, e.System)
		}
	}
	return strings.Join(names, " ")
}

// systemsDecided writes what a decision means for other systems into the history, and
// ends what it does not grant.
func (t *step) systemsDecided(d *decision.Decision, asked map[string]string) error {
	if err := t.systemsAsked(asked); err != nil {
		return err
	}
	still := t.toCarryOut(d)
	return t.drop(func(e ledger.Entry) bool { return !slices.Contains(still, e) })
}

// gather has other systems send what they hold, where the person asks for that, and
// nothing is waited for that must come first.
func (t *step) gather(ctx context.Context) error {
	if t.Request.State != lifecycle.Open {
		return nil
	}
	if !intake.Exports(t.Request.Kinds) {
		return t.dropSystems(ctx)
	}
	if err := t.readSystems(ctx); err != nil {
		return err
	}
	return t.systemsAsked(t.askSystems(false, ledger.Access))
}

// dropSystems ends what nobody needs any more.
func (t *step) dropSystems(ctx context.Context) error {
	if t.Request.Outstanding == 0 {
		return nil
	}
	if err := t.readSystems(ctx); err != nil {
		return err
	}
	return t.drop(func(ledger.Entry) bool { return true })
}

// drop ends the entries that are useless now.
func (t *step) drop(useless func(ledger.Entry) bool) error {
	facts := map[string]string{}
	for _, e := range ledger.Unended(t.systems) {
		if !useless(e) {
			continue
		}
		if _, err := e.Do(t.at, ledger.Deed{Act: ledger.Dropped, Outcome: ledger.Outcome{Ground: ledger.CalledOff}}, ledger.System{}); err != nil {
			return err
		}
		t.putSystems(e)
		facts[string(e.Task)] = strings.TrimSpace(facts[string(e.Task)] + " " + e.System)
	}
	if len(facts) == 0 {
		return nil
	}
	return t.happen(lifecycle.EventSystemsDropped, audit.BySystem, facts, nil)
}

// tellHeld tells those that a legal hold forbade to erase.
func (t *step) tellHeld(ctx context.Context) error {
	if err := t.readSystems(ctx); err != nil {
		return err
	}
	facts := map[string]string{}
	for _, e := range t.systems {
		if e.State != ledger.Exempt || e.Ground != ledger.Held {
			continue
		}
		if _, err := e.Do(t.at, ledger.Deed{Act: ledger.Again}, t.system(e.System)); err != nil {
			return err
		}
		t.putSystems(e)
		facts[string(e.Task)] = strings.TrimSpace(facts[string(e.Task)] + " " + e.System)
	}
	return t.systemsAsked(facts)
}
