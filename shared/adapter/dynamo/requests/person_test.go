package requests_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/ruled"
)

// spent is what calls cost, in the order in which they were made.
type spent struct {
	calls []string
	units float64
}

// counting is a client like db that counts.
func counting(db *dynamodb.Client, s *spent) *dynamodb.Client {
	return dynamodb.New(db.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("spent", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				if q, ok := in.Parameters.(*dynamodb.QueryInput); ok {
					q.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
				}
				out, meta, err := next.HandleInitialize(ctx, in)
				s.calls = append(s.calls, middleware.GetOperationName(ctx))
				if q, ok := out.Result.(*dynamodb.QueryOutput); ok && q != nil {
					s.units += aws.ToFloat64(q.ConsumedCapacity.CapacityUnits)
				}
				return out, meta, err
			}), middleware.Before)
		})
	})
}

// However many requests anybody sends in a person's name, to take in and to
// confirm the person's own costs the same.
func TestUnconfirmedRequestsSlowNobody(t *testing.T) {
	db, table := ruled.Table(t, "RequestsTable")
	_, optOuts := ruled.Table(t, "OptOutsTable")
	_, countersTable := testkit.Table(t, "CountersTable")
	now := testkit.T0
	clock := func() time.Time { now = now.Add(time.Second); return now }
	var s spent
	client := counting(db, &s)
	store := &requests.Store{Table: dynamo.Table{DB: client, Name: table}, OptOuts: dynamo.Table{DB: client, Name: optOuts}, Counters: &counters.Store{Table: dynamo.Table{DB: client, Name: countersTable}, Now: clock}}
	desk := testkit.Desk(t)
	service, err := request.New(store, testkit.Key(t), desk, clock, &testkit.Random{})
	if err != nil {
		t.Fatal(err)
	}
	address := testkit.Address(t, "zaphod@example.com")
	ask := func(details string) (cost spent) {
		s = spent{}
		r, err := service.Open(t.Context(), request.Intake{Address: address, Kinds: []intake.Kind{deadline.Access}, Details: details, OnBehalfOf: intake.Self, Source: intake.FromForm})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := service.Confirm(t.Context(), r.ID, r.Words()); err != nil {
			t.Fatal(err)
		}
		return s
	}
	ask("the first")
	before := ask("with one confirmed")
	bomb(t, db, table, string(service.Key.Ref(address)), 5000)
	after := ask("with two confirmed, and 5,000 of anybody's")
	if fmt.Sprint(after.calls) != fmt.Sprint(before.calls) || after.units > before.units+1 {
		t.Errorf("before: %v, %v units; after: %v, %v units", before.calls, before.units, after.calls, after.units)
	}
	if all, err := store.OfPerson(t.Context(), service.Key.Ref(address)); err != nil || len(all) != 5003 {
		t.Errorf("%d requests are the person's, %v", len(all), err)
	}
}

// bomb writes rows as so many requests that nobody confirmed.
func bomb(t *testing.T, db *dynamodb.Client, table, ref string, n int) {
	t.Helper()
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	var writes []types.WriteRequest
	for i := range n {
		at := testkit.T0.Add(time.Duration(i) * time.Minute).Format("2006-01-02T15:04:05.000Z")
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: map[string]types.AttributeValue{
			"id": text(fmt.Sprintf("PD-%d", i)), "row": text("request"), "ref": text(ref), "standing": text("unconfirmed#" + at),
			"state": text("awaiting_verification"), "received_at": text(at), "clock_from": text(at), "version": &types.AttributeValueMemberN{Value: "1"},
		}}})
		if len(writes) == 25 || i == n-1 {
			if _, err := db.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table: writes}}); err != nil {
				t.Fatal(err)
			}
			writes = nil
		}
	}
}
