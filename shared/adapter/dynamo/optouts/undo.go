package optouts

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
)

var _ optout.UndoStore = (*Store)(nil)

// leave sets the trace of an import, or takes it away: "import" is its id, and
// "before" what the import has changed, or all that the row was.
func leave(u *patch.Patch, t optout.Trace) {
	before := patch.Row{}
	switch {
	case t.Before != nil:
		before = Attributes(*t.Before)
	case !t.FirstAt.IsZero():
		before["first_at"] = patch.Time(t.FirstAt)
	}
	u.Set("import", t.Import)
	u.Set("before", before)
}

func trace(i dynamo.Item) optout.Trace {
	t := optout.Trace{Import: i.Str("import")}
	before, ok := i["before"].(*types.AttributeValueMemberM)
	if !ok {
		return t
	}
	if was := dynamo.Item(before.Value); was.Str("state") == "" {
		t.FirstAt = was.Time("first_at")
	} else {
		r := Record(was)
		t.Before = &r
	}
	return t
}

// restored are the attributes that Restore writes or clears. The wish to be
// erased is not among them: it may have become a request meanwhile.
var restored = []string{
	"state", "address", "name", "first_at", "out_since", "changed_at", "until", "source", "campaign", "form", "detail",
	"soft_days", "reduced_at", "disposal", "disposal_at",
}

// Attributes are those of restored that a record has.
func Attributes(r optout.Record) patch.Row {
	var u patch.Patch
	for attr, v := range map[string]any{
		"state": r.State, "address": r.Address.Reveal(), "name": r.Name,
		"first_at": r.FirstAt, "out_since": r.OutSince, "changed_at": r.ChangedAt, "until": r.Until,
		"source": r.Evidence.Source, "campaign": r.Evidence.Campaign, "form": r.Evidence.Form, "detail": r.Evidence.Detail,
		"soft_days": strings.Join(r.SoftDays, ","), "reduced_at": r.ReducedAt,
	} {
		u.Set(attr, v)
	}
	if r.State != "" && !r.Tombstone() {
		c := optout.Change{Key: r.Key, To: r.State, Evidence: r.Evidence, Observed: &optout.Observation{At: r.ChangedAt, SoftDays: r.SoftDays}}
		class, since := c.Disposal()
		u.Set("disposal", class)
		u.Set("disposal_at", since)
	}
	row, _ := u.Apply(nil)
	return row
}

// Imported implements optout.UndoStore: a Scan, a megabyte of rows a page.
func (t *Store) Imported(ctx context.Context, imported, cursor string) ([]optout.Record, string, error) {
	return t.scan(ctx, cursor, &dynamodb.ScanInput{
		ConsistentRead: aws.Bool(true), FilterExpression: aws.String("#import = :import"),
		ExpressionAttributeNames:  map[string]string{"#import": "import"},
		ExpressionAttributeValues: dynamo.Item{":import": dynamo.Str(imported)},
	})
}

// Restore implements optout.UndoStore. What SES is told of goes through the
// index Pending as any choice does, and so does a row of nothing, which
// Projected then deletes.
func (t *Store) Restore(ctx context.Context, was optout.Record, imported string, tellAt time.Time) error {
	var u patch.Patch
	u.Increment("version")
	before := Attributes(was)
	for _, attr := range restored {
		u.Set(attr, before[attr])
	}
	leave(&u, optout.Trace{})
	if !tellAt.IsZero() && (was.Scope.Synced() || was.State == "") {
		u.Set("pending", PendingSES)
		u.Set("pending_at", tellAt)
	}
	u.If(patch.Is("version", was.Version))
	u.If(patch.Is("import", imported))
	return t.mark(ctx, u, Key(was.Key), "undo an import")
}
