package requests_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/ruled"
)

// With 10,000 open requests the first page takes two calls, and what it reads does
// not grow with them. What nobody confirmed takes another, once a minute.
func TestTheQueueReadsTwice(t *testing.T) {
	db, table := ruled.Table(t, "RequestsTable")
	now := testkit.T0
	fill(t, db, table, 10_000, now)
	var s spent
	store := &requests.Store{Table: dynamo.Table{DB: counting(db, &s), Name: table}}
	service, err := request.New(store, testkit.Key(t), testkit.Desk(t), func() time.Time { return now }, &testkit.Random{})
	if err != nil {
		t.Fatal(err)
	}
	desk := &casework.Desk{Requests: service, Store: store}
	if _, err := desk.Queue(t.Context(), casework.Query{}); err != nil || len(s.calls) != 3 {
		t.Fatalf("%d calls, %v", len(s.calls), err)
	}
	s.calls, s.units = nil, 0
	page, err := desk.Queue(t.Context(), casework.Query{})
	if err != nil || len(page.Rows) != 50 || page.Next == "" {
		t.Fatalf("%d rows, %v", len(page.Rows), err)
	}
	if got := strings.Join(s.calls, " "); got != "Query Query" || s.units > 40 {
		t.Errorf("%s, %v units", got, s.units)
	}
	if c := page.Counts; !c.New.More || c.New.N != 251 && c.New.N != 250 || c.Overdue.N != 0 || c.Overdue.More {
		t.Errorf("%+v", c)
	}
	seen := map[string]bool{}
	for range 5 {
		for _, row := range page.Rows {
			if seen[row.Reference] || row.Person != "z***@e***.com" {
				t.Fatalf("%+v", row)
			}
			seen[row.Reference] = true
		}
		if page, err = desk.Queue(t.Context(), casework.Query{After: page.Next}); err != nil {
			t.Fatal(err)
		}
	}
}

// fill writes so many open requests as the store would.
func fill(t *testing.T, db *dynamodb.Client, table string, n int, now time.Time) {
	t.Helper()
	var writes []types.WriteRequest
	for i := range n {
		id := fmt.Sprintf("PD-%05d", i)
		q := request.Request{
			ID: id, Ref: "r", Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Open, Address: testkit.Address(t, "z@example.com"), Name: "Zaphod", Details: strings.Repeat("x", 500),
			Place: deadline.Jurisdiction{Country: "DE"}, ReceivedAt: now, ClockFrom: now, VerifiedAt: now, DueAt: now.AddDate(0, 0, 1+i/300).Truncate(24 * time.Hour), DueRule: "gdpr/respond",
		}
		rows, err := requests.Rows(request.File{Request: q})
		if err != nil {
			t.Fatal(err)
		}
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: rows[0]}})
		if len(writes) == 25 || i == n-1 {
			if _, err := db.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table: writes}}); err != nil {
				t.Fatal(err)
			}
			writes = nil
		}
	}
}
