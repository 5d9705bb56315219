package recovery

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
)

// optOuts brings opt-outs back.
func (r *Recovery) optOuts(ctx context.Context) error {
	var some []dynamo.Item
	for i, err := range r.in(r.Copy.OptOuts).Scan(ctx, dynamodb.ScanInput{ConsistentRead: aws.Bool(true)}) {
		if err != nil {
			return dynamo.Fault(err, "read the copy")
		}
		if !r.choice(i) {
			continue
		}
		if some = append(some, i); len(some) == dynamo.BatchKeys {
			if err := r.someOptOuts(ctx, some); err != nil {
				return err
			}
			some = nil
		}
	}
	return r.someOptOuts(ctx, some)
}

// choice counts a row, and reports whether it holds a choice that may come back.
func (r *Recovery) choice(i dynamo.Item) bool {
	kind, known := optOutKind(i)
	if !known {
		r.report.kind(kindUnknown).Copy++
		r.report.refuse(kindUnknown, 1, "OptOuts: %s", kind)
		return false
	}
	count := r.report.kind(kind)
	count.Copy++
	switch {
	case kind != kindOptOut && kind != kindSES && kind != kindTombstone:
		count.Left++
		return false
	case !r.sameKey(i):
		r.report.refuse(kind, 1, "OptOuts: the reference of a row %q is not that of its address", kind)
		return false
	}
	return true
}

func (r *Recovery) someOptOuts(ctx context.Context, rows []dynamo.Item) error {
	keys := make([]optout.Key, len(rows))
	for n, i := range rows {
		keys[n] = optouts.Record(i).Key
	}
	found, err := r.OptOuts.Rows(ctx, keys)
	if err != nil {
		return err
	}
	there := map[optout.Key]dynamo.Item{}
	for _, i := range found {
		there[optouts.Record(i).Key] = i
	}
	for _, i := range rows {
		if err := r.optOut(ctx, i, there[optouts.Record(i).Key]); err != nil {
			return err
		}
	}
	return nil
}

// optOut brings one record back where there is none, or a spoilt one.
func (r *Recovery) optOut(ctx context.Context, i, there dynamo.Item) error {
	kind, _ := optOutKind(i)
	count := r.report.kind(kind)
	was := optouts.Record(i)
	if len(there) > 0 && !r.spoilt(was, optouts.Record(there)) {
		count.There++
		return nil
	}
	erased, err := r.erasedAt(ctx, was.Ref)
	if err != nil {
		return err
	}
	back, comes := optout.Recover(was, r.Now, erased)
	if !comes {
		count.Left++
		return nil
	}
	if back.ErasureRequestedAt, err = r.wish(ctx, back); err != nil {
		return err
	}
	r.unknown(kind, i, optOutAttributes)
	if len(there) > 0 {
		back.Version = optouts.Record(there).Version + 1
	}
	written, err := r.write(ctx, 1, func() error { return r.putOptOut(ctx, recovered(back, i), there) })
	if written {
		count.Back++
		r.back[back.Key] = true
	} else if err == nil {
		count.There++
	}
	return err
}

// spoilt reports whether a record in service is none that this code writes, or
// does not keep somebody from being mailed whom the copy has out: it is older
// than that of the copy, or of the span in which nobody wanted to come back.
func (r *Recovery) spoilt(was, is optout.Record) bool {
	if is.State == "" || !optout.Valid(is) {
		return is.State != "" || is.Projection.DueAt.IsZero() // else an import that was undone
	}
	ends := !is.Suppresses(r.Now) || is.State == optout.Paused && was.State == optout.Out
	older := is.Version < was.Version && is.ChangedAt.Before(was.ChangedAt)
	return was.Suppresses(r.Now) && ends && (older || r.Spoilt.has(is.ChangedAt))
}

// erasedAt is when a person was last erased, by a request, by what the operator
// knows, or by what a record of theirs says, in service or in the copy.
func (r *Recovery) erasedAt(ctx context.Context, ref person.Ref) (time.Time, error) {
	last := r.Erased[ref]
	for _, table := range []string{r.OptOuts.Table.Name, r.Copy.OptOuts} {
		if table == "" {
			continue
		}
		records, err := (&optouts.Store{Table: r.in(table)}).OfPerson(ctx, ref)
		if err != nil {
			return last, err
		}
		for _, o := range records {
			if o.ErasedAt.After(last) {
				last = o.ErasedAt
			}
		}
	}
	return last, nil
}

// wish is when a person wanted to be erased as well, zero once that is a request:
// it was received when the wish was (request.Service.OpenPendingErasures).
func (r *Recovery) wish(ctx context.Context, o optout.Record) (time.Time, error) {
	if o.ErasureRequestedAt.IsZero() {
		return time.Time{}, nil
	}
	requests, err := r.Requests.OfPerson(ctx, o.Ref)
	for _, q := range requests {
		if q.ReceivedAt.Equal(o.ErasureRequestedAt) && slices.Contains(q.Kinds, deadline.Erasure) {
			return time.Time{}, err
		}
	}
	return o.ErasureRequestedAt, err
}

// recovered is the row of a record that comes back, with the start of its period
// as the copy has it.
func recovered(o optout.Record, was dynamo.Item) dynamo.Item {
	if o.Tombstone() {
		return dynamo.RowItem(o.Reduce(o.ReducedAt, false).Row()) // whatever else the copy holds
	}
	if o.ErasureRequestedAt.IsZero() {
		o.ErasureLanguage = ""
	}
	row := dynamo.RowItem(o.Row())
	if since, ok := was["disposal_at"]; ok {
		row["disposal_at"] = since
	}
	return row
}

// putOptOut writes a row where there is none, or over the one that was read.
func (r *Recovery) putOptOut(ctx context.Context, row, there dynamo.Item) error {
	var same []patch.Condition
	for _, name := range []string{"ref", "version", "changed_at"} {
		same = append(same, there.Same(name))
	}
	return r.OptOuts.Table.Transact(ctx, r.OptOuts.Table.PutWrite(row, same...))
}

// erasedElsewhere makes a tombstone for everybody who was erased and of whom no
// row about e-mail is left: an erasure opts out (request.Service.Erase), and what
// an import brings must meet it.
func (r *Recovery) erasedElsewhere(ctx context.Context) error {
	count := r.report.kind(kindErased)
	for ref, at := range r.Erased {
		count.Copy++
		key := optout.Key{Ref: ref, Scope: optout.Email.Scope()}
		there, err := r.OptOuts.Rows(ctx, []optout.Key{key})
		if err != nil {
			return err
		}
		if len(there) > 0 || r.back[key] {
			count.There++
			continue
		}
		o := optout.Record{Key: key, State: optout.Out, Version: 1, FirstAt: at, OutSince: at, ChangedAt: at}.Reduce(at, true)
		written, err := r.write(ctx, 1, func() error { return r.putOptOut(ctx, dynamo.RowItem(o.Row()), nil) })
		if err != nil {
			return err
		}
		if written {
			count.Back++
		}
	}
	return nil
}
