package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// DisposalOptOuts are the opt-outs with their disposal carried out by itself,
// one row a transaction.
type DisposalOptOuts struct{ *OptOuts }

// DisposalRequests are the same for requests. Most is how many writes one
// transaction takes.
type DisposalRequests struct {
	*Requests
	Most int
	Stop int // turns after which it dies; 0: never
}

// SpreadRow is a row as it is written.
func SpreadRow(row map[string]types.AttributeValue) map[string]types.AttributeValue {
	return spreadRow(row)
}

var (
	background = context.Background()
	errKilled  = errors.New("killed")
)

func disposable(db *dynamodb.Client, table string, class schedule.Class) ([]testkit.Disposable, error) {
	var found []testkit.Disposable
	x := index{db: db, table: table, name: "Disposal", kind: "disposal", at: "disposal_at"}
	for i, err := range x.rows(background, span{kind: string(class)}) {
		if err != nil {
			return nil, err
		}
		d := testkit.Disposable{Class: schedule.Class(gather(i.str("disposal"))), At: i.time("disposal_at"), Version: int(i.num("version"))}
		d.Key = optout.Key{Ref: person.Ref(i.str("ref")), Scope: optout.Scope(i.str("scope"))}
		d.Pending = i.str("pending") != ""
		if d.ID = i.str("id"); d.ID != "" {
			d.Key, d.Person, d.State = optout.Key{}, person.Ref(i.str("ref")), request.State(i.str("state"))
		}
		found = append(found, d)
	}
	return found, nil
}

func (t DisposalOptOuts) Disposable(class schedule.Class) ([]testkit.Disposable, error) {
	return disposable(t.DB, t.Table, class)
}

func (t DisposalOptOuts) write(w types.TransactWriteItem) error {
	_, err := t.DB.TransactWriteItems(background, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{w}})
	return asFault(err, "dispose of an opt-out")
}

func (t DisposalOptOuts) Remove(k optout.Key, version int, class schedule.Class) error {
	return t.write(t.removal(k, version, class))
}

func (t DisposalRequests) Disposable(class schedule.Class) ([]testkit.Disposable, error) {
	return disposable(t.DB, t.Table, class)
}

func (t DisposalRequests) Reduce(r request.Reduction) error {
	writes, err := t.reduction(r)
	if err != nil {
		return err
	}
	return t.inTurns(r.Request.ID, r.Request.Version-1, writes)
}

func (t DisposalRequests) Delete(f request.File) error {
	return t.inTurns(f.Request.ID, f.Request.Version, t.deletion(f))
}

func (t DisposalRequests) inTurns(id string, version int, writes []types.TransactWriteItem) error {
	for i, turn := range t.turns(id, version, writes, t.Most) {
		if t.Stop > 0 && i == t.Stop {
			return errKilled
		}
		if err := t.transact(background, turn); err != nil {
			return asFault(err, "dispose of a request")
		}
	}
	return nil
}

// WithoutRule names what of a row a Recovery has no rule for: its kind, or attributes.
func WithoutRule(logicalID string, row map[string]types.AttributeValue) []string {
	i, r := item(row), Recovery{report: &Recovered{Kinds: map[string]*RecoveredCount{}}}
	if logicalID == "OptOutsTable" {
		kind, known := optOutKind(i)
		if _, ruled := rowKinds[kind]; !known || !ruled {
			return []string{"a row " + kind}
		}
		if kind == kindOptOut || kind == kindSES || kind == kindTombstone {
			r.unknown(kind, i, optOutAttributes)
		}
		return r.report.Refused
	}
	id, name := i.str("id"), i.str("row")
	if id[0] != '#' {
		if !partOfRequest(name) {
			return []string{"a row " + name + " of a request"}
		}
		r.unknown(partKind(name), i, partAttributes[partKind(name)])
		return r.report.Refused
	}
	if _, known := ownKind(i); !known && id != disposalsID && id != holdsID {
		return []string{"a row " + id}
	}
	return nil
}
