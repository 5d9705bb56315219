package disposals

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/patch"
)

// Histories that are no request's.
const (
	DisposalsID = "#disposals"
	HoldsID     = "#holds"
	HeadRow     = "head"
)

// longRow numbers a row of a history that may grow for decades.
func longRow(kind string, seq int) string { return fmt.Sprintf("%s#%08d", kind, seq) }

func (t *Store) head(ctx context.Context, id, subject string) (audit.Head, error) {
	row, err := t.Requests.Table.Get(ctx, requests.Key(id, HeadRow))
	return ReadHead(subject, row), dynamo.Fault(err, "read the end of a history")
}

// ReadHead reads the end of a history: of an empty one, where it has no row.
func ReadHead(subject string, row dynamo.Item) audit.Head {
	if len(row) == 0 {
		return audit.Genesis(subject)
	}
	return audit.Head{Subject: subject, Seq: int(row.Num("head_seq")), Hash: row.Str("head_hash")}
}

// chain writes an entry and moves the head on to it, unless it has moved.
func (t *Store) chain(id string, e audit.Entry) ([]types.TransactWriteItem, error) {
	text, err := e.Encode()
	if err != nil {
		return nil, err
	}
	entry, head := requests.Key(id, longRow(requests.EventRow, e.Seq)), requests.Key(id, HeadRow)
	entry["entry"] = dynamo.Str(string(text))
	head["head_seq"], head["head_hash"] = dynamo.Num(e.Seq), dynamo.Str(e.Hash)
	return []types.TransactWriteItem{t.Requests.Table.PutWrite(head, endsWith(e.Seq-1)), t.Requests.Put(entry, 0)}, nil
}

// endsWith is the condition that a history ends with entry seq.
func endsWith(seq int) patch.Condition {
	if seq == 0 {
		return patch.Absent("id")
	}
	return patch.Is("head_seq", seq)
}

// history reads a whole history.
func (t *Store) history(ctx context.Context, id, subject string) (audit.History, error) {
	var h audit.History
	head, err := t.head(ctx, id, subject)
	if err != nil {
		return h, err
	}
	h.Head = head
	for i, err := range t.Requests.Table.Rows(ctx, ownRows(id, requests.EventRow+"#")) {
		if err != nil {
			return h, dynamo.Fault(err, "read a history")
		}
		e, err := audit.DecodeEntry([]byte(i.Str("entry")))
		if err != nil {
			return h, fault.Wrap(fault.Internal, err, "read a history")
		}
		if e.Seq <= head.Seq {
			h.Entries = append(h.Entries, e)
		}
	}
	return h, nil
}

func ownRows(id, prefix string) dynamo.Query {
	return dynamo.Query{Key: "id", Is: id, Sort: "row", Prefix: prefix}
}

// Head implements disposal.Store.
func (t *Store) Head(ctx context.Context) (audit.Head, error) {
	return t.head(ctx, DisposalsID, disposal.DisposalsSubject)
}

// proof writes a certificate beside its entry.
func (t *Store) proof(p disposal.Proof) ([]types.TransactWriteItem, error) {
	writes, err := t.chain(DisposalsID, p.Entry)
	if err == nil {
		writes[1].Put.Item["certificate"] = dynamo.Str(string(p.Certificate))
	}
	return writes, err
}

// Proofs implements disposal.Store.
func (t *Store) Proofs(ctx context.Context, before, limit int) ([]disposal.Proof, error) {
	const doing = "read the certificates"
	last := 99_999_999
	if before > 0 {
		last = before - 1
	}
	var list []disposal.Proof
	for row, err := range t.Requests.Table.Rows(ctx, dynamo.Query{
		Key: "id", Is: DisposalsID, Sort: "row", From: longRow(requests.EventRow, 0), To: longRow(requests.EventRow, last), Newest: limit,
	}) {
		if err != nil {
			return nil, dynamo.Fault(err, doing)
		}
		e, err := audit.DecodeEntry([]byte(row.Str("entry")))
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, doing)
		}
		list = append(list, disposal.Proof{Entry: e, Certificate: []byte(row.Str("certificate"))})
	}
	return list, nil
}
