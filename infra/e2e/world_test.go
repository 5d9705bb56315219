package e2e

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"privacydesk/infra/local/iam"
	"privacydesk/infra/local/runtime"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// world is the real suppression function alone with its table and its list.
// Every call that it makes passes a relay that forgets connections, and a proxy,
// which can do something at the n-th.
type world struct {
	*optout.Service
	table  *optouts.Store
	ses    *httptest.Server
	proxy  *faults.Proxy
	front  string // address of the relay before the proxy
	lambda *runtime.Runtime
	second *runtime.Runtime // the same function once more, where two must run at once
	shown  terminal

	fault atomic.Pointer[sesFault] // nil: none
}

// sesFault is what SES has to say instead of doing as it is told; nil: nothing.
type sesFault func(*http.Request) *standin.Fault

// settings of a world. Zero values are what the local stack has.
type worldConfig struct {
	timeout time.Duration // of an invocation
	stream  bool          // the table has its stream
}

func newWorld(tb testing.TB, config worldConfig) *world {
	tb.Helper()
	dist, err := buildFor(tb)
	if err != nil {
		tb.Fatal(err)
	}
	open := testkit.Table
	if config.stream {
		open = testkit.StreamedTable
	}
	db, name := open(tb, "OptOutsTable")
	w := &world{table: &optouts.Store{Table: dynamo.Table{DB: db, Name: name}}}
	w.Service = &optout.Service{Store: w.table, Key: testkit.Key(tb), Now: time.Now, Zone: time.UTC}
	w.startSES(tb)
	w.startProxy(tb, testkit.DynamoDBEndpoint(tb))
	w.startFunction(tb, dist, config)
	return w
}

// buildFor builds the functions where there is a DynamoDB Local to run them on.
func buildFor(tb testing.TB) (string, error) {
	tb.Helper()
	testkit.DynamoDBEndpoint(tb) // skips where there is none
	return build()
}

func (w *world) startSES(tb testing.TB) {
	tb.Helper()
	server, err := standin.New(standin.Config{Faults: func(r *http.Request) *standin.Fault {
		fault := w.fault.Load()
		if fault == nil || r.Header.Get("Amz-Sdk-Request") == "" { // the tests' own looks at the list are no calls
			return nil
		}
		return (*fault)(r)
	}})
	if err != nil {
		tb.Fatal(err)
	}
	w.ses = httptest.NewServer(server)
	tb.Cleanup(w.ses.Close)
}

func (w *world) startProxy(tb testing.TB, dynamoDB string) {
	tb.Helper()
	w.proxy = newProxy(tb, dynamoDB, w.ses.URL)
	front := httptest.NewServer(w.judge(tb).Handler(w.proxy))
	tb.Cleanup(front.Close)
	relay, err := faults.NewRelay(front.URL, forgetAfter, faults.Reset)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(relay.Close)
	w.front = relay.URL
}

// judge judges the function's calls before they come to the proxy.
func (w *world) judge(tb testing.TB) *iam.Judge {
	tb.Helper()
	root, err := testkit.Root()
	if err != nil {
		tb.Fatal(err)
	}
	prefix := strings.TrimSuffix(w.table.Table.Name, "OptOutsTable")
	t, err := template.LoadLocal(root, map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{TablePrefix: prefix})
	if err != nil {
		tb.Fatal(err)
	}
	roles, err := iam.Read(t)
	if err != nil {
		tb.Fatal(err)
	}
	return &iam.Judge{Roles: roles, Enforce: true, Tell: asked.Tell, Prefix: prefix}
}

func newProxy(tb testing.TB, dynamoDB, aws string) *faults.Proxy {
	tb.Helper()
	p := &faults.Proxy{}
	var err error
	if p.DynamoDB, err = faults.Forward(dynamoDB); err != nil {
		tb.Fatal(err)
	}
	if p.AWS, err = faults.Forward(aws); err != nil {
		tb.Fatal(err)
	}
	return p
}

// spoil has something happen at the n-th call of a run, before it takes effect
// or after. True: the caller gets no answer, and, before, the call does not
// arrive.
func (w *world) spoil(n int64, before bool, happen func() (lost bool)) {
	w.proxy.Decide(func(c *faults.Call) faults.Outcome {
		if c.N != n {
			return faults.Outcome{}
		}
		return faults.Outcome{Meanwhile: happen, After: !before}
	})
}

func (w *world) startFunction(tb testing.TB, dist string, config worldConfig) {
	tb.Helper()
	f, _ := testkit.Template(tb).Function("suppression")
	if config.timeout != 0 {
		f.Timeout = config.timeout
	}
	settings := runtime.Settings{
		Dist: dist, Now: time.Now, NewID: func() string { return "00000000-0000-4000-8000-000000000000" },
		Log:    slog.New(slog.NewTextHandler(&w.shown, nil)),
		Output: func(_ string, line []byte) { _, _ = w.shown.Write(append(line, '\n')) },
		Environment: map[string]string{
			"OPTOUTS_TABLE": w.table.Table.Name, "SES_REQUESTS_PER_SECOND": "50",
			"AWS_ENDPOINT_URL": w.front, "AWS_ENDPOINT_URL_DYNAMODB": w.front, "AWS_ENDPOINT_URL_SESV2": w.front,
		},
	}
	w.lambda, w.second = runtime.New(settings, []template.Function{f}), runtime.New(settings, []template.Function{f})
	tb.Cleanup(func() {
		w.lambda.Close()
		w.second.Close()
		for _, leak := range private.leaks(map[string][]byte{"suppression": w.shown.bytes()}) {
			tb.Error("personal data in a log: ", leak)
		}
	})
}

// run invokes the function as its schedule does, with calls counted anew, and
// tells whether it ended well.
func (w *world) run(tb testing.TB) bool {
	tb.Helper()
	return w.invoke(tb, []byte(`{}`))
}

func (w *world) invoke(tb testing.TB, event []byte) bool {
	tb.Helper()
	w.proxy.Recount()
	_, fault, err := unthrottled(func() ([]byte, string, error) { return w.lambda.Invoke(context.Background(), "suppression", event) })
	if err != nil {
		tb.Fatal(err)
	}
	return fault == ""
}

// kill ends the function's process at once (SIGKILL); the next run starts anew.
func (w *world) kill() { w.lambda.Kill("suppression") }
