package main

import (
	"context"
	"math/rand/v2"
	"strings"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit/faults"
)

// erase reduces somebody's records to tombstones, as the sweep of package
// retention does once their time is over or an erasure is ordered: those that
// are synced and have not changed since they were read.
func (w *world) erase(random *rand.Rand) {
	ref := string(w.key.Ref(w.somebody(random)))
	_ = w.do(&op{kind: "erase"}, func() error {
		for _, row := range w.rowsOf(ref) {
			if i := w.rows[row]; i.pending == "" {
				k := optout.Key{Ref: person.Ref(row.Ref), Scope: optout.Scope(row.Scope)}
				if err := w.raw.MakeTombstone(context.Background(), k, i.version, w.clock.Now(), false); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// erased reports whether an image is that of before without what is personal.
func (i image) erased(before image) bool {
	before.address, before.source, before.erase, before.madeBy, before.reduced = "", "", "", "", i.reduced
	return i.reduced != "" && i.choice() == before.choice()
}

// forgotten reports whether a person is suppressed by records of which none
// has an address any more: what SES loses of them cannot be put again.
func (w *world) forgotten(ref, now string) bool {
	for _, row := range w.rowsOf(ref) {
		i := w.rows[row]
		if listed := row.Scope == "email" || row.Scope == "bounce" || row.Scope == "complaint"; listed && i.suppresses(now) && i.address != "" {
			return false
		}
	}
	return true
}

// rowsOf are a person's records that were seen to be written, sorted.
func (w *world) rowsOf(ref string) []faults.Row {
	w.mu.Lock()
	defer w.mu.Unlock()
	var rows []faults.Row
	for _, scope := range scopes {
		if row := (faults.Row{Ref: ref, Scope: scope}); w.rows[row].version > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// scopes are all that the round's people have.
var scopes = strings.Fields("bounce complaint email email/newsletter email/offers phone post sms")
