package requests

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// Listed implements casework.Store, in one call. The index lags behind a little.
func (t *Store) Listed(ctx context.Context, l casework.List, after casework.Position, most int) ([]request.Summary, bool, error) {
	const doing = "read a list"
	index, is := indexOf(l.Watch), string(l.Watch)
	switch {
	case l.Assignee != "":
		index, is = watchIndex{"Assigned", "assigned_to", "due_at"}, l.Assignee
	case l.Special:
		index, is = watchIndex{"Special", "special", "due_at"}, inSpecial
	}
	q := dynamo.Query{Index: index.name, Key: index.watch, Is: is, Most: most, Backward: l.Latest}
	if after.ID != "" {
		q.After = Key(after.ID, RowName)
		q.After[index.watch], q.After[index.at] = dynamo.Str(is), dynamo.Stamp(after.At)
	}
	return t.page(ctx, q, index.read, doing)
}

// NewestOf implements casework.Store, in one call. The index lags behind a little.
func (t *Store) NewestOf(ctx context.Context, ref person.Ref, confirmed bool, most int) ([]request.Summary, bool, error) {
	q := dynamo.Query{Index: "Person", Key: "ref", Is: string(ref), Sort: "standing", Prefix: unconfirmedStanding, Most: most, Backward: true}
	if confirmed {
		q.Prefix = confirmedStanding
	}
	return t.page(ctx, q, readSummary, "find a person's latest requests")
}

func (t *Store) page(ctx context.Context, q dynamo.Query, read func(dynamo.Item) (request.Summary, error), doing string) ([]request.Summary, bool, error) {
	rows, more, err := t.Table.Page(ctx, q)
	if err != nil {
		return nil, false, dynamo.Fault(err, doing)
	}
	found := make([]request.Summary, len(rows))
	for n, i := range rows {
		if found[n], err = read(i); err != nil {
			return nil, false, dynamo.Fault(err, doing)
		}
	}
	return found, more, nil
}

// readSummary reads a row of an index: its card, and what stands beside it.
func readSummary(i dynamo.Item) (request.Summary, error) {
	r, err := readRequest(i)
	if err != nil {
		return request.Summary{}, err
	}
	var s request.Summary
	if err := attributevalue.Unmarshal(i["card"], &s); err != nil {
		return request.Summary{}, err
	}
	s.ID, s.Kinds, s.State, s.AppealOf, s.DueAt = r.ID, r.Kinds, r.State, r.AppealOf, r.DueAt
	s.ReceivedAt, s.ClockFrom, s.VerifiedAt, s.Reminded, s.Look = r.ReceivedAt, r.ClockFrom, r.VerifiedAt, r.Reminded, r.Look
	return s, nil
}
