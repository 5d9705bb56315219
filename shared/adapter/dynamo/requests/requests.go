// Package requests stores and finds requests with their histories and letters,
// each step in one transaction. It must not decide what a step is. Its rows are
// on the page of dynamo.
package requests

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// Store is the table of rights requests; see the package comment. Its
// transactions reach into the opt-outs and the counters, so that a request
// never stands without what belongs to it. It is a request.Store, an agenda.Agenda
// and a casework.Store.
type Store struct {
	Table    dynamo.Table
	OptOuts  dynamo.Table
	Counters *counters.Store
}

var (
	_ request.Store  = (*Store)(nil)
	_ agenda.Agenda  = (*Store)(nil)
	_ casework.Store = (*Store)(nil)
)

func Key(id, row string) dynamo.Item {
	return dynamo.Item{"id": dynamo.Str(id), "row": dynamo.Str(row)}
}

// Create implements request.Store.
func (t *Store) Create(ctx context.Context, c request.Creation) error {
	writes, err := t.sending(c)
	if err != nil {
		return err
	}
	var at time.Time
	if len(c.Limits) > 0 {
		at = t.Counters.Now()
		writes = append(t.Counters.Writes(c.Limits, at), writes...)
	}
	err = t.transact(ctx, writes, c.Step)
	if id := repeated(err); id != "" {
		return &request.RepeatedError{ID: id}
	}
	if used := counters.UsedUp(err, c.Limits); len(used) > 0 {
		return quota.Exhausted(at, used...)
	}
	return dynamo.Fault(err, "create a request")
}

// sending is the row by which what is sent twice makes one request.
func (t *Store) sending(c request.Creation) ([]types.TransactWriteItem, error) {
	s := c.Sending
	if s == nil {
		return nil, nil
	}
	row := Key(SentRow+"#"+s.Key, SentRow)
	row["request"] = dynamo.Str(c.Request.ID)
	if err := row.Expire(s.At, schedule.SentDays*24*time.Hour); err != nil {
		return nil, err
	}
	first := patch.Absent("id")
	if s.Instead != "" {
		first = patch.Any(first, patch.Is("request", s.Instead))
	}
	return []types.TransactWriteItem{t.Table.PutWrite(row, first)}, nil
}

const SentRow = "#sent"

// repeated is the request that the same sending made, where a transaction was
// cancelled for it.
func repeated(err error) string {
	for _, r := range dynamo.Refusals(err) {
		if r.Row.Str("row") == SentRow {
			return r.Row.Str("request")
		}
	}
	return ""
}

// Save implements request.Store.
func (t *Store) Save(ctx context.Context, s request.Step) error {
	return dynamo.Fault(t.transact(ctx, nil, s), "save a request")
}

// transact writes a step, with the other one that it has and what stands before, all
// or nothing.
func (t *Store) transact(ctx context.Context, writes []types.TransactWriteItem, s request.Step) error {
	optOuts := s.OptOuts
	for step := &s; step != nil; step = step.Also {
		more, err := t.writes(*step)
		if err != nil {
			return fault.Wrap(fault.Internal, err, "write a request")
		}
		if writes = append(writes, more...); step != &s {
			optOuts = slices.Concat(optOuts, step.OptOuts)
		}
	}
	return optouts.Transact(ctx, t.Table, t.OptOuts, writes, optOuts)
}

// OptOut implements request.Store.
func (t *Store) OptOut(ctx context.Context, changes []optout.Change) error {
	return dynamo.Fault(optouts.Transact(ctx, t.Table, t.OptOuts, nil, changes), "opt out")
}

// writes are the rows of one step but its opt-outs: the request on the
// condition of its version, and only new rows beside it.
func (t *Store) writes(s request.Step) ([]types.TransactWriteItem, error) {
	row, err := item(&s.Request)
	if err != nil {
		return nil, err
	}
	writes := []types.TransactWriteItem{t.Put(row, s.Request.Version-1)}
	for _, e := range s.Events {
		row, err := eventItem(e)
		if err != nil {
			return nil, err
		}
		writes = append(writes, t.Put(row, 0))
	}
	for _, l := range s.Letters {
		writes = append(writes, t.Put(letters.Row(l), 0))
	}
	for _, e := range s.Systems { // the version of the request protects them
		writes = append(writes, t.Table.PutWrite(systemItem(e)))
	}
	for _, f := range s.Files {
		writes = append(writes, t.Table.PutWrite(fileItem(f)))
	}
	for _, l := range s.Done {
		write := t.Table.UpdateWrite(letters.Key(l), letters.Ended(l))
		if l.Before() == outbox.ToPost { // the whole row: the desk may not update one
			write = t.Table.PutWrite(letters.Row(l), patch.Is("mail_state", outbox.ToPost))
		}
		writes = append(writes, write)
	}
	if s.PendingErasure != nil {
		writes = append(writes, t.OptOuts.UpdateWrite(optouts.Key(*s.PendingErasure), optout.OpenedPatch()))
	}
	return writes, nil
}

// Put writes a whole row: a new one when before is 0, else over the version
// before.
func (t *Store) Put(row dynamo.Item, before int) types.TransactWriteItem {
	if before == 0 {
		return t.Table.PutWrite(row, patch.Absent("id"))
	}
	return t.Table.PutWrite(row, patch.Is("version", before))
}

// Load implements request.Store.
func (t *Store) Load(ctx context.Context, id string) (request.Request, error) {
	const doing = "load a request"
	row, err := t.Table.Get(ctx, Key(id, RowName))
	if err != nil {
		return request.Request{}, dynamo.Fault(err, doing)
	}
	if len(row) == 0 {
		return request.Request{}, errNoRequest
	}
	r, err := readRequest(row)
	if err != nil {
		return r, fault.Wrap(fault.Internal, err, doing)
	}
	return r, nil
}

var errNoRequest = fault.New(fault.NotFound, "There is no such request.")

// OfPerson implements request.Store. The index is not consistent: a request of
// the last second may be missing, and then stands unlinked.
func (t *Store) OfPerson(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	return t.ofPerson(ctx, ref, "")
}

// ConfirmedOf implements request.Store; see OfPerson.
func (t *Store) ConfirmedOf(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	return t.ofPerson(ctx, ref, confirmedStanding)
}

func (t *Store) ofPerson(ctx context.Context, ref person.Ref, standing string) ([]request.Summary, error) {
	const doing = "find a person's requests"
	q := dynamo.Query{Index: "Person", Key: "ref", Is: string(ref)}
	if standing != "" {
		q.Sort, q.Prefix = "standing", standing
	}
	var found []request.Summary
	for i, err := range t.Table.Rows(ctx, q) {
		s, readErr := readSummary(i)
		if err = errors.Join(err, readErr); err != nil {
			return nil, dynamo.Fault(err, doing)
		}
		found = append(found, s)
	}
	return found, nil
}

// File implements request.Store.
func (t *Store) File(ctx context.Context, id string) (request.File, error) {
	const doing = "read the file of a request"
	var file request.File
	for i, err := range t.Table.Rows(ctx, dynamo.Query{Key: "id", Is: id}) {
		if err != nil {
			return file, dynamo.Fault(err, doing)
		}
		if err := AddRow(&file, i); err != nil {
			return file, fault.Wrap(fault.Internal, err, doing)
		}
	}
	if file.Request.ID == "" {
		return file, errNoRequest
	}
	return file, nil
}

// AddRow puts a row where its key says that it belongs.
func AddRow(file *request.File, i dynamo.Item) (err error) {
	kind, _, _ := strings.Cut(i.Str("row"), "#")
	switch kind {
	case RowName:
		file.Request, err = readRequest(i)
	case EventRow:
		var e audit.Entry
		e, err = audit.DecodeEntry([]byte(i.Str("entry")))
		file.Events = append(file.Events, e)
	case letters.RowPrefix:
		file.Letters = append(file.Letters, letters.Read(i))
	case SystemRow:
		file.Systems = append(file.Systems, readSystem(i))
	case FileRow:
		file.Files = append(file.Files, readFile(i))
	}
	return err
}
