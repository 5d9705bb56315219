package dynamo

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// OptOuts is the table of opt-outs; see the package comment. It is an
// optout.Store, an optout.Queue and an optout.ConfirmationStore.
type OptOuts struct {
	DB    *dynamodb.Client
	Table string
	Kept  Kept // of bulk jobs and walks
}

var (
	_ optout.Store             = (*OptOuts)(nil)
	_ optout.Queue             = (*OptOuts)(nil)
	_ optout.ConfirmationStore = (*OptOuts)(nil)
)

func optOutKey(k optout.Key) item {
	return item{"ref": str(string(k.Ref)), "scope": str(string(k.Scope))}
}

// Apply implements optout.Store.
func (t *OptOuts) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	out, err := t.choose(ctx, c)
	if err != nil {
		return optout.Record{}, asFault(err, "record a choice")
	}
	return record(out.Attributes), nil
}

// ApplyAll implements optout.Store.
func (t *OptOuts) ApplyAll(ctx context.Context, changes []optout.Change, c *optout.OptInConfirmation) error {
	var others []types.TransactWriteItem
	if c != nil {
		others = append(others, confirmationUpdate(*c).write(t.Table, letterKey(c.Letter())))
	}
	return asFault(transactChoices(ctx, t.DB, t.Table, others, changes), "record choices")
}

func changeUpdate(c optout.Change) *update {
	u, at := newUpdate(), stamp(c.Evidence.At)
	u.add("version")
	u.put("changed_at", at)
	if c.DatesOnly {
		return u
	}
	if !c.ErasedAt.IsZero() {
		u.put("state", str(string(c.To)))
		u.put("first_at", at)
		u.put("out_since", at)
		u.put("reduced_at", at)
		u.put("erased_at", stamp(c.ErasedAt))
		return u
	}
	u.put("state", str(string(c.To)))
	u.put("address", str(c.Address.Reveal()))
	u.put("source", str(string(c.Evidence.Source)))
	u.putOrDrop("campaign", c.Evidence.Campaign)
	u.putOrDrop("form", c.Evidence.Form)
	u.putOrDrop("detail", c.Evidence.Detail)
	u.putOrDrop("made_by", c.MadeBy)
	switch {
	case c.Told != nil:
		tell(u, c)
	case c.To == optout.Out:
		u.keep("first_at", at)
		u.keep("out_since", at)
	case c.To == optout.Paused:
		u.put("until", stamp(c.Until))
		u.drop("out_since")
	default:
		u.drop("out_since", "until")
	}
	class, since := c.Disposal()
	u.put("disposal", str(string(class)))
	u.put("disposal_at", stamp(since))
	u.drop("reduced_at")
	leave(u, c.Trace)
	if c.Name != "" {
		u.put("name", str(c.Name))
	}
	if c.ErasureRequested {
		u.keep("erase_wanted_at", at)
		u.putOrDrop("erase_language", c.Language)
	}
	if c.Scope.Projected() && (c.Told == nil || !c.Told.Quiet) {
		u.put("pending", str(pendingSES))
		u.put("pending_at", stamp(c.KnownAt()))
	}
	return u
}

// tell sets the times that SES's news bring along, whatever the row has.
func tell(u *update, c optout.Change) {
	if !c.Told.FirstAt.IsZero() {
		u.put("first_at", stamp(c.Told.FirstAt))
	}
	u.putOrDrop("soft_days", strings.Join(c.Told.SoftDays, ","))
	if c.To == optout.Out {
		u.put("out_since", stamp(c.Evidence.At))
		return
	}
	u.drop("out_since", "until")
}

func record(i item) optout.Record {
	address, _ := person.Parse(i.str("address"))
	return optout.Record{
		Key:                optout.Key{Ref: person.Ref(i.str("ref")), Scope: optout.Scope(i.str("scope"))},
		State:              optout.State(i.str("state")),
		Version:            int(i.num("version")),
		Address:            address,
		Name:               i.str("name"),
		MadeBy:             i.str("made_by"),
		FirstAt:            i.time("first_at"),
		OutSince:           i.time("out_since"),
		ChangedAt:          i.time("changed_at"),
		Until:              i.time("until"),
		ErasureRequestedAt: i.time("erase_wanted_at"),
		ErasureLanguage:    i.str("erase_language"),
		ReducedAt:          i.time("reduced_at"),
		ErasedAt:           i.time("erased_at"),
		Evidence: optout.Evidence{
			Source: optout.Source(i.str("source")), At: i.time("changed_at"),
			Campaign: i.str("campaign"), Form: i.str("form"), Detail: i.str("detail"),
		},
		SoftDays: words(i.str("soft_days")),
		Trace:    trace(i),
		Projection: optout.Projection{
			DueAt: i.time("pending_at"), Status: optout.ListStatus(i.str("ses")),
			At: i.time("ses_at"), Reason: i.str("ses_reason"), Job: i.str("job"),
		},
	}
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// OfPerson implements optout.Store.
func (t *OptOuts) OfPerson(ctx context.Context, ref person.Ref) ([]optout.Record, error) {
	var records []optout.Record
	for i, err := range rows(ctx, t.DB, &dynamodb.QueryInput{
		TableName: &t.Table, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#ref = :ref"),
		ExpressionAttributeNames:  map[string]string{"#ref": "ref"},
		ExpressionAttributeValues: item{":ref": str(string(ref))},
	}) {
		if err != nil {
			return nil, asFault(err, "read a person's choices")
		}
		if r := record(i); r.State != "" { // else a row of another kind, or of nothing any more
			records = append(records, r)
		}
	}
	return records, nil
}

// expired reports whether TTL should have deleted the row by now.
func expired(i item, now time.Time) bool {
	at := i.num("expires_at")
	return at != 0 && now.Unix() >= at
}

// PendingErasures yields the opt-outs whose wish to be erased is no request
// yet. It scans the index Erasures, which holds nothing else.
func (t *OptOuts) PendingErasures(ctx context.Context) iter.Seq2[optout.Record, error] {
	return func(yield func(optout.Record, error) bool) {
		pages := dynamodb.NewScanPaginator(t.DB, &dynamodb.ScanInput{TableName: &t.Table, IndexName: aws.String("Erasures")})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(optout.Record{}, asFault(err, "find pending erasures"))
				return
			}
			for _, i := range page.Items {
				if !yield(record(i), nil) {
					return
				}
			}
		}
	}
}
