package dynamo

import (
	"context"
	"fmt"
	"time"

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

// chain writes an entry and moves the head on to it, unless it has moved.
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

// Head implements disposal.Register.
func (t *Disposals) Head(ctx context.Context) (audit.Head, error) {
	return t.head(ctx, disposalsID, disposal.DisposalsSubject)
}

const certificateRow = "certificate"

// Certify implements disposal.Register.
func (t *Disposals) Certify(ctx context.Context, p disposal.Proof) error {
	run, err := t.runPut(p.Run)
	if err != nil {
		return err
	}
	writes, err := t.chain(disposalsID, p.Entry)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a certificate")
	}
	row := requestKey(disposalsID, longRow(certificateRow, p.Entry.Seq))
	row["certificate"] = str(string(p.Certificate))
	writes = append(writes, t.Requests.put(row, 0), types.TransactWriteItem{Put: run})
	return asFault(t.Requests.transact(ctx, writes), "write a certificate")
}

// Certificates returns certificates, newest first, at most so many, from the
// one before a number on; 0 is the end.
func (t *Disposals) Certificates(ctx context.Context, before, most int) ([]disposal.Proven, error) {
	last := 99_999_999
	if before > 0 {
		last = before - 1
	}
	out, err := t.Requests.DB.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.Requests.Table, Limit: aws.Int32(int32(most)), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression: aws.String("id = :id AND #row BETWEEN :first AND :last"), ExpressionAttributeNames: map[string]string{"#row": "row"},
		ExpressionAttributeValues: item{
			":id": str(disposalsID), ":first": str(longRow(certificateRow, 0)), ":last": str(longRow(certificateRow, last)),
		},
	})
	if err != nil {
		return nil, asFault(err, "read the certificates")
	}
	var list []disposal.Proven
	for _, row := range out.Items {
		var seq int
		if _, err := fmt.Sscanf(item(row).str("row"), certificateRow+"#%d", &seq); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "read the certificates")
		}
		list = append(list, disposal.Proven{Seq: seq, Signed: []byte(item(row).str("certificate"))})
	}
	return list, nil
}

// Proofs returns all certificates, oldest first, and the history that they
// are chained in.
func (t *Disposals) Proofs(ctx context.Context) ([][]byte, audit.History, error) {
	h, err := t.history(ctx, disposalsID, disposal.DisposalsSubject)
	if err != nil {
		return nil, h, err
	}
	var signed [][]byte
	for i, err := range rows(ctx, t.Requests.DB, t.ownRows(disposalsID, certificateRow+"#")) {
		if err != nil {
			return nil, h, asFault(err, "read the certificates")
		}
		signed = append(signed, []byte(i.str("certificate")))
	}
	return signed, h, nil
}

// batchWrite writes and deletes without conditions, 25 rows a call.
func (t *Requests) batchWrite(ctx context.Context, all []types.WriteRequest) error {
	for try := 0; len(all) > 0; {
		n := min(25, len(all))
		out, err := t.DB.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{t.Table: all[:n]}})
		if err != nil {
			return err
		}
		left := out.UnprocessedItems[t.Table]
		if all = append(left[:len(left):len(left)], all[n:]...); len(left) == 0 {
			try = 0
			continue
		}
		if try++; try == batchTries {
			return fault.New(fault.Unavailable, "rows stayed unprocessed")
		}
		time.Sleep(10 * time.Millisecond << try)
	}
	return nil
}
