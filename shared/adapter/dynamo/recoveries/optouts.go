package recoveries

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/recovery"
)

// optOuts brings opt-outs back.
func (r *Recovery) optOuts(ctx context.Context) error {
	var some []dynamo.Item
	for i, err := range r.scan(ctx, r.Copy.OptOuts, "") {
		if err != nil {
			return err
		}
		if r.mayComeBack(i) {
			some = append(some, i)
		}
		if len(some) == dynamo.BatchKeys {
			if err := r.someOptOuts(ctx, some); err != nil {
				return err
			}
			some = nil
		}
	}
	return r.someOptOuts(ctx, some)
}

// mayComeBack counts a row, and reports whether it holds a choice that may come back.
func (r *Recovery) mayComeBack(i dynamo.Item) bool {
	kind := optOutKind(i)
	count := r.report.Of(kind)
	count.Copy++
	switch {
	case kind.As == recovery.Unknown:
		count.Refused++
		r.report.Refuse("OptOuts: %s", kind.Name)
	case kind.As == recovery.Never:
		count.Left++
	case !r.sameKey(i):
		count.Refused++
		r.report.Refuse("OptOuts: the reference of a row %q is not that of its address", kind.Name)
	default:
		return true
	}
	return false
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
	for n, i := range rows {
		if err := r.optOut(ctx, i, there[keys[n]]); err != nil {
			return err
		}
	}
	return nil
}

// optOut brings one record back where there is none, or a spoilt one.
func (r *Recovery) optOut(ctx context.Context, i, there dynamo.Item) error {
	was, is := optouts.Record(i), optouts.Record(there)
	kind := recovery.OfRecord(was)
	count := r.report.Of(kind)
	if len(there) > 0 && !recovery.Supersedes(was, is, r.Now, r.Spoilt.Has(is.ChangedAt)) {
		count.There++
		return nil
	}
	erased, err := r.erasedAt(ctx, was.Ref)
	if err == nil {
		was.ErasureRequestedAt, err = r.pendingErasure(ctx, was)
	}
	if err != nil {
		return err
	}
	back, comes := recovery.Recover(was, r.Now, erased)
	if !comes {
		count.Left++
		return nil
	}
	unknown(r.report, kind, i)
	if len(there) > 0 {
		back.Version = is.Version + 1
	}
	row := dynamo.RowItem(back.Row())
	if row["disposal_at"] != nil && i["disposal_at"] != nil {
		row["disposal_at"] = i["disposal_at"] // the period goes on
	}
	written, err := r.write(ctx, r.putOptOut(row, there))
	if written {
		count.Back++
		r.back[back.Key] = true
	} else if err == nil {
		count.There++
	}
	return err
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

// pendingErasure is when a person wanted to be erased as well, zero once that is
// a request: it was received then (request.Service.OpenPendingErasures).
func (r *Recovery) pendingErasure(ctx context.Context, o optout.Record) (time.Time, error) {
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

// putOptOut writes a row where there is none, or over the one that was read.
func (r *Recovery) putOptOut(row, there dynamo.Item) types.TransactWriteItem {
	var same []patch.Condition
	for _, name := range []string{"ref", "version", "changed_at"} {
		same = append(same, there.Same(name))
	}
	return r.OptOuts.Table.PutWrite(row, same...)
}

// erasedElsewhere makes a tombstone for everybody who was erased and of whom no
// row about e-mail is left.
func (r *Recovery) erasedElsewhere(ctx context.Context) error {
	count := r.report.Of(recovery.Erased)
	for ref, at := range r.Erased {
		count.Copy++
		o := recovery.ErasedTombstone(ref, at)
		there, err := r.OptOuts.Rows(ctx, []optout.Key{o.Key})
		if err != nil {
			return err
		}
		if len(there) > 0 || r.back[o.Key] {
			count.There++
			continue
		}
		written, err := r.write(ctx, r.putOptOut(dynamo.RowItem(o.Row()), nil))
		if err != nil {
			return err
		}
		if written {
			count.Back++
		}
	}
	return nil
}
