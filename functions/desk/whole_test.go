package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/dynamo/sessions"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

// whole is the function on DynamoDB Local, with somebody signed in and a meter
// on every call.
type whole struct {
	parts
	*meter
	db     *dynamodb.Client
	table  string
	rights *request.Service
	serve  func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)
	cookie string
}

func newWhole(tb testing.TB) *whole {
	tb.Helper()
	before := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	tb.Cleanup(func() { slog.SetDefault(before) })
	db, table := testkit.Table(tb, "RequestsTable")
	_, optOuts := testkit.Table(tb, "OptOutsTable")
	ring, err := link.ParseKeyRing(`{"current":"k1","k1":"a key for the tests of the desk, long enough"}`)
	if err != nil {
		tb.Fatal(err)
	}
	w := &whole{meter: &meter{}, db: db, table: table}
	counted := w.client(db)
	w.parts = parts{
		requests: dynamo.Table{DB: counted, Name: table}, optOuts: dynamo.Table{DB: counted, Name: optOuts},
		key: testkit.Key(tb), ring: ring, desk: testkit.Desk(tb), baseURL: "https://desk.example", issuer: "https://login.example",
		now: func() time.Time { return testkit.T0 }, random: rand.NewChaCha8([32]byte{1}),
	}
	handler, err := w.doors()
	if err != nil {
		tb.Fatal(err)
	}
	w.serve = web.Lambda(handler)
	if w.rights, err = deciding(&requests.Store{Table: w.requests, OptOuts: w.optOuts}, w.key, w.desk, w.now, w.random); err != nil {
		tb.Fatal(err)
	}
	w.signIn(tb, staff.Officer)
	return w
}

func (w *whole) signIn(tb testing.TB, role staff.Role) {
	tb.Helper()
	store := &sessions.Store{Table: w.requests, Now: w.now}
	s, err := staff.SignIn(tb.Context(), store, staff.Account{ID: "a1", Name: "Anna Weber", Role: role, SignedInAt: w.now()}, w.now())
	if err != nil {
		tb.Fatal(err)
	}
	kept := &response{header: http.Header{}}
	if err := w.login().Keep(kept, s.Account.ID, s.ID); err != nil {
		tb.Fatal(err)
	}
	w.cookie, _, _ = strings.Cut(kept.header.Get("Set-Cookie"), ";")
}

// response takes the cookie of a login.
type response struct{ header http.Header }

func (r *response) Header() http.Header         { return r.header }
func (r *response) Write(b []byte) (int, error) { return len(b), nil }
func (r *response) WriteHeader(int)             {}

// get asks for a page as a browser does.
func (w *whole) get(tb testing.TB, path string) events.APIGatewayV2HTTPResponse {
	tb.Helper()
	path, query, _ := strings.Cut(path, "?")
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Cookies: []string{w.cookie}, Headers: map[string]string{"accept": "text/html", "accept-language": "en"}}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = http.MethodGet, path
	answer, err := w.serve(tb.Context(), e)
	if err != nil || answer.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %d, %v\n%s", path, answer.StatusCode, err, answer.Body)
	}
	return answer
}

// opened is a confirmed request.
func (w *whole) opened(tb testing.TB) request.Request {
	tb.Helper()
	q, err := w.rights.Open(tb.Context(), request.Intake{
		Address: testkit.Address(tb, "marvin@example.com"), Kinds: []intake.Kind{deadline.Access, deadline.Erasure}, Name: "Marvin",
		Details: "brain the size of a planet", Place: deadline.Jurisdiction{Country: "DE"}, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	})
	if err == nil {
		q, _, err = w.rights.Confirm(tb.Context(), q.ID, q.Words())
	}
	if err != nil {
		tb.Fatal(err)
	}
	return q
}

// copied puts n requests beside one, each of somebody else and due a minute later than the one before.
func (w *whole) copied(tb testing.TB, id string, n int) {
	tb.Helper()
	row, err := w.db.GetItem(tb.Context(), &dynamodb.GetItemInput{TableName: &w.table, Key: map[string]types.AttributeValue{
		"id": &types.AttributeValueMemberS{Value: id}, "row": &types.AttributeValueMemberS{Value: "request"},
	}})
	if err != nil || len(row.Item) == 0 {
		tb.Fatal(row, err)
	}
	due := dynamo.Item(row.Item).Time("due_at")
	var batch []types.WriteRequest
	for i := range n {
		item := map[string]types.AttributeValue{}
		for name, value := range row.Item {
			item[name] = value
		}
		item["id"] = &types.AttributeValueMemberS{Value: fmt.Sprintf("PD-0000-0000-0000-%04d", i)}
		item["ref"] = &types.AttributeValueMemberS{Value: fmt.Sprint("somebody", i)}
		item["due_at"] = dynamo.Stamp(due.Add(time.Duration(i) * time.Minute))
		if batch = append(batch, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}}); len(batch) == 25 || i == n-1 {
			if _, err := w.db.BatchWriteItem(tb.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{w.table: batch}}); err != nil {
				tb.Fatal(err)
			}
			batch = nil
		}
	}
}

// long is a request whose history has so many entries.
func (w *whole) long(tb testing.TB, entries int) string {
	tb.Helper()
	q := w.opened(tb)
	for {
		f, err := w.rights.Store.File(tb.Context(), q.ID)
		if err != nil {
			tb.Fatal(err)
		}
		if len(f.Events) >= entries {
			return q.ID
		}
		for range entries - len(f.Events) {
			if _, err := w.rights.Note(tb.Context(), q.ID, "Anna Weber/a1", "The tax office has not answered yet. I rang them up."); err != nil {
				tb.Fatal(err)
			}
		}
	}
}

// meter counts the calls of a client, and how long DynamoDB takes for them.
type meter struct {
	mu    sync.Mutex
	names map[string]int
	spent time.Duration
}

func (m *meter) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.names, m.spent = map[string]int{}, 0
}

func (m *meter) calls() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, some := range m.names {
		n += some
	}
	return n
}

func (m *meter) client(db *dynamodb.Client) *dynamodb.Client {
	m.reset()
	return dynamodb.New(db.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("meter", m.count), middleware.Before)
		})
	})
}

func (m *meter) count(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	began := time.Now()
	out, metadata, err := next.HandleInitialize(ctx, in)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spent += time.Since(began)
	m.names[strings.TrimSuffix(reflect.TypeOf(in.Parameters).Elem().Name(), "Input")]++
	return out, metadata, err
}

// What an officer sees all day is read at once, however much is open, and is small enough for a bad line. Once a minute
// the queue counts what nobody confirmed, with one call more.
func TestAFullDeskIsReadAtOnce(t *testing.T) {
	w := newWhole(t)
	w.copied(t, w.opened(t).ID, 600)
	file := "/desk/requests/" + w.long(t, 100)
	w.get(t, file) // opening it is an entry of the history, once an hour
	w.reset()
	if w.get(t, "/desk"); w.calls() != 4 {
		t.Errorf("the first time: %v", w.names)
	}
	for path, most := range map[string]int{"/desk": 3, "/desk?view=unconfirmed": 3, "/desk?view=waiting": 3, "/desk?view=appeals": 3, "/desk?view=children_agents": 3, "/desk?view=to_sign": 3, file: 8} {
		w.reset()
		if page := w.get(t, path).Body; w.calls() > most || len(page) > 40<<10 {
			t.Errorf("%s: %v, %d bytes", path, w.names, len(page))
		}
	}
}
