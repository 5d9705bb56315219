package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

// Histories that are no request's.
const (
	disposalsID = "#disposals"
	holdsID     = "#holds"
	headRow     = "head"
)

// longRow numbers a row of a history that may grow for decades.
func longRow(kind string, seq int) string { return fmt.Sprintf("%s#%08d", kind, seq) }

func (t *Disposals) head(ctx context.Context, id, subject string) (audit.Head, error) {
	out, err := t.Requests.DB.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.Requests.Table, Key: requestKey(id, headRow), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return audit.Head{}, asFault(err, "read the end of a history")
	}
	if len(out.Item) == 0 {
		return audit.Genesis(subject), nil
	}
	row := item(out.Item)
	return audit.Head{Subject: subject, Seq: int(row.num("head_seq")), Hash: row.str("head_hash")}, nil
}

// chain writes an entry and moves the head on to it, unless it has moved. The
// row of the entry is the second write.
func (t *Disposals) chain(id string, e audit.Entry) ([]types.TransactWriteItem, error) {
	text, err := e.Encode()
	if err != nil {
		return nil, err
	}
	entry, head := requestKey(id, longRow(eventRow, e.Seq)), requestKey(id, headRow)
	entry["entry"] = str(string(text))
	head["head_seq"], head["head_hash"] = num(e.Seq), str(e.Hash)
	move := &types.Put{TableName: &t.Requests.Table, Item: head}
	move.ConditionExpression, move.ExpressionAttributeValues = stands(e.Seq - 1)
	return []types.TransactWriteItem{{Put: move}, t.Requests.put(entry, 0)}, nil
}

// stands is the condition that a history ends with entry seq.
func stands(seq int) (*string, item) {
	if seq == 0 {
		return aws.String("attribute_not_exists(id)"), nil
	}
	return aws.String("head_seq = :seq"), item{":seq": num(seq)}
}

// history reads a whole history.
func (t *Disposals) history(ctx context.Context, id, subject string) (audit.History, error) {
	var h audit.History
	head, err := t.head(ctx, id, subject)
	if err != nil {
		return h, err
	}
	h.Head = head
	for i, err := range rows(ctx, t.Requests.DB, t.ownRows(id, eventRow+"#")) {
		if err != nil {
			return h, asFault(err, "read a history")
		}
		e, err := audit.DecodeEntry([]byte(i.str("entry")))
		if err != nil {
			return h, fault.Wrap(fault.Internal, err, "read a history")
		}
		if e.Seq <= head.Seq {
			h.Entries = append(h.Entries, e)
		}
	}
	return h, nil
}

func (t *Disposals) ownRows(id, prefix string) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName: &t.Requests.Table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("id = :id AND begins_with(#row, :prefix)"),
		ExpressionAttributeNames: map[string]string{"#row": "row"}, ExpressionAttributeValues: item{":id": str(id), ":prefix": str(prefix)},
	}
}

// Head implements disposal.Store.
func (t *Disposals) Head(ctx context.Context) (audit.Head, error) {
	return t.head(ctx, disposalsID, disposal.DisposalsSubject)
}

// proof writes a certificate beside its entry.
func (t *Disposals) proof(p disposal.Proof) ([]types.TransactWriteItem, error) {
	writes, err := t.chain(disposalsID, p.Entry)
	if err == nil {
		writes[1].Put.Item["certificate"] = str(string(p.Certificate))
	}
	return writes, err
}

// Proofs implements disposal.Store.
func (t *Disposals) Proofs(ctx context.Context, before, limit int) ([]disposal.Proof, error) {
	const doing = "read the certificates"
	last := 99_999_999
	if before > 0 {
		last = before - 1
	}
	out, err := t.Requests.DB.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.Requests.Table, Limit: aws.Int32(int32(limit)), ScanIndexForward: aws.Bool(false), ConsistentRead: aws.Bool(true),
		KeyConditionExpression: aws.String("id = :id AND #row BETWEEN :first AND :last"), ExpressionAttributeNames: map[string]string{"#row": "row"},
		ExpressionAttributeValues: item{
			":id": str(disposalsID), ":first": str(longRow(eventRow, 0)), ":last": str(longRow(eventRow, last)),
		},
	})
	if err != nil {
		return nil, asFault(err, doing)
	}
	var list []disposal.Proof
	for _, row := range out.Items {
		e, err := audit.DecodeEntry([]byte(item(row).str("entry")))
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, doing)
		}
		list = append(list, disposal.Proof{Entry: e, Certificate: []byte(item(row).str("certificate"))})
	}
	return list, nil
}
