package request

import (
	"context"
	"slices"
	"strings"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
)

// gatheredCheck refuses that access is granted while a system that must send what it
// holds has not answered, or while what one has sent is not there any more.
func (t *step) gatheredCheck(d *decision.Decision) draft.Check {
	waits := append(ledger.Outstanding(t.gathered()), t.lost()...)
	if len(waits) == 0 || !intake.Exports(d.Granted(true)) {
		return check(draft.Gathered, nil)
	}
	var names []string
	for _, e := range waits {
		names = append(names, e.System)
	}
	return check(draft.Gathered, fault.New(fault.Conflict, "these systems have not said yet what they hold of the person, or what they sent is not there any more: %s", strings.Join(names, ", ")), "systems", strings.Join(names, " "))
}

// lost are the entries whose systems have sent what they hold, and nothing of it is left:
// it held malware, or an officer removed it. What an officer has set counts as it stands.
func (t *step) lost() []ledger.Entry {
	files := t.given()
	return slices.DeleteFunc(t.gathered(), func(e ledger.Entry) bool {
		return e.State != ledger.Done || e.By != "" || slices.ContainsFunc(files, func(a attachment.File) bool { return a.System == e.System })
	})
}

// readFiles reads the files that an answer gives to the person, and notes which of them
// who acts says that they have looked at.
func (t *step) readFiles(ctx context.Context, officer string) error {
	f, err := t.Store.File(ctx, t.Request.ID)
	if err != nil {
		return err
	}
	t.files, t.checked = f.Files, map[string][]string{}
	for _, e := range f.Events {
		switch lifecycle.Event(e.Kind) {
		case lifecycle.EventFilesChecked:
			t.checked[e.Facts["law"]] = append(t.checked[e.Facts["law"]], strings.Fields(e.Facts["files"])...)
		case lifecycle.EventFileAdded: // a form that is used twice puts another content under its name
			for law, names := range t.checked {
				t.checked[law] = slices.DeleteFunc(names, func(name string) bool { return name == e.Facts["file"] })
			}
		}
	}
	return t.check(officer)
}

// check writes into the history that an officer has looked at the files for the person,
// for the laws that LookedFor names. What they have looked at before is no entry.
func (t *step) check(officer string) error {
	laws := t.Law.Withholding(t.Request.Kinds, t.Request.Place, t.at)
	for _, id := range t.LookedFor {
		law := slices.IndexFunc(laws, func(r deadline.Regime) bool { return r.ID == id })
		if law < 0 {
			return fault.Field("looked_for", "unknown", "looked_for must name laws that apply to this answer and forbid to disclose something")
		}
		names := named(t.given(), func(a attachment.File) bool { return !slices.Contains(t.checked[id], a.Name()) })
		if len(names) == 0 {
			continue
		}
		facts := map[string]string{"law": id, "clause": laws[law].Withholds.Clause, "files": strings.Join(names, " ")}
		if err := t.happen(lifecycle.EventFilesChecked, audit.AsOfficer(officer), facts, nil); err != nil {
			return err
		}
		t.checked[id] = append(t.checked[id], names...)
	}
	return nil
}

// given are the files that the person gets with the answer.
func (t *step) given() []attachment.File {
	return slices.DeleteFunc(slices.Clone(t.files), func(a attachment.File) bool {
		return a.For != attachment.Answer || a.State != attachment.Stored
	})
}

func named(files []attachment.File, of func(attachment.File) bool) (names []string) {
	for _, a := range files {
		if of(a) {
			names = append(names, a.Name())
		}
	}
	return names
}

// withheldChecks refuse, for each law that forbids it, that an answer goes with a file
// that seems to hold what must not be disclosed, or that no machine can read, until an
// officer says that they have looked. Elsewhere they warn.
func (t *step) withheldChecks(d *decision.Decision) []draft.Check {
	files := t.given()
	if len(files) == 0 {
		return nil
	}
	var all []draft.Check
	for _, r := range t.Law.Withholding(d.Granted(true), t.Request.Place, t.at) {
		left := slices.DeleteFunc(slices.Clone(files), func(a attachment.File) bool { return slices.Contains(t.checked[r.ID], a.Name()) })
		all = append(all, withheldCheck(r, seen(left)))
	}
	if len(all) > 0 {
		return all
	}
	hint := pairs(seen(slices.DeleteFunc(files, func(a attachment.File) bool { return len(a.Found) == 0 })))
	if len(hint) > 0 {
		hint["reason"] = "hint"
	}
	return []draft.Check{{Code: draft.Withheld, OK: len(hint) == 0, Facts: hint}}
}

func withheldCheck(r deadline.Regime, facts []string) draft.Check {
	about := append([]string{"law", r.ID, "name", r.Name, "clause", r.Withholds.Clause}, facts...)
	if pairs(facts)["reason"] == "" {
		return check(draft.Withheld, nil, about...)
	}
	return check(draft.Withheld, fault.New(fault.Conflict, "files for the person seem to hold what must never be disclosed, or cannot be read by a machine (%s): replace or remove them, or say that you have looked (looked_for: %s)", r.Withholds.Clause, r.ID), about...)
}

// seen are the facts of what was seen in files: what they seem to hold, and which no
// machine can read.
func seen(files []attachment.File) []string {
	var what []string
	for _, a := range files {
		for _, kind := range a.Found {
			if !slices.Contains(what, kind) {
				what = append(what, kind)
			}
		}
	}
	found := named(files, func(a attachment.File) bool { return len(a.Found) > 0 })
	unread := named(files, func(a attachment.File) bool { return len(a.Found) == 0 && !a.Type.Plain() })
	reason := map[[2]bool]string{{true, false}: "found", {false, true}: "unread", {true, true}: "both"}[[2]bool{len(found) > 0, len(unread) > 0}]
	return []string{"files", strings.Join(found, ", "), "what", strings.Join(what, " "), "unread", strings.Join(unread, ", "), "reason", reason}
}
