package sessions_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/sessions"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
)

func TestSessionsOnDynamoDBLocal(t *testing.T) {
	contract.SessionContract(t, func(tb testing.TB, now func() time.Time) staff.Sessions {
		db, table := testkit.Table(tb, "RequestsTable")
		return &sessions.Store{Table: dynamo.Table{DB: db, Name: table}, Now: now}
	})
}

func TestNoRowLetsAnybodyIn(t *testing.T) {
	db, name := testkit.Table(t, "RequestsTable")
	table := dynamo.Table{DB: db, Name: name}
	store := &sessions.Store{Table: table, Now: func() time.Time { return testkit.T0 }}
	s, err := staff.SignIn(t.Context(), store, staff.Account{ID: "anna", Role: staff.Officer}, testkit.T0)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for row, err := range table.Scan(t.Context(), dynamodb.ScanInput{}) {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		for attr := range row {
			if strings.Contains(row.Str(attr), s.ID) {
				t.Errorf("%s shows the session's id", attr)
			}
		}
	}
	if rows != 1 {
		t.Errorf("%d rows for a session", rows)
	}
}

func TestWithoutATableNobodyIsIn(t *testing.T) {
	store := &sessions.Store{Table: dynamo.Table{DB: testkit.DynamoDB(t), Name: "missing"}, Now: func() time.Time { return testkit.T0 }}
	_, read := store.Read(t.Context(), "anna", "s")
	_, of := store.Of(t.Context(), "anna")
	_, all := store.All(t.Context())
	for what, err := range map[string]error{
		"read": read, "of": of, "all": all, "start": store.Start(t.Context(), staff.Session{ID: "s", StartedAt: testkit.T0}), "touch": store.Touch(t.Context(), staff.Session{ID: "s", SeenAt: testkit.T0}),
		"end": store.End(t.Context(), "anna", "s"), "end all": store.EndAll(t.Context(), "anna"),
	} {
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
