package dynamo

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

// histories brings back the legal holds, the certificates, and the histories
// that they stand in. A hold comes back whatever its history says: that of a
// lifted one may have been lost, and it is lifted again by a word.
func (r *Recovery) histories(ctx context.Context) error {
	if err := r.history(ctx, holdsID, disposal.HoldsSubject, holdRow(""), kindHold, "history of holds"); err != nil {
		return err
	}
	return r.history(ctx, disposalsID, disposal.DisposalsSubject, "", "", "history of the disposals")
}

func (r *Recovery) history(ctx context.Context, id, subject, prefix, kind, chain string) error {
	was, err := r.chain(ctx, r.Copy.Requests, id, subject)
	if err != nil {
		return err
	}
	is, err := r.chain(ctx, r.Requests.Table, id, subject)
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
func (r *Recovery) part(ctx context.Context, kind string, comes bool, was, is map[string]types.AttributeValue) error {
	count := r.report.kind(kind)
	count.Copy++
	switch {
	case is != nil:
		count.There++
		if _, err := readHold(is); kind == kindHold && err != nil {
			r.report.name("a legal hold in the table cannot be read: delete its row (%s), and run this again", holdsID)
		}
		return nil
	case !comes:
		count.Refused++
		return nil
	}
	written, err := r.write(ctx, 1, func() error {
		_, err := r.Requests.DB.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: &r.Requests.Table, Item: was, ConditionExpression: aws.String("attribute_not_exists(id)"),
		})
		return err
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
	rows    map[string]map[string]types.AttributeValue
	unread  error // of an entry
}

func (r *Recovery) chain(ctx context.Context, table, id, subject string) (chained, error) {
	c := chained{subject: subject, head: audit.Genesis(subject), rows: map[string]map[string]types.AttributeValue{}}
	for i, err := range rows(ctx, r.Requests.DB, allOf(table, id)) {
		if err != nil {
			return c, asFault(err, "read a history")
		}
		c.rows[i.str("row")] = i
		switch kind, _, _ := strings.Cut(i.str("row"), "#"); kind {
		case headRow:
			c.head = audit.Head{Subject: subject, Seq: int(i.num("head_seq")), Hash: i.str("head_hash")}
		case eventRow:
			e, err := audit.DecodeEntry([]byte(i.str("entry")))
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
		if name != headRow {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	if c.rows[headRow] != nil {
		all = append(all, headRow)
	}
	return all
}

// with is the history with the entries that it has lost.
func (c chained) with(was chained) chained {
	merged := chained{head: c.head, unread: c.unread, entries: slices.Clone(c.entries)}
	if c.rows[headRow] == nil {
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

// allOf asks for all rows of a request, or of what else has its id.
func allOf(table, id string) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName: &table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("id = :id"),
		ExpressionAttributeValues: item{":id": str(id)},
	}
}
