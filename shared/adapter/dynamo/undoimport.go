package dynamo

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/optout"
)

var _ optout.UndoStore = (*OptOuts)(nil)

// leave sets the trace of an import, or takes it away: "import" is its id, and
// "before" what the import has changed, or all that the row was.
func leave(u *update, t optout.Trace) {
	before := item{}
	switch {
	case t.Before != nil:
		for attr, v := range attributes(*t.Before) {
			if v != nil {
				before[attr] = v
			}
		}
	case !t.FirstAt.IsZero():
		before["first_at"] = stamp(t.FirstAt)
	}
	u.putOrDrop("import", t.Import)
	if len(before) == 0 {
		u.drop("before")
		return
	}
	u.put("before", &types.AttributeValueMemberM{Value: before})
}

func trace(i item) optout.Trace {
	t := optout.Trace{Import: i.str("import")}
	before, ok := i["before"].(*types.AttributeValueMemberM)
	if !ok {
		return t
	}
	if was := item(before.Value); was.str("state") == "" {
		t.FirstAt = was.time("first_at")
	} else {
		r := record(was)
		t.Before = &r
	}
	return t
}

// attributes are those of a record that Restore writes, nil for those that it
// does not have. The wish to be erased is not among them: it may have become a
// request meanwhile.
func attributes(r optout.Record) item {
	text := func(s string) types.AttributeValue {
		if s == "" {
			return nil
		}
		return str(s)
	}
	at := func(t time.Time) types.AttributeValue {
		if t.IsZero() {
			return nil
		}
		return stamp(t)
	}
	attrs := item{
		"state": text(string(r.State)), "address": text(r.Address.Reveal()), "name": text(r.Name),
		"first_at": at(r.FirstAt), "out_since": at(r.OutSince), "changed_at": at(r.ChangedAt), "until": at(r.Until),
		"source": text(string(r.Evidence.Source)), "campaign": text(r.Evidence.Campaign), "form": text(r.Evidence.Form),
		"detail": text(r.Evidence.Detail), "soft_days": text(strings.Join(r.SoftDays, ",")), "reduced_at": at(r.ReducedAt),
		"disposal": nil, "disposal_at": nil,
	}
	if r.State != "" && !r.Tombstone() {
		c := optout.Change{Key: r.Key, To: r.State, Evidence: r.Evidence, Told: &optout.Told{At: r.ChangedAt, SoftDays: r.SoftDays}}
		class, since := c.Disposal()
		attrs["disposal"], attrs["disposal_at"] = str(string(class)), stamp(since)
	}
	return attrs
}

// Imported implements optout.UndoStore: a Scan, a megabyte of rows a page.
func (t *OptOuts) Imported(ctx context.Context, imported, cursor string) ([]optout.Record, string, error) {
	return t.scan(ctx, cursor, &dynamodb.ScanInput{
		ConsistentRead: aws.Bool(true), FilterExpression: aws.String("#import = :import"),
		ExpressionAttributeNames:  map[string]string{"#import": "import"},
		ExpressionAttributeValues: item{":import": str(imported)},
	})
}

// Restore implements optout.UndoStore. What SES is told of goes through the
// index Pending as any choice does, and so does a row of nothing, which
// Projected then deletes.
func (t *OptOuts) Restore(ctx context.Context, was optout.Record, imported string, tellAt time.Time) error {
	u := newUpdate()
	u.add("version")
	for attr, v := range attributes(was) {
		if v == nil {
			u.drop(attr)
			continue
		}
		u.put(attr, v)
	}
	leave(u, optout.Trace{})
	if !tellAt.IsZero() && (was.Scope.Projected() || was.State == "") {
		u.put("pending", str(pendingSES))
		u.put("pending_at", stamp(tellAt))
	}
	u.only("version", num(was.Version))
	u.only("import", str(imported))
	return t.mark(ctx, u, optOutKey(was.Key), "undo an import")
}
