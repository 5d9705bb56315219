package dynamo_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/dynamo"
	"privacydesk/shared/fault"
	"privacydesk/shared/law"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/register"
	"privacydesk/shared/retention"
	"privacydesk/shared/rights"
	"privacydesk/shared/testkit"
)

// shelf plants real opt-outs and requests in DynamoDB Local.
type shelf struct {
	*dynamo.Disposals
	db   *dynamodb.Client
	made int
}

func newShelf(tb testing.TB) *shelf {
	db, requests := testkit.Table(tb, "RequestsTable")
	_, optOuts := testkit.Table(tb, "OptOutsTable")
	return &shelf{db: db, Disposals: &dynamo.Disposals{
		Requests: &dynamo.Requests{DB: db, Table: requests, OptOuts: optOuts}, OptOuts: &dynamo.OptOuts{DB: db, Table: optOuts}, Random: &testkit.Random{},
	}}
}

func TestShelfOnDynamoDBLocal(t *testing.T) {
	testkit.ShelfContract(t, func(tb testing.TB) testkit.ShelfTables {
		s := newShelf(tb)
		ruled(tb, s.db, "RequestsTable", s.Disposals.Requests.Table)
		ruled(tb, s.db, "OptOutsTable", s.OptOuts.Table)
		return testkit.ShelfTables{Store: s.Disposals, Plant: s.plant, Change: s.change, Remove: s.remove, State: s.state}
	})
}

func (s *shelf) plant(tb testing.TB, c retention.Class, n int, start time.Time) []string {
	tb.Helper()
	var ids []string
	for i := range n {
		s.made++
		at := start.Add(time.Duration(i) * time.Second)
		if c == retention.OptOutEvidence || c == retention.SoftBounces {
			ids = append(ids, s.optOut(tb, c, at))
		} else {
			ids = append(ids, s.request(tb, fmt.Sprintf("PD-%06d", s.made), c, at).Request.ID)
		}
	}
	return ids
}

func (s *shelf) optOut(tb testing.TB, c retention.Class, at time.Time) string {
	tb.Helper()
	k := optout.Key{Ref: person.Ref(fmt.Sprintf("ref%06d", s.made)), Scope: "email/news"}
	change := optout.Change{Key: k, To: optout.Out, Address: testkit.Address(tb, "zaphod@example.com"), Evidence: optout.Evidence{Source: optout.FromForm, At: at}}
	if c == retention.SoftBounces {
		k.Scope = "bounce"
		change = optout.Change{
			Key: k, To: optout.In, Address: change.Address, Evidence: optout.Evidence{Source: optout.FromSoftBounces, At: at},
			Told: &optout.Told{At: at, SoftDays: []string{at.Format(time.DateOnly)}, Quiet: true},
		}
	}
	if _, err := s.OptOuts.Apply(tb.Context(), change); err != nil {
		tb.Fatal(err)
	}
	return string(k.Ref) + "/" + string(k.Scope)
}

// request is one of a class, with two entries in its history.
func (s *shelf) request(tb testing.TB, id string, c retention.Class, at time.Time) rights.File {
	tb.Helper()
	r := rights.Request{
		ID: id, Ref: person.Ref("ref" + id), Version: 1, Kinds: []rights.Kind{law.Access}, State: rights.Fulfilled, Name: "Zaphod",
		ReceivedAt: at, VerifiedAt: at, ClosedAt: at, Head: register.Genesis(id),
	}
	switch c {
	case retention.UnverifiedRequest:
		r.State, r.VerifiedAt, r.ClosedAt = rights.Expired, time.Time{}, at
	case retention.RequestLog:
		r.Name, r.ReducedAt = "", at
	}
	return s.file(tb, r)
}

func (s *shelf) file(tb testing.TB, r rights.Request, notices ...rights.Notice) rights.File {
	tb.Helper()
	step := rights.Step{Notices: notices}
	for _, kind := range []string{"received", "fulfilled"} {
		e, err := register.Append(r.Head, register.Entry{At: r.ReceivedAt, Kind: kind, Actor: "person", Private: map[string]register.Private{"name": register.Personal("Zaphod")}}, &testkit.Random{})
		if err != nil {
			tb.Fatal(err)
		}
		r.Head, step.Events = e.Head(), append(step.Events, e)
	}
	step.Request = r
	if err := s.Requests.Create(tb.Context(), rights.Creation{Step: step}); err != nil {
		tb.Fatal(err)
	}
	return rights.File{Request: r, Events: step.Events}
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

func (s *shelf) change(tb testing.TB, id string) {
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
	if err := s.Requests.Save(tb.Context(), rights.Step{Request: r}); err != nil {
		tb.Fatal(err)
	}
}

func (s *shelf) remove(tb testing.TB, id string) {
	tb.Helper()
	table, row := s.Requests.Table, map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}, "row": &types.AttributeValueMemberS{Value: "request"}}
	if k := key(id); k.Ref != "" {
		table, row = s.OptOuts.Table, map[string]types.AttributeValue{"ref": &types.AttributeValueMemberS{Value: string(k.Ref)}, "scope": &types.AttributeValueMemberS{Value: string(k.Scope)}}
	}
	if _, err := s.db.DeleteItem(tb.Context(), &dynamodb.DeleteItemInput{TableName: &table, Key: row}); err != nil {
		tb.Fatal(err)
	}
}

func (s *shelf) state(tb testing.TB, id string) string {
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
	case fault.CodeOf(err) == fault.NotFound:
		return "gone"
	case err != nil:
		tb.Fatal(err)
	case f.Request.Reduced() && len(f.Events) == 3 && register.Verify(f.Events, f.Request.Head) == nil:
		return "reduced"
	}
	return "kept"
}
