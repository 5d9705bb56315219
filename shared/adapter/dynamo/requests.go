package dynamo

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
)

// Requests is the table of rights requests; see the package comment. Its
// transactions reach into the opt-outs and the counters, so that a request
// never stands without what belongs to it. It is a request.Store and a
// request.Agenda.
type Requests struct {
	DB       *dynamodb.Client
	Table    string
	OptOuts  string // table
	Counters *Counters
}

var (
	_ request.Store  = (*Requests)(nil)
	_ request.Agenda = (*Requests)(nil)
)

func requestKey(id, row string) item { return item{"id": str(id), "row": str(row)} }

// Create implements request.Store.
func (t *Requests) Create(ctx context.Context, c request.Creation) error {
	writes, err := t.sending(c)
	if err != nil {
		return err
	}
	var at time.Time
	if len(c.Limits) > 0 {
		at = t.Counters.Now()
		writes = append(t.Counters.writes(c.Limits, at), writes...)
	}
	steps, optOuts := []request.Step{c.Step}, c.OptOuts
	if c.About != nil {
		steps, optOuts = append(steps, *c.About), append(optOuts[:len(optOuts):len(optOuts)], c.About.OptOuts...)
	}
	for _, s := range steps {
		more, err := t.writes(s)
		if err != nil {
			return fault.Wrap(fault.Internal, err, "write a request")
		}
		writes = append(writes, more...)
	}
	err = transactChoices(ctx, t.DB, t.OptOuts, writes, optOuts)
	if id := repeated(err); id != "" {
		return &request.RepeatedError{ID: id}
	}
	if used := usedUp(err, c.Limits); len(used) > 0 {
		return quota.Exhausted(at, used...)
	}
	return asFault(err, "create a request")
}

// sending is the row by which what is sent twice makes one request.
func (t *Requests) sending(c request.Creation) ([]types.TransactWriteItem, error) {
	s := c.Sending
	if s == nil {
		return nil, nil
	}
	row := requestKey(sentRow+"#"+s.Key, sentRow)
	row["request"] = str(c.Request.ID)
	return []types.TransactWriteItem{{Put: &types.Put{
		TableName: &t.Table, Item: row, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ConditionExpression:       aws.String("attribute_not_exists(id) OR #request = :instead"),
		ExpressionAttributeNames:  map[string]string{"#request": "request"},
		ExpressionAttributeValues: item{":instead": str(s.Instead)},
	}}}, row.expire(s.At, request.SentFor)
}

const sentRow = "#sent"

// repeated is the request that the same sending made, where a transaction was
// cancelled for it.
func repeated(err error) string {
	t, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return ""
	}
	for _, r := range t.CancellationReasons {
		if row := item(r.Item); row.str("row") == sentRow {
			return row.str("request")
		}
	}
	return ""
}

// Save implements request.Store.
func (t *Requests) Save(ctx context.Context, s request.Step) error {
	writes, err := t.writes(s)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a request")
	}
	return asFault(transactChoices(ctx, t.DB, t.OptOuts, writes, s.OptOuts), "save a request")
}

// OptOut implements request.Store.
func (t *Requests) OptOut(ctx context.Context, changes []optout.Change) error {
	return asFault(transactChoices(ctx, t.DB, t.OptOuts, nil, changes), "opt out")
}

func (t *Requests) transact(ctx context.Context, writes []types.TransactWriteItem) error {
	return retry(ctx, func() error {
		_, err := t.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
		return err
	})
}

// writes are the rows of one step but its opt-outs: the request on the
// condition of its version, and only new rows beside it.
func (t *Requests) writes(s request.Step) ([]types.TransactWriteItem, error) {
	row, err := requestItem(&s.Request)
	if err != nil {
		return nil, err
	}
	writes := []types.TransactWriteItem{t.put(row, s.Request.Version-1)}
	for _, e := range s.Events {
		row, err := eventItem(e)
		if err != nil {
			return nil, err
		}
		writes = append(writes, t.put(row, 0))
	}
	for _, l := range s.Letters {
		writes = append(writes, t.put(letterItem(l), 0))
	}
	if s.Done != nil {
		writes = append(writes, ended(*s.Done).write(t.Table, letterKey(*s.Done)))
	}
	if s.PendingErasure != nil {
		u := newUpdate()
		u.drop("erase_wanted_at", "erase_language")
		u.exists("erase_wanted_at")
		writes = append(writes, u.write(t.OptOuts, optOutKey(*s.PendingErasure)))
	}
	return writes, nil
}

// put writes a whole row: a new one when before is 0, else over the version
// before.
func (t *Requests) put(row item, before int) types.TransactWriteItem {
	p := &types.Put{TableName: &t.Table, Item: spreadRow(row)}
	if before == 0 {
		p.ConditionExpression = aws.String("attribute_not_exists(id)")
	} else {
		p.ConditionExpression = aws.String("version = :before")
		p.ExpressionAttributeValues = item{":before": num(before)}
	}
	return types.TransactWriteItem{Put: p}
}

// Load implements request.Store.
func (t *Requests) Load(ctx context.Context, id string) (request.Request, error) {
	const doing = "load a request"
	out, err := t.DB.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.Table, Key: requestKey(id, requestRowName), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return request.Request{}, asFault(err, doing)
	}
	if len(out.Item) == 0 {
		return request.Request{}, errNoRequest
	}
	r, err := readRequest(out.Item)
	if err != nil {
		return r, fault.Wrap(fault.Internal, err, doing)
	}
	return r, nil
}

var errNoRequest = fault.New(fault.NotFound, "There is no such request.")

// OfPerson implements request.Store. The index is not consistent: a request of
// the last second may be missing, and then stands unlinked.
func (t *Requests) OfPerson(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	return t.ofPerson(ctx, ref, "")
}

// ConfirmedOf implements request.Store; see OfPerson.
func (t *Requests) ConfirmedOf(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	return t.ofPerson(ctx, ref, confirmedStanding)
}

func (t *Requests) ofPerson(ctx context.Context, ref person.Ref, standing string) ([]request.Summary, error) {
	const doing = "find a person's requests"
	in := &dynamodb.QueryInput{
		TableName: &t.Table, IndexName: aws.String("Person"),
		KeyConditionExpression:    aws.String("#ref = :ref"),
		ExpressionAttributeNames:  map[string]string{"#ref": "ref"},
		ExpressionAttributeValues: item{":ref": str(string(ref))},
	}
	if standing != "" {
		in.KeyConditionExpression = aws.String("#ref = :ref AND begins_with(standing, :standing)")
		in.ExpressionAttributeValues[":standing"] = str(standing)
	}
	var found []request.Summary
	for i, err := range rows(ctx, t.DB, in) {
		if err != nil {
			return nil, asFault(err, doing)
		}
		r, err := readRequest(i)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, doing)
		}
		found = append(found, summary(r))
	}
	return found, nil
}

func summary(r request.Request) request.Summary {
	return request.Summary{
		ID: r.ID, Kinds: r.Kinds, State: r.State, ReceivedAt: r.ReceivedAt, ClockFrom: r.ClockFrom, VerifiedAt: r.VerifiedAt, DueAt: r.DueAt, AppealOf: r.AppealOf,
		Reminded: r.Reminded, Look: r.Look,
	}
}

// File implements request.Store.
func (t *Requests) File(ctx context.Context, id string) (request.File, error) {
	const doing = "read the file of a request"
	var file request.File
	for i, err := range rows(ctx, t.DB, &dynamodb.QueryInput{
		TableName: &t.Table, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("id = :id"),
		ExpressionAttributeValues: item{":id": str(id)},
	}) {
		if err != nil {
			return file, asFault(err, doing)
		}
		if err := addRow(&file, i); err != nil {
			return file, fault.Wrap(fault.Internal, err, doing)
		}
	}
	if file.Request.ID == "" {
		return file, errNoRequest
	}
	return file, nil
}

// addRow puts a row where its key says that it belongs.
func addRow(file *request.File, i item) (err error) {
	kind, _, _ := strings.Cut(i.str("row"), "#")
	switch kind {
	case requestRowName:
		file.Request, err = readRequest(i)
	case eventRow:
		var e audit.Entry
		e, err = audit.DecodeEntry([]byte(i.str("entry")))
		file.Events = append(file.Events, e)
	case letterRow:
		file.Letters = append(file.Letters, readLetter(i))
	}
	return err
}
