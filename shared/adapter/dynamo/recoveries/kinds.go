package recoveries

import (
	"strings"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/dynamo/sessions"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/recovery"
	"privacydesk/shared/domain/request"
)

// optOutKind is the kind of a row of the table of opt-outs. An unknown one is
// named after its key, without its person.
func optOutKind(i dynamo.Item) recovery.Kind {
	scope := i.Str("scope")
	switch ref := i.Str("ref"); {
	case ref == optouts.JobsRef:
		return recovery.BulkJob
	case ref == optouts.RunRef:
		return recovery.Run
	case ref == optouts.FeedRef:
		return recovery.FeedCursor
	case strings.HasPrefix(ref, "#"):
		return strange(ref)
	case letters.IsPersons(scope):
		return recovery.Confirmation
	case strings.HasPrefix(scope, "#"):
		return strange(scope)
	}
	return recovery.OfRecord(optouts.Record(i))
}

// requestKind is the kind of a row of the table of requests, as optOutKind has it.
func requestKind(i dynamo.Item) recovery.Kind {
	id, row := i.Str("id"), i.Str("row")
	part, _, _ := strings.Cut(row, "#")
	switch {
	case id == disposals.HoldsID && strings.HasPrefix(row, disposals.HoldRow("")):
		return recovery.Hold
	case id == disposals.HoldsID:
		return recovery.Holds
	case id == disposals.DisposalsID:
		return recovery.Disposals
	case id == agenda.DigestID:
		return recovery.Digest
	case id == sessions.StaffID:
		return recovery.Session
	case row == requests.SentRow:
		return recovery.Sending
	case strings.HasPrefix(id, "#"):
		return strange(id)
	case part == requests.RowName:
		return recovery.Request
	case part == requests.EventRow:
		return recovery.Event
	case part == letters.RowPrefix:
		return recovery.Letter
	case part == requests.SystemRow:
		return recovery.System
	case part == requests.FileRow:
		return recovery.File
	}
	return recovery.Kind{Name: `a row "` + recovery.Word(part) + `" of a request`}
}

// strange is an unknown kind, named after its key up to the second "#": what
// comes after may name somebody.
func strange(key string) recovery.Kind {
	word, _, _ := strings.Cut(strings.TrimPrefix(key, "#"), "#")
	return recovery.Kind{Name: "#" + recovery.Word(word)}
}

// rewritten is a row that comes back as this code writes it, unless a rule changes it.
func rewritten(k recovery.Kind, i dynamo.Item) (dynamo.Item, error) {
	if k.As == recovery.Choice {
		return dynamo.RowItem(optouts.Record(i).Row()), nil
	}
	var f request.File
	if err := requests.AddRow(&f, i); err != nil {
		return nil, err
	}
	rows, err := requests.Rows(f)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// unknown names the attributes of a row that this code does not write, and which
// so do not come back.
func unknown(r *recovery.Report, k recovery.Kind, i dynamo.Item) {
	row, _ := rewritten(k, i)
	for name := range i {
		if row[name] == nil {
			r.Refuse("the attribute %s of a row %q is not known: it does not come back", recovery.Word(name), k.Name)
		}
	}
}

// WithoutRule names what of a row a Recovery has no rule for: its kind, or attributes.
func WithoutRule(logicalID string, i dynamo.Item) []string {
	kind := requestKind(i)
	if logicalID == "OptOutsTable" {
		kind = optOutKind(i)
	}
	r := &recovery.Report{}
	switch kind.As {
	case recovery.Unknown:
		r.Refuse("a row %s", kind.Name)
	case recovery.Choice, recovery.Part:
		unknown(r, kind, i)
	}
	return r.Refused
}
