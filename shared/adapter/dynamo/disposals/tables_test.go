package disposals_test

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// disposalOptOuts are the opt-outs with their disposal carried out by itself,
// one row a transaction.
type disposalOptOuts struct{ *optouts.Store }

// disposalRequests are the same for requests. Most is how many writes one
// transaction takes.
type disposalRequests struct {
	*requests.Store
	Most int
	Stop int // turns after which it dies; 0: never
}

var (
	background = context.Background()
	errKilled  = errors.New("killed")
)

func disposable(table dynamo.Table, class schedule.Class) ([]testkit.Disposable, error) {
	var found []testkit.Disposable
	for i, err := range table.Disposal().Rows(background, string(class), time.Time{}) {
		if err != nil {
			return nil, err
		}
		d := testkit.Disposable{Class: schedule.Class(i.Kind("disposal")), At: i.Time("disposal_at"), Version: int(i.Num("version"))}
		d.Key = optout.Key{Ref: person.Ref(i.Str("ref")), Scope: optout.Scope(i.Str("scope"))}
		d.Pending = i.Str("pending") != ""
		if d.ID = i.Str("id"); d.ID != "" {
			d.Key, d.Person, d.State = optout.Key{}, person.Ref(i.Str("ref")), lifecycle.State(i.Str("state"))
		}
		found = append(found, d)
	}
	return found, nil
}

func (t disposalOptOuts) Disposable(class schedule.Class) ([]testkit.Disposable, error) {
	return disposable(t.Table, class)
}

func (t disposalOptOuts) write(w types.TransactWriteItem) error {
	return dynamo.Fault(t.Table.Transact(background, w), "dispose of an opt-out")
}

func (t disposalOptOuts) Remove(k optout.Key, version int, class schedule.Class) error {
	return t.write(t.Removal(k, version, class))
}

func (t disposalRequests) Disposable(class schedule.Class) ([]testkit.Disposable, error) {
	return disposable(t.Table, class)
}

func (t disposalRequests) Reduce(r requestlog.Reduction) error {
	writes, err := t.Reduction(r)
	if err != nil {
		return err
	}
	return t.inTurns(r.Request.ID, r.Request.Version-1, writes)
}

func (t disposalRequests) Delete(f request.File) error {
	return t.inTurns(f.Request.ID, f.Request.Version, t.Deletion(f))
}

func (t disposalRequests) inTurns(id string, version int, writes []types.TransactWriteItem) error {
	for i, turn := range t.Turns(id, version, writes, t.Most) {
		if t.Stop > 0 && i == t.Stop {
			return errKilled
		}
		if err := t.Table.Transact(background, turn...); err != nil {
			return dynamo.Fault(err, "dispose of a request")
		}
	}
	return nil
}
