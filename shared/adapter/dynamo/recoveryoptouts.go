package dynamo

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// optOuts brings opt-outs back.
func (r *Recovery) optOuts(ctx context.Context) error {
	for page, err := range r.pages(ctx, &dynamodb.ScanInput{TableName: &r.Copy.OptOuts, ConsistentRead: aws.Bool(true)}) {
		if err != nil {
			return asFault(err, "read the copy")
		}
		for rows := range slices.Chunk(r.choices(page), batchKeys) {
			if err := r.someOptOuts(ctx, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// choices are the rows that hold a choice; the others are counted here.
func (r *Recovery) choices(page []item) []item {
	var choices []item
	for _, i := range page {
		kind, known := optOutKind(i)
		switch {
		case !known:
			r.report.kind(kindUnknown).Copy++
			r.report.refuse(kindUnknown, 1, "OptOuts: %s", kind)
		case kind != kindOptOut && kind != kindSES && kind != kindTombstone:
			r.report.kind(kind).Copy++
			r.report.kind(kind).Left++
		case !r.sameKey(i):
			r.report.kind(kind).Copy++
			r.report.refuse(kind, 1, "OptOuts: the reference of a row %q is not that of its address", kind)
		default:
			r.report.kind(kind).Copy++
			choices = append(choices, i)
		}
	}
	return choices
}

func (r *Recovery) someOptOuts(ctx context.Context, rows []item) error {
	keys := make([]optout.Key, len(rows))
	for n, i := range rows {
		keys[n] = record(i).Key
	}
	found, err := r.OptOuts.batchGet(ctx, keys)
	if err != nil {
		return asFault(err, "read records by key")
	}
	there := map[optout.Key]item{}
	for _, i := range found {
		there[record(i).Key] = i
	}
	for _, i := range rows {
		if err := r.optOut(ctx, i, there[record(i).Key]); err != nil {
			return err
		}
	}
	return nil
}

// optOut brings one record back where there is none, or a spoilt one.
func (r *Recovery) optOut(ctx context.Context, i, there item) error {
	kind, _ := optOutKind(i)
	count := r.report.kind(kind)
	was := record(i)
	if len(there) > 0 && !r.spoilt(was, record(there)) {
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
		back.Version = record(there).Version + 1
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
	for _, table := range []string{r.OptOuts.Table, r.Copy.OptOuts} {
		if table == "" {
			continue
		}
		records, err := (&OptOuts{DB: r.OptOuts.DB, Table: table}).OfPerson(ctx, ref)
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
func recovered(o optout.Record, was item) item {
	if o.Tombstone() {
		return tombstoneItem(o)
	}
	row := optOutKey(o.Key)
	for attr, v := range attributes(o) {
		if v != nil {
			row[attr] = v
		}
	}
	row["version"] = num(o.Version)
	if since, ok := was["disposal_at"]; ok {
		row["disposal_at"] = since
	}
	if o.Projection.Status != optout.Untold {
		row["ses"] = str(string(o.Projection.Status))
	}
	if !o.ErasureRequestedAt.IsZero() && o.ErasureLanguage != "" {
		row["erase_language"] = str(o.ErasureLanguage)
	}
	if !o.Projection.DueAt.IsZero() {
		row["pending"] = str(pendingSES)
	}
	for name, at := range map[string]time.Time{
		"erased_at": o.ErasedAt, "erase_wanted_at": o.ErasureRequestedAt, "ses_at": o.Projection.At, "pending_at": o.Projection.DueAt,
	} {
		if !at.IsZero() {
			row[name] = stamp(at)
		}
	}
	return spreadRow(row)
}

// putOptOut writes a row where there is none, or over the one that was read.
func (r *Recovery) putOptOut(ctx context.Context, row, there item) error {
	u := newUpdate() // for its conditions alone
	for _, name := range []string{"ref", "version", "changed_at"} {
		u.sameOrAbsent(name, there[name])
	}
	in := &dynamodb.PutItemInput{
		TableName: &r.OptOuts.Table, Item: row, ConditionExpression: u.conditions(), ExpressionAttributeNames: u.names,
	}
	if len(there) > 0 {
		in.ExpressionAttributeValues = u.values
	}
	_, err := r.OptOuts.DB.PutItem(ctx, in)
	return err
}

// erasedElsewhere makes a tombstone for everybody who was erased and of whom no
// row about e-mail is left: an erasure opts out (request.Service.Erase), and what
// an import brings must meet it.
func (r *Recovery) erasedElsewhere(ctx context.Context) error {
	count := r.report.kind(kindErased)
	for ref, at := range r.Erased {
		count.Copy++
		key := optout.Key{Ref: ref, Scope: optout.Email.Scope()}
		there, err := r.OptOuts.batchGet(ctx, []optout.Key{key})
		if err != nil {
			return asFault(err, "read records by key")
		}
		if len(there) > 0 || r.back[key] {
			count.There++
			continue
		}
		o := optout.Record{Key: key, State: optout.Out, Version: 1, FirstAt: at, OutSince: at, ChangedAt: at}.Reduce(at, true)
		written, err := r.write(ctx, 1, func() error { return r.putOptOut(ctx, tombstoneItem(o), nil) })
		if err != nil {
			return err
		}
		if written {
			count.Back++
		}
	}
	return nil
}
