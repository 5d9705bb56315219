package dynamo_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
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

func (s *shelf) plant(tb testing.TB, c disposal.Class, n int, start time.Time) []string {
	tb.Helper()
	var ids []string
	for i := range n {
		s.made++
		at := start.Add(time.Duration(i) * time.Second)
		if c == disposal.OptOutEvidence || c == disposal.SoftBounces {
			ids = append(ids, s.optOut(tb, c, at))
		} else {
			ids = append(ids, s.request(tb, fmt.Sprintf("PD-%06d", s.made), c, at).Request.ID)
		}
	}
	return ids
}

func (s *shelf) optOut(tb testing.TB, c disposal.Class, at time.Time) string {
	tb.Helper()
	k := optout.Key{Ref: person.Ref(fmt.Sprintf("ref%06d", s.made)), Scope: "email/news"}
	change := optout.Change{Key: k, To: optout.Out, Address: testkit.Address(tb, "zaphod@example.com"), Evidence: optout.Evidence{Source: optout.FromForm, At: at}}
	if c == disposal.SoftBounces {
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
func (s *shelf) request(tb testing.TB, id string, c disposal.Class, at time.Time) request.File {
	tb.Helper()
	r := request.Request{
		ID: id, Ref: person.Ref("ref" + id), Version: 1, Kinds: []request.Kind{deadline.Access}, State: request.Fulfilled, Name: "Zaphod",
		ReceivedAt: at, VerifiedAt: at, ClosedAt: at, Head: audit.Genesis(id),
	}
	switch c {
	case disposal.UnverifiedRequest:
		r.State, r.VerifiedAt, r.ClosedAt = request.Expired, time.Time{}, at
	case disposal.RequestLog:
		r.Name, r.ReducedAt = "", at
	}
	return s.file(tb, r)
}

func (s *shelf) file(tb testing.TB, r request.Request, notices ...request.Notice) request.File {
	tb.Helper()
	step := request.Step{Notices: notices}
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
	if err := s.Requests.Save(tb.Context(), request.Step{Request: r}); err != nil {
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
	case f.Request.Reduced() && len(f.Events) == 3 && audit.Verify(f.Events, f.Request.Head) == nil:
		return "reduced"
	}
	return "kept"
}
