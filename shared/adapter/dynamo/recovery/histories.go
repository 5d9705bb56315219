package recovery

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

// histories brings back the legal holds, the certificates, and the histories
// that they stand in. A hold comes back whatever its history says: that of a
// lifted one may have been lost, and it is lifted again by a word.
func (r *Recovery) histories(ctx context.Context) error {
	if err := r.history(ctx, disposals.HoldsID, disposal.HoldsSubject, disposals.HoldRow(""), kindHold, "history of holds"); err != nil {
		return err
	}
	return r.history(ctx, disposals.DisposalsID, disposal.DisposalsSubject, "", "", "history of the disposals")
}

func (r *Recovery) history(ctx context.Context, id, subject, prefix, kind, chain string) error {
	was, err := r.chain(ctx, r.Copy.Requests, id, subject)
	if err != nil {
		return err
	}
	is, err := r.chain(ctx, r.Requests.Table.Name, id, subject)
	if err != nil {
		return err
	}
	merged := is.with(was)
	whole := merged.goesOnFrom(was)
	if whole != nil {
		r.report.name("the %s in the table does not go on from that of the copy (%s): it stays as it is", chain, plainly(whole))
	}
	for _, name := range was.names() {
		of, comes := chain, whole == nil
		if prefix != "" && strings.HasPrefix(name, prefix) {
			of, comes = kind, true
		}
		if err := r.part(ctx, of, comes, was.rows[name], is.rows[name]); err != nil {
			return err
		}
	}
	return nil
}

// part brings one row of a history back.
func (r *Recovery) part(ctx context.Context, kind string, comes bool, was, is dynamo.Item) error {
	count := r.report.kind(kind)
	count.Copy++
	switch {
	case is != nil:
		count.There++
		if _, err := disposals.ReadHold(is); kind == kindHold && err != nil {
			r.report.name("a legal hold in the table cannot be read: delete its row (%s), and run this again", disposals.HoldsID)
		}
		return nil
	case !comes:
		count.Refused++
		return nil
	}
	written, err := r.write(ctx, 1, func() error {
		return r.Requests.Table.Transact(ctx, r.Requests.Put(was, 0))
	})
	if written {
		count.Back++
	}
	return err
}

// chained is a history as rows.
type chained struct {
	subject string
	head    audit.Head
	entries []audit.Entry
	rows    map[string]dynamo.Item
	unread  error // of an entry
}

func (r *Recovery) chain(ctx context.Context, table, id, subject string) (chained, error) {
	c := chained{subject: subject, head: audit.Genesis(subject), rows: map[string]dynamo.Item{}}
	for i, err := range r.in(table).Rows(ctx, dynamo.Query{Key: "id", Is: id}) {
		if err != nil {
			return c, dynamo.Fault(err, "read a history")
		}
		c.rows[i.Str("row")] = i
		switch kind, _, _ := strings.Cut(i.Str("row"), "#"); kind {
		case disposals.HeadRow:
			c.head = audit.Head{Subject: subject, Seq: int(i.Num("head_seq")), Hash: i.Str("head_hash")}
		case requests.EventRow:
			e, err := audit.DecodeEntry([]byte(i.Str("entry")))
			if err != nil {
				c.unread = fault.New(fault.Conflict, "an entry cannot be read")
				continue
			}
			c.entries = append(c.entries, e)
		}
	}
	return c, nil
}

// goesOnFrom checks that the history is whole, and that of the copy its
// beginning: it may have been begun anew after the loss.
func (c chained) goesOnFrom(was chained) error {
	if err := cmp.Or(c.unread, was.unread, audit.Verify(c.entries, c.head)); err != nil {
		return err
	}
	return audit.Includes(c.entries, was.head)
}

// names are the rows in the order in which they are written: the head last.
func (c chained) names() []string {
	var all []string
	for name := range c.rows {
		if name != disposals.HeadRow {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	if c.rows[disposals.HeadRow] != nil {
		all = append(all, disposals.HeadRow)
	}
	return all
}

// with is the history with the entries that it has lost.
func (c chained) with(was chained) chained {
	merged := chained{head: c.head, unread: c.unread, entries: slices.Clone(c.entries)}
	if c.rows[disposals.HeadRow] == nil {
		merged.head = was.head
	}
	for _, e := range was.entries {
		if e.Seq <= merged.head.Seq && !slices.ContainsFunc(c.entries, func(o audit.Entry) bool { return o.Seq == e.Seq }) {
			merged.entries = append(merged.entries, e)
		}
	}
	merged.entries = bySeq(merged.entries)
	return merged
}
