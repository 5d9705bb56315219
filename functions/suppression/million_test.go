package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/standin"
)

// What a run through a large list may cost, whatever it finds there.
const (
	maxMemory = 128 << 20
	maxCPU    = time.Minute
	lost      = 500 // of the people, SES has lost so many
	foreign   = 500 // and lists so many of whom the table knows nothing
)

// TestAMillionEntries measures a walk in a process of its own, with SES's own
// client against the stand-in and DynamoDB's against a table of a million
// rows that is computed, not kept. RECONCILE=1000000 go test -run AMillion -v
func TestAMillionEntries(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("RECONCILE"))
	if err != nil {
		t.Skip("SKIPPED: RECONCILE=1000000 measures the walk through so many entries")
	}
	table := httptest.NewServer(&computedTable{people: n, refs: references(t, n), rows: map[string]json.RawMessage{}})
	defer table.Close()
	server, err := standin.New(standin.Config{ImportDelay: time.Nanosecond, Secrets: []standin.Secret{
		{ARN: referenceSecret, Name: "ReferenceKeySecret", Value: `{"key":"a reference key for tests, 32 characters or more"}`}}})
	if err != nil {
		t.Fatal(err)
	}
	stand := httptest.NewServer(server)
	defer stand.Close()
	environment := map[string]string{
		"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "GOMAXPROCS": "1",
		"AWS_ENDPOINT_URL": stand.URL, "AWS_ENDPOINT_URL_DYNAMODB": table.URL, "AWS_ENDPOINT_URL_S3": stand.URL + "/s3",
	}
	for name, value := range environment {
		t.Setenv(name, value)
	}
	fill(t, n)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "RECONCILE_ITSELF=1")
	began := time.Now()
	out, err := child.CombinedOutput()
	took := time.Since(began)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cpu := child.ProcessState.UserTime() + child.ProcessState.SystemTime()
	report, memory := "", 0
	for line := range strings.Lines(string(out)) {
		if text, found := strings.CutPrefix(line, "DRIFT "); found {
			report = text
		}
		if text, found := strings.CutPrefix(line, "VmHWM:"); found {
			_, _ = fmt.Sscan(text, &memory)
		}
	}
	memory <<= 10
	var drift suppression.Drift
	if err := json.Unmarshal([]byte(report), &drift); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d entries: %d MB at most (the whole process), %.1f s CPU, %.1f s, %d calls of SES, %d pages, counts %v",
		drift.Entries, memory>>20, cpu.Seconds(), took.Seconds(), drift.Calls, drift.Pages, drift.Counts)
	if memory > maxMemory || cpu > maxCPU || drift.Calls != drift.Pages || drift.Counts[suppression.Missing] != lost || drift.Counts[suppression.Unrecorded] != foreign {
		t.Errorf("over the limits of %d MB and %v, or not as it was damaged", maxMemory>>20, maxCPU)
	}
}

// TestMain runs the tests, or is the process that TestAMillionEntries measures.
func TestMain(m *testing.M) {
	if os.Getenv("RECONCILE_ITSELF") == "" {
		os.Exit(m.Run())
	}
	if err := reconcileItself(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func reconcileItself(ctx context.Context) error {
	clients := aws.New()
	h := newSuppression(clients, wiring{table: "OptOuts", key: referenceSecret, perSec: 1_000_000, now: time.Now})
	if err := h.reconciler.Start(ctx, false); err != nil {
		return err
	}
	for {
		// As in a Lambda: three quarters of a minute at a time, by one process.
		drift, err := h.reconciler.Work(ctx, time.Now().Add(45*time.Second), func(context.Context) error { return nil })
		if err != nil {
			return err
		}
		if drift != nil {
			report, err := json.Marshal(drift)
			// The rusage of a child counts its parent's memory too; this does not.
			status, _ := os.ReadFile("/proc/self/status")
			fmt.Printf("DRIFT %s\n%s\n", report, status)
			return err
		}
	}
}

func who(i int) string { return fmt.Sprintf("person%07d@example.com", i) }

func references(tb testing.TB, n int) []string {
	tb.Helper()
	key := testkit.Key(tb)
	refs := make([]string, n)
	for i := range refs {
		refs[i] = string(key.Ref(testkit.Address(tb, who(i))))
	}
	return refs
}

// fill puts all but the lost on the stand-in's list, and the foreign.
func fill(tb testing.TB, n int) {
	tb.Helper()
	cloud := aws.New()
	client := ses.NewClient(cloud.Config("SESV2"))
	var lines bytes.Buffer
	count := 0
	load := func() {
		if err := cloud.Bucket("bulk").Put(tb.Context(), "imports/fill.json", lines.Bytes()); err != nil {
			tb.Fatal(err)
		}
		_, err := client.CreateImportJob(tb.Context(), &sesv2.CreateImportJobInput{
			ImportDataSource:  &types.ImportDataSource{S3Url: sdk.String("s3://bulk/imports/fill.json"), DataFormat: types.DataFormatJson},
			ImportDestination: &types.ImportDestination{SuppressionListDestination: &types.SuppressionListDestination{SuppressionListImportAction: types.SuppressionListImportActionPut}},
		})
		if err == nil { // the next call does the job
			_, err = client.GetAccount(tb.Context(), &sesv2.GetAccountInput{})
		}
		if err != nil {
			tb.Fatal(err)
		}
		lines.Reset()
		count = 0
	}
	for i := lost; i < n+foreign; i++ {
		fmt.Fprintf(&lines, "{\"emailAddress\":%q,\"reason\":\"COMPLAINT\"}\n", who(i))
		if count++; count == 100_000 {
			load()
		}
	}
	load()
}

// computedTable answers DynamoDB's calls with one listed opt-out for each
// person, in pages as a real scan's.
type computedTable struct {
	people int
	refs   []string
	mu     sync.Mutex
	rows   map[string]json.RawMessage // of the walk itself
}

const scanPage = 2500

func (c *computedTable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Key, Item         map[string]json.RawMessage
		ExclusiveStartKey map[string]struct{ S string }
		RequestItems      map[string]struct {
			Keys []map[string]struct{ S string }
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	c.mu.Lock()
	defer c.mu.Unlock()
	switch operation {
	case "Scan":
		c.scan(w, in.ExclusiveStartKey["scope"].S)
		return
	case "BatchGetItem":
		var items []string
		for _, k := range in.RequestItems["OptOuts"].Keys {
			for i := range lost {
				if k["scope"].S == "email" && k["ref"].S == c.refs[i] {
					items = append(items, strings.Replace(c.row(i), "{", `{"version":{"N":"1"},"address":{"S":"`+who(i)+`"},`, 1))
				}
			}
		}
		fmt.Fprintf(w, `{"Responses":{"OptOuts":[%s]},"UnprocessedKeys":{}}`, strings.Join(items, ","))
		return
	case "PutItem":
		c.rows[string(in.Item["scope"])], _ = json.Marshal(in.Item)
	case "DeleteItem":
		delete(c.rows, string(in.Key["scope"]))
	case "GetItem":
		if row, found := c.rows[string(in.Key["scope"])]; found {
			fmt.Fprintf(w, `{"Item":%s}`, row)
			return
		}
	case "UpdateItem":
		w.Write([]byte(`{"Attributes":{}}`))
		return
	}
	w.Write([]byte(`{}`))
}

func (c *computedTable) row(i int) string {
	return `{"ref":{"S":"` + c.refs[i] + `"},"scope":{"S":"email"},"state":{"S":"out"},"ses":{"S":"listed"}}`
}

// scan keeps its place in the scope of the last key.
func (c *computedTable) scan(w http.ResponseWriter, after string) {
	from, _ := strconv.Atoi(after)
	to := min(from+scanPage, c.people)
	var page strings.Builder
	for i := from; i < to; i++ {
		if i > from {
			page.WriteByte(',')
		}
		page.WriteString(c.row(i))
	}
	last := ""
	if to < c.people {
		last = fmt.Sprintf(`,"LastEvaluatedKey":{"ref":{"S":"x"},"scope":{"S":"%d"}}`, to)
	}
	fmt.Fprintf(w, `{"Items":[%s],"Count":%d%s}`, page.String(), to-from, last)
}
