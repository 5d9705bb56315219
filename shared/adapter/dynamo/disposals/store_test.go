package disposals_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
	"privacydesk/shared/testkit/ruled"
)

// Disposals is the store, embedded under the name of what it holds.
type Disposals = disposals.Store

// records has real opt-outs and requests in DynamoDB Local.
type records struct {
	*Disposals
	db   *dynamodb.Client
	made int
}

func newRecords(tb testing.TB) *records {
	db, requestsTable := testkit.Table(tb, "RequestsTable")
	_, optOuts := testkit.Table(tb, "OptOutsTable")
	return &records{db: db, Disposals: &disposals.Store{
		Requests: &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}}, OptOuts: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}},
	}}
}

func TestDisposalStoreOnDynamoDBLocal(t *testing.T) {
	contract.DisposalStoreContract(t, func(tb testing.TB) contract.DisposalStoreTables {
		s := newRecords(tb)
		ruled.Check(tb, s.Disposals.Requests.Table, "RequestsTable")
		ruled.Check(tb, s.OptOuts.Table, "OptOutsTable")
		return contract.DisposalStoreTables{Store: s.Disposals, Put: s.plant, Large: s.large, Change: s.change, Remove: s.remove, State: s.state}
	})
}

// large is a request that takes so many rows to reduce.
func (s *records) large(tb testing.TB, c schedule.Class, rows int, at time.Time) string {
	tb.Helper()
	s.made++
	f := s.request(tb, fmt.Sprintf("PD-%06d", s.made), c, at)
	for len(f.Events) < rows-2 {
		r := f.Request
		step := request.Step{}
		for range min(50, rows-2-len(f.Events)) {
			e, err := audit.Append(r.Head, audit.Entry{At: at, Kind: "noted", Actor: "officer", Private: map[string]audit.Private{"note": audit.Personal("x")}}, &testkit.Random{})
			if err != nil {
				tb.Fatal(err)
			}
			r.Head, step.Events = e.Head(), append(step.Events, e)
		}
		r.Version++
		step.Request = r
		if err := s.Requests.Save(tb.Context(), step); err != nil {
			tb.Fatal(err)
		}
		f.Request, f.Events = r, append(f.Events, step.Events...)
	}
	return f.Request.ID
}

// watched is a store whose transactions are kept, and into which something
// comes, once, before it reads or before it writes. Dry, it writes nothing.
type watched struct {
	*Disposals
	dry         bool
	read, write func()
	works       []disposal.Work
}

func once(f *func()) {
	if do := *f; do != nil {
		*f = nil
		do()
	}
}

func (w *watched) Read(ctx context.Context, items []disposal.Item) ([]disposal.Record, error) {
	once(&w.read)
	return w.Disposals.Read(ctx, items)
}

func (w *watched) Dispose(ctx context.Context, b disposal.Batch) error {
	once(&w.write)
	if w.dry {
		b.Works = append([]disposal.Work(nil), b.Works...)
	} else if err := w.Disposals.Dispose(ctx, b); err != nil {
		return err
	}
	w.works = append(w.works, b.Works...)
	return nil
}

// outcomes are those of the records that went, by their names.
func (w *watched) outcomes() map[string]disposal.Outcome {
	all := map[string]disposal.Outcome{}
	for _, work := range w.works {
		all[work.ID] = work.Outcome
	}
	return all
}

type unheard struct{}

func (unheard) Erased(context.Context, string, person.Ref, time.Time) error { return nil }

// sweep disposes of a class at a time, and returns its line of the report.
func (w *watched) sweep(tb testing.TB, c schedule.Class, now time.Time) (disposal.ClassLine, error) {
	tb.Helper()
	rules, err := schedule.New(testkit.Desk(tb))
	if err != nil {
		tb.Fatal(err)
	}
	signer, err := audit.ParseSigner(`{"current":"k1","k1":"a key for the tests of certificates, long enough"}`)
	if err != nil {
		tb.Fatal(err)
	}
	s := &disposal.Sweeper{
		Store: w, Publisher: unheard{}, Schedule: rules, Zone: time.UTC, Signer: signer, Issuer: "https://privacy.example.com", Build: "test",
		Now: func() time.Time { return now }, NewID: func() string { return "C" }, Random: &testkit.Random{},
	}
	rep, err := s.Sweep(tb.Context(), disposal.Task{Class: c}, func() bool { return false })
	return rep.Classes[0], err
}

func (s *records) plant(tb testing.TB, c schedule.Class, n int, start time.Time) []string {
	tb.Helper()
	var ids []string
	for i := range n {
		s.made++
		at := start.Add(time.Duration(i) * time.Second)
		if c == schedule.OptOutEvidence || c == schedule.SoftBounces {
			ids = append(ids, s.optOut(tb, c, at))
		} else {
			ids = append(ids, s.request(tb, fmt.Sprintf("PD-%06d", s.made), c, at).Request.ID)
		}
	}
	return ids
}

func (s *records) optOut(tb testing.TB, c schedule.Class, at time.Time) string {
	tb.Helper()
	k := optout.Key{Ref: person.Ref(fmt.Sprintf("ref%06d", s.made)), Scope: "email/news"}
	change := optout.Change{Key: k, To: optout.Out, Address: testkit.Address(tb, "zaphod@example.com"), Evidence: optout.Evidence{Source: optout.FromForm, At: at}}
	if c == schedule.SoftBounces {
		k.Scope = "bounce"
		change = optout.Change{
			Key: k, To: optout.In, Address: change.Address, Evidence: optout.Evidence{Source: optout.FromSoftBounces, At: at},
			Observed: &optout.Observation{At: at, SoftDays: []string{at.Format(time.DateOnly)}, Quiet: true},
		}
	}
	if _, err := s.OptOuts.Apply(tb.Context(), change); err != nil {
		tb.Fatal(err)
	}
	return string(k.Ref) + "/" + string(k.Scope)
}

// request is one of a class, with two entries in its history.
func (s *records) request(tb testing.TB, id string, c schedule.Class, at time.Time) request.File {
	tb.Helper()
	r := request.Request{
		ID: id, Ref: person.Ref("ref" + id), Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Fulfilled, Name: "Zaphod",
		ReceivedAt: at, VerifiedAt: at, ClosedAt: at, Head: audit.Genesis(id),
	}
	switch c {
	case schedule.UnverifiedRequest:
		r.State, r.VerifiedAt, r.ClosedAt = lifecycle.Expired, time.Time{}, at
	case schedule.RequestLog:
		r.Name, r.ReducedAt = "", at
	}
	return s.file(tb, r)
}

func (s *records) file(tb testing.TB, r request.Request, letters ...outbox.Letter) request.File {
	tb.Helper()
	step := request.Step{Letters: letters}
	for _, kind := range []string{"received", "fulfilled"} {
		e, err := audit.Append(r.Head, audit.Entry{At: r.ReceivedAt, Kind: kind, Actor: "person", Private: map[string]audit.Private{"name": audit.Personal("Zaphod")}}, &testkit.Random{})
		if err != nil {
			tb.Fatal(err)
		}
		r.Head, step.Events = e.Head(), append(step.Events, e)
	}
	step.Request = r
	if err := s.Requests.Create(tb.Context(), request.Creation{Step: step}); err != nil {
		tb.Fatal(err)
	}
	return request.File{Request: r, Events: step.Events}
}

func key(id string) optout.Key {
	var k optout.Key
	for n := range id {
		if id[n] == '/' {
			return optout.Key{Ref: person.Ref(id[:n]), Scope: optout.Scope(id[n+1:])}
		}
	}
	return k
}

func (s *records) change(tb testing.TB, id string) {
	tb.Helper()
	if k := key(id); k.Ref != "" {
		_, err := s.OptOuts.Apply(tb.Context(), optout.Change{Key: k, To: optout.Out, Evidence: optout.Evidence{Source: optout.FromLink, At: testkit.T0.AddDate(9, 0, 0)}})
		if err != nil {
			tb.Fatal(err)
		}
		return
	}
	r, err := s.Requests.Load(tb.Context(), id)
	if err != nil {
		tb.Fatal(err)
	}
	r.Version++
	if err := s.Requests.Save(tb.Context(), request.Step{Request: r}); err != nil {
		tb.Fatal(err)
	}
}

func (s *records) remove(tb testing.TB, id string) {
	tb.Helper()
	table, row := s.Requests.Table.Name, map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}, "row": &types.AttributeValueMemberS{Value: "request"}}
	if k := key(id); k.Ref != "" {
		table, row = s.OptOuts.Table.Name, map[string]types.AttributeValue{"ref": &types.AttributeValueMemberS{Value: string(k.Ref)}, "scope": &types.AttributeValueMemberS{Value: string(k.Scope)}}
	}
	if _, err := s.db.DeleteItem(tb.Context(), &dynamodb.DeleteItemInput{TableName: &table, Key: row}); err != nil {
		tb.Fatal(err)
	}
}

func (s *records) state(tb testing.TB, id string) string {
	tb.Helper()
	if k := key(id); k.Ref != "" {
		found, err := s.OptOuts.Records(context.Background(), []optout.Key{k})
		if err != nil {
			tb.Fatal(err)
		}
		switch r, there := found[k]; {
		case !there:
			return "gone"
		case r.Tombstone() && r.Address == (person.Address{}):
			return "reduced"
		}
		return "kept"
	}
	f, err := s.Requests.File(context.Background(), id)
	switch {
	case fault.Is(err, fault.NotFound):
		return "gone"
	case err != nil:
		tb.Fatal(err)
	case f.Request.Reduced() && f.Events[len(f.Events)-1].Kind == "reduced" && audit.Verify(f.Events, f.Request.Head) == nil:
		return "reduced"
	}
	return "kept"
}
