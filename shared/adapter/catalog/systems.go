package catalog

import (
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/settings"
)

// SystemTask is what other systems must do for a person, and how far each has come.
type SystemTask struct {
	Lead  string
	Items []string
}

// Systems says it task by task. What was called off concerns nobody; what was sent to us is told by Parts.
func (t *Texts) Systems(systems []settings.System, entries []ledger.Entry) []SystemTask {
	var all []SystemTask
	for _, task := range ledger.Tasks {
		var items []string
		for _, e := range entries {
			if e.Task == task && task != ledger.Access && e.Ground != ledger.CalledOff {
				items = append(items, Capital(t.Text("systems.item", "system", t.systemName(systems, e.System), "how", t.howFar(e))))
			}
		}
		if len(items) > 0 {
			all = append(all, SystemTask{t.Text("systems." + string(task)), items})
		}
	}
	return all
}

// Parts says what an answer holds of each system, and what it does not include. Whoever misses something writes to contact.
// To somebody who asked for another person only what is not included is told.
func (t *Texts) Parts(systems []settings.System, contact string, parts []access.Part, own bool) []SystemTask {
	var items []string
	for _, p := range parts {
		if said := p.State == ledger.Done || p.State == ledger.NotFound; p.System != "" && (own || !said) {
			items = append(items, t.Part(systems, contact, p))
		}
	}
	if items == nil {
		return nil
	}
	return []SystemTask{{t.Text("systems.access"), items}}
}

// Part says what one part holds, in a line.
func (t *Texts) Part(systems []settings.System, contact string, p access.Part) string {
	return t.Text("systems.item", "system", t.PartName(systems, p), "how", t.PartSays(contact, p))
}

// systemName is a system as desk.yaml names it; its id where it is gone from there.
func (t *Texts) systemName(systems []settings.System, id string) string {
	for _, s := range systems {
		if s.ID == id {
			return s.Name.In(t.Lang())
		}
	}
	return id
}

// howFar says how far a system has come with a task, so that it is true whenever it is read.
func (t *Texts) howFar(e ledger.Entry) string {
	switch {
	case e.State == ledger.Told && !e.Required: // it may answer, and nobody waits for it
		return t.Text("systems.no_answer")
	case !e.Ended():
		return t.Text("systems.waits")
	case e.Ground == ledger.Held:
		return t.Text("systems.held")
	case e.Ground == ledger.NoAnswer:
		return t.Text("systems.no_answer")
	case e.Ground == ledger.Other:
		return t.Text("systems.unsaid")
	case e.State == ledger.Done && e.Records > 0:
		return t.Plural("systems.done.records", e.Records)
	}
	return t.Text("systems."+string(e.State), "ground", t.Ground(e.Ground))
}
