package dynamo

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"privacydesk/shared/domain/patch"
	"privacydesk/shared/testkit"
)

// values are what each attribute of the trial may hold.
var values = map[string][]any{
	"state":   {"", "in", "out"},
	"pending": {"", "ses", "job#1"},
	"at":      {time.Time{}, testkit.T0, testkit.T0.Add(time.Hour)},
	"count":   {nil, 1, 2},
	"before":  {patch.Row{}, patch.Row{"state": "in", "count": int64(2)}},
	"words":   {patch.Set{}, patch.Set{"a"}},
}

func draw(t *rapid.T, p *patch.Patch, only bool) {
	for _, attr := range []string{"state", "pending", "at", "count", "before", "words"} {
		v := rapid.SampledFrom(values[attr]).Draw(t, attr)
		switch rapid.SampledFrom([]string{"set", "once", "clear", "add", "unite", ""}).Draw(t, "step") {
		case "set":
			p.Set(attr, v)
		case "once":
			p.SetOnce(attr, v)
		case "clear":
			p.Clear(attr)
		case "unite":
			if attr == "words" {
				p.Unite(attr, patch.Set{"b"})
			}
		case "add":
			if attr == "count" {
				p.Increment(attr)
			}
		}
	}
	p.Increment("version") // DynamoDB takes no update of nothing
	if only {
		p.KeepOnly("ref", "scope", "state", "count", "version")
	}
}

func condition(t *rapid.T) patch.Condition {
	attr := rapid.SampledFrom([]string{"state", "pending", "at", "count"}).Draw(t, "of")
	v, other := rapid.SampledFrom(values[attr][1:]).Draw(t, "v"), rapid.SampledFrom(values[attr][1:]).Draw(t, "other")
	return rapid.SampledFrom([]patch.Condition{
		patch.Is(attr, v), patch.Is(attr, values[attr][0]), patch.OneOf(attr, v, other), patch.Absent(attr), patch.Present(attr),
		patch.After(attr, v), patch.Any(patch.Is(attr, v), patch.Absent("state")),
	}).Draw(t, "condition")
}

// DynamoDB makes of a patch what patch.Apply makes of it, whatever it is.
func TestPatchesOnDynamoDBLocal(t *testing.T) {
	db, table := testkit.Table(t, "OptOutsTable")
	key := Item{"ref": Str("somebody"), "scope": Str("email")}
	rapid.Check(t, func(rt *rapid.T) {
		var first, then patch.Patch
		draw(rt, &first, false)
		only := rapid.Bool().Draw(rt, "only")
		draw(rt, &then, only)
		then.If(condition(rt), condition(rt))
		row, _ := first.Apply(patch.Row{"ref": "somebody", "scope": "email"})
		_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: spreadRow(itemOf(row, key))})
		if err != nil {
			rt.Fatal(err)
		}
		write := fromPatchOrRewrite(then, Table{db, table}, key, spreadRow(itemOf(row, key)))
		_, err = db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{write}})
		want, ok := then.Apply(row)
		if refused(err, ConditionFailed) == ok || ok && err != nil {
			rt.Fatalf("%v, and Apply says %v", err, ok)
		}
		if !ok {
			want = row
		}
		out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key})
		if got := RowOf(out.Item); err != nil || !reflect.DeepEqual(got, want) {
			rt.Fatalf("got  %v\nwant %v, %v", got, want, err)
		}
	})
}

func fromPatchOrRewrite(p patch.Patch, table Table, key, read Item) types.TransactWriteItem {
	if _, only := p.Kept(); only {
		return table.RewriteWrite(key, read, p)
	}
	return table.UpdateWrite(key, p)
}

// A rewrite is refused where what is kept has moved since it was read; what is
// not kept may have.
func TestRewriteKeepsWhatWasRead(t *testing.T) {
	db, table := testkit.Table(t, "OptOutsTable")
	key := Item{"ref": Str("somebody"), "scope": Str("email")}
	var p patch.Patch
	p.KeepOnly("version", "until")
	for name, test := range map[string]struct {
		now  patch.Row
		want bool
	}{
		"as it was":       {patch.Row{"version": int64(1), "name": "Z"}, true},
		"another name":    {patch.Row{"version": int64(1), "name": "A"}, true},
		"another version": {patch.Row{"version": int64(2), "name": "Z"}, false},
		"one more date":   {patch.Row{"version": int64(1), "until": "2026"}, false},
	} {
		_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: spreadRow(itemOf(test.now, key))})
		if err != nil {
			t.Fatal(err)
		}
		read := itemOf(patch.Row{"version": int64(1), "name": "Z"}, key)
		_, err = db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{Table{db, table}.RewriteWrite(key, read, p)}})
		if _, refused := errors.AsType[*types.TransactionCanceledException](err); refused == test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a patch makes of a row is written even where a condition did not hold of
// the row that was read, and holds by now. A row of which nothing is kept goes.
func TestRewriteOfWhatHasMovedSince(t *testing.T) {
	db, name := testkit.Table(t, "OptOutsTable")
	table, key := Table{db, name}, Item{"ref": Str("somebody"), "scope": Str("email")}
	now := itemOf(patch.Row{"version": int64(1), "name": "Z"}, key)
	read := itemOf(patch.Row{"version": int64(1), "name": "Z", "pending": "ses"}, key)
	for _, kept := range [][]string{{"version"}, {}} {
		var p patch.Patch
		p.KeepOnly(kept...)
		p.If(patch.Absent("pending"))
		if err := errors.Join(table.Put(t.Context(), now), table.Transact(t.Context(), table.RewriteWrite(key, read, p))); err != nil {
			t.Fatal(err)
		}
		left, err := table.Get(t.Context(), key)
		if want := 3 * len(kept); err != nil || len(left) != want {
			t.Errorf("%v: %d attributes are left, want %d: %v, %v", kept, len(left), want, left, err)
		}
	}
}
