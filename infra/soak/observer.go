package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/testkit/faults"
)

// image is what the table says of a record, read past the desk's own code.
type image struct {
	state, source, changed, first, out, until, address, erase string
	madeBy, reduced, ses                                      string
	version                                                   int
	pending, pendingAt                                        string
}

// choice is the part that is a person's, or SES's word.
func (i image) choice() image {
	i.pending, i.pendingAt, i.ses = "", "", ""
	return i
}

// isTombstone reports whether the row is a tombstone with nothing left to sync.
func (i image) isTombstone(row faults.Row) bool {
	synced := i.ses == "listed" || i.ses == "unsupported" || strings.Contains(row.Scope, "/") || !strings.HasPrefix(row.Scope, "email")
	return i.reduced != "" && i.state == "out" && synced
}

// hasContent reports whether a row holds more than a tombstone.
func (i image) hasContent() bool {
	return i.address+i.source+i.madeBy+i.erase+i.pending != "" || i.reduced == ""
}

func (i image) suppresses(now string) bool {
	return i.state == "out" || i.state == "paused" && i.until > now
}

// observer sees every write that takes effect and knows what may follow what.
type observer struct {
	w    *world
	mu   sync.Mutex
	rows map[faults.Row]image
	seen int // choices

	observations map[faults.Row][]observation
	skewed       map[faults.Row]bool // the clock went back between two of them: nobody knows which was last
	added        map[string]bool     // refs of whom the console has added to SES's list
	accepted     int                 // opt-outs that were confirmed to people

	drift []string
}

func newObserver(w *world) *observer {
	return &observer{w: w, rows: map[faults.Row]image{}, observations: map[faults.Row][]observation{}, skewed: map[faults.Row]bool{}, added: map[string]bool{}}
}

// effect looks at the rows that a call has changed, as soon as it has.
func (t *observer) effect(c *faults.Call, status int) {
	if c.Service == faults.SES {
		t.w.trace("  %s: %s %s: %d", t.w.now().kind, c.Operation, c.Body, status)
	}
	if !c.Writes() || status != 200 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, row := range c.Rows {
		if strings.HasPrefix(row.Scope, "#") {
			continue
		}
		after, err := t.read(row)
		if err != nil {
			t.w.reportLoss("%v: cannot be read after %s: %v", row, c.Operation, err)
			continue
		}
		t.w.trace("  %s: %v: %+v", t.w.now().kind, row, after)
		t.compare(row, t.rows[row], after, t.w.now())
		t.rows[row] = after
	}
}

func (t *observer) read(row faults.Row) (image, error) {
	out, err := t.w.direct.GetItem(context.Background(), &dynamodb.GetItemInput{
		TableName: aws.String(t.w.table()), ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{
			"ref": &types.AttributeValueMemberS{Value: row.Ref}, "scope": &types.AttributeValueMemberS{Value: row.Scope},
		},
	})
	if err != nil {
		return image{}, err
	}
	return imageOf(out.Item), nil
}

func imageOf(item map[string]types.AttributeValue) image {
	i := image{
		state: text(item, "state"), source: text(item, "source"), changed: text(item, "changed_at"), first: text(item, "first_at"), out: text(item, "out_since"),
		until: text(item, "until"), address: text(item, "address"), erase: text(item, "erase_wanted_at"), pending: text(item, "pending"), pendingAt: text(item, "pending_at"),
		madeBy: text(item, "made_by"), reduced: text(item, "reduced_at"), ses: text(item, "ses"),
	}
	if v, ok := item["version"].(*types.AttributeValueMemberN); ok {
		i.version, _ = strconv.Atoi(v.Value)
	}
	return i
}

func (t *observer) reportDrift(format string, args ...any) {
	t.drift = append(t.drift, fmt.Sprintf(format, args...))
}

// observed reports whether SES has reported something of that time.
func (t *observer) observed(row faults.Row, at string) bool {
	return slices.ContainsFunc(t.observations[row], func(s observation) bool { return s.at == at })
}

// choices counts the choices that were seen to be written.
func (t *observer) choices() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seen
}

func rowOf(item map[string]types.AttributeValue) faults.Row {
	return faults.Row{Ref: text(item, "ref"), Scope: text(item, "scope")}
}
