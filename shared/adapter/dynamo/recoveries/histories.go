package recoveries

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/recovery"
)

// histories brings back the legal holds, the certificates, and the histories
// that they stand in.
func (r *Recovery) histories(ctx context.Context) error {
	if err := r.history(ctx, disposals.HoldsID, disposal.HoldsSubject, recovery.Holds); err != nil {
		return err
	}
	return r.history(ctx, disposals.DisposalsID, disposal.DisposalsSubject, recovery.Disposals)
}

// rows are those of one id of a table of requests, by their name.
type rows map[string]dynamo.Item

func (r *Recovery) rows(ctx context.Context, table, id string) (rows, error) {
	all := rows{}
	for i, err := range r.in(table).Rows(ctx, dynamo.Query{Key: "id", Is: id}) {
		if err != nil {
			return nil, dynamo.Fault(err, "read the rows of "+recovery.Reference(id))
		}
		all[i.Str("row")] = i
	}
	return all, nil
}

func (r *Recovery) history(ctx context.Context, id, subject string, kind recovery.Kind) error {
	was, err := r.rows(ctx, r.Copy.Requests, id)
	if err != nil {
		return err
	}
	is, err := r.rows(ctx, r.Requests.Table.Name, id)
	if err != nil {
		return err
	}
	broken := goesOn(subject, was, is)
	if broken != nil {
		r.report.Refuse("the %s in the table does not go on from that of the copy (%s): it stays as it is", kind.Name, plainly(broken))
	}
	for _, name := range slices.Sorted(maps.Keys(was)) { // the head comes after the entries
		if err := r.historyRow(ctx, was[name], is[name], broken != nil); err != nil {
			return err
		}
	}
	return nil
}

// historyRow brings one row of a history back, or a hold.
func (r *Recovery) historyRow(ctx context.Context, was, is dynamo.Item, broken bool) error {
	kind := requestKind(was)
	count := r.report.Of(kind)
	count.Copy++
	switch {
	case is != nil:
		count.There++
		if _, err := disposals.ReadHold(is); kind == recovery.Hold && err != nil {
			r.report.Refuse("a legal hold in the table cannot be read: delete its row (%s), and run this again", disposals.HoldsID)
		}
		return nil
	case broken && kind.As == recovery.History:
		count.Refused++
		return nil
	}
	written, err := r.write(ctx, r.Requests.Put(was, 0))
	if written {
		count.Back++
	}
	return err
}

// goesOn checks that the history is whole once the copy's rows are back, and
// begins with that of the copy: it may have been begun anew after the loss.
func goesOn(subject string, was, is rows) error {
	merged := maps.Clone(was)
	maps.Copy(merged, is)
	var entries []audit.Entry
	for _, name := range slices.Sorted(maps.Keys(merged)) {
		text := merged[name].Str("entry")
		if text == "" {
			continue
		}
		e, err := audit.DecodeEntry([]byte(text))
		if err != nil {
			return fault.New(fault.Conflict, "an entry cannot be read")
		}
		entries = append(entries, e)
	}
	head := disposals.ReadHead(subject, merged[disposals.HeadRow])
	return cmp.Or(audit.Verify(entries, head), audit.Includes(entries, disposals.ReadHead(subject, was[disposals.HeadRow])))
}
