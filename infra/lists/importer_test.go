package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeDesk takes rows as the API does, with faults.
type fakeDesk struct {
	mu    sync.Mutex
	taken map[string]int
	by    map[string]string // the import that took an address
	calls int
	fault func(call int) int // a status; 0 for none; -1 does the work and then fails
	odd   string             // a row's address that is unsettled once
	down  map[string]bool    // addresses whose call it does not answer
}

func (f *fakeDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	status := 0
	if f.fault != nil {
		status = f.fault(f.calls)
	}
	var body struct {
		Rows   []row
		Import string
		Dry    bool
	}
	if f.by == nil {
		f.by = map[string]string{}
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	if len(body.Rows) > 0 && f.down[body.Rows[0].Address] {
		status = 503
	}
	if status > 0 {
		w.WriteHeader(status)
		return
	}
	results := make([]map[string]any, len(body.Rows))
	for i, row := range body.Rows {
		switch {
		case !strings.Contains(row.Address, "@"):
			results[i] = map[string]any{"status": refused, "error": map[string]string{"message": "That is no address."}}
		case row.Address == f.odd:
			f.odd = ""
			results[i] = map[string]any{"status": unsettled}
		default:
			by, found := f.by[row.Address]
			results[i] = map[string]any{"status": map[bool]string{false: taken, true: known}[found]}
			if found && by == body.Import {
				results[i] = map[string]any{"status": repeated}
			}
			if !body.Dry && !found {
				f.by[row.Address] = body.Import
				f.taken[row.Address]++
			}
		}
	}
	if status < 0 {
		panic(http.ErrAbortHandler)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"results": results})
}

func people(n int) []byte {
	var out bytes.Buffer
	out.WriteString("email,name\n")
	for i := range n {
		if i == 1500 {
			out.WriteString("no address at all,X\n")
			continue
		}
		fmt.Fprintf(&out, "p%d@example.com,\"P, %d\"\n", i, i)
	}
	return out.Bytes()
}

func newImporter(t *testing.T, f *fakeDesk, folder string) (*importer, *bytes.Buffer) {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	d, err := newDesk(server.URL, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	d.sleep = func(context.Context, time.Duration) {}
	var out bytes.Buffer
	return &importer{options: options{asked: asked{file: "some/people.csv", all: true}, folder: folder}, desk: d, out: &out}, &out
}

func TestImportThroughFaults(t *testing.T) {
	f := &fakeDesk{taken: map[string]int{}, odd: "p7@example.com", fault: func(n int) int {
		return map[int]int{1: 503, 2: -1, 4: 429, 6: -1}[n]
	}}
	folder := t.TempDir()
	i, out := newImporter(t, f, folder)
	if err := i.run(t.Context(), people(3500), time.Time{}); err != nil {
		t.Fatal(err, out)
	}
	if len(f.taken) != 3499 {
		t.Errorf("%d people", len(f.taken))
	}
	report, err := reportOf(folder, out)
	if err != nil || !strings.HasSuffix(string(report), "\nnew,3499\nknown before,0\nleft alone,0\nnot taken,1\nnot out,0\ntemporary bounces,0\n1502,not taken: That is no address.\n") {
		t.Errorf("%q, %v", report, err)
	}
	if left, _ := filepath.Glob(folder + "/*.json"); len(left) > 0 {
		t.Error("the checkpoint of a finished import is still there")
	}
	if strings.Contains(out.String()+string(report), "@") {
		t.Errorf("an address: %s", out)
	}
}

func TestImportGoesOnWhereItEnded(t *testing.T) {
	folder, data := t.TempDir(), people(3500)
	f := &fakeDesk{taken: map[string]int{}, down: map[string]bool{"p2000@example.com": true, "p2500@example.com": true, "p3000@example.com": true}}
	i, _ := newImporter(t, f, folder)
	i.options.url = "one desk"
	if err := i.run(t.Context(), data, time.Time{}); err == nil || len(f.taken) != 1999 {
		t.Fatalf("%v, %d people", err, len(f.taken))
	}
	f = &fakeDesk{taken: f.taken, by: f.by} // a call of before may still be on its way to the other
	i, out := newImporter(t, f, folder)
	i.options.url = "one desk"
	if err := i.run(t.Context(), data, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if len(f.taken) != 3499 || f.calls != 3 || !strings.Contains(out.String(), "3499 new, 0 known before, 0 left alone because the person has come back since, 1 not taken") {
		t.Errorf("%d people in %d calls: %s", len(f.taken), f.calls, out)
	}
}

// reportOf reads the report that an import has named.
func reportOf(folder string, out *bytes.Buffer) ([]byte, error) {
	_, rest, _ := strings.Cut(out.String(), "Line by line: ")
	path, _, _ := strings.Cut(rest, "\n")
	if dir, name := filepath.Split(path); filepath.Clean(dir) != filepath.Clean(folder) || !strings.HasPrefix(name, "people.csv.") || !strings.HasSuffix(name, ".report.csv") {
		return nil, fmt.Errorf("the report is named %q", path)
	}
	return os.ReadFile(path)
}

// Every system calls its list people.csv: one list's report must not take the
// place of another's.
func TestListsOfTheSameNameHaveTheirOwnReports(t *testing.T) {
	folder, f := t.TempDir(), &fakeDesk{taken: map[string]int{}}
	reports := map[string]string{"email\nnobody\n": "", "email\na@example.com\nnobody\n": ""}
	for range 2 { // the same list again has the same report
		for list := range reports {
			i, out := newImporter(t, f, folder)
			i.options.url = "one desk"
			if err := i.run(t.Context(), []byte(list), time.Time{}); err != nil {
				t.Fatal(err)
			}
			report, err := reportOf(folder, out)
			if err != nil {
				t.Fatal(err)
			}
			_, lines, _ := strings.Cut(string(report), "\ntemporary bounces,0\n")
			reports[list] = lines
		}
	}
	for list, report := range reports {
		if want := fmt.Sprintf("%d,not taken: That is no address.\n", strings.Count(list, "\n")); report != want {
			t.Errorf("%q, want %q", report, want)
		}
	}
	if left, _ := filepath.Glob(folder + "/*"); len(left) != 2 {
		t.Errorf("%q", left)
	}
}

func TestRefusalEndsTheImport(t *testing.T) {
	f := &fakeDesk{taken: map[string]int{}, fault: func(int) int { return 403 }}
	i, _ := newImporter(t, f, t.TempDir())
	if err := i.run(t.Context(), people(1), time.Time{}); err == nil || f.calls != 1 {
		t.Errorf("%v after %d calls", err, f.calls)
	}
}

func TestExport(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := `{"results":[{"address":"=cmd@example.com","scope":"email","reason":"unsubscribed","since":"2026-01-01T00:00:00Z","first_at":"2025-01-01T00:00:00Z"}],"cursor":"next","erased":1}`
		if r.URL.Query().Get("cursor") == "next" {
			page = `{"results":[{"address":"b@example.com","scope":"bounce","reason":"bounced"}],"cursor":"","erased":1}`
		}
		if r.Header.Get("Authorization") == "" || r.URL.Query().Get("channel") != "email" {
			t.Error("no signature, or another channel")
		}
		fmt.Fprint(w, page)
	}))
	defer server.Close()
	d, err := newDesk(server.URL, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	d.sleep = func(context.Context, time.Duration) {}
	var said bytes.Buffer
	path := filepath.Join(t.TempDir(), "out.csv")
	e := exporter{options: options{asked: asked{file: path}, channel: "email"}, desk: d, say: &said}
	if err := e.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	want := "address,scope,reason,since,first_at,until\n'=cmd@example.com,email,unsubscribed,2026-01-01T00:00:00Z,2025-01-01T00:00:00Z,\nb@example.com,bounce,bounced,,,\n"
	if string(got) != want || !strings.HasPrefix(said.String(), "opt-outs written: 2; known by reference only, since the address is disposed of: 2 ") {
		t.Errorf("%q, %s", got, &said)
	}
}

// What the desk says of a wrong channel is said on, and no file is left.
func TestExportOfAnUnknownChannel(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(w, `{"code":422,"message":"channel must be email,\u001b[2J sms"}`)
	}))
	defer server.Close()
	d, err := newDesk(server.URL, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	d.sleep = func(context.Context, time.Duration) {}
	folder := t.TempDir()
	e := exporter{options: options{asked: asked{file: filepath.Join(folder, "out.csv")}, channel: "fax"}, desk: d, say: io.Discard}
	if err := e.run(t.Context()); err == nil || err.Error() != "the desk answered with status 422: channel must be email,[2J sms" {
		t.Errorf("%v", err)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("%v", left)
	}
	for text, want := range map[string]string{"<html>": "", "{}": "", `{"message":""}`: ""} {
		if got := message([]byte(text)); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// A date that is still to come counts as now; the report says so, line by line.
func TestDatesToComeAreTold(t *testing.T) {
	f, folder := &fakeDesk{taken: map[string]int{}}, t.TempDir()
	i, out := newImporter(t, f, folder)
	i.desk.now = func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	err := i.run(t.Context(), []byte("email,date\na@example.com,2099-01-01\nb@example.com,2026-11-23\nc@example.com,2026-11-21\n"), time.Time{})
	if err != nil || len(f.taken) != 3 || !strings.Contains(out.String(), "3 new, 0 known before, 0 left alone because the person has come back since, 0 not taken") {
		t.Errorf("%v, %v, %s", err, f.taken, out)
	}
	report, err := reportOf(folder, out)
	if err != nil || !strings.HasSuffix(string(report), "\n2,taken as of now: its date is still to come\n") {
		t.Errorf("%q, %v", report, err)
	}
	if err := i.run(t.Context(), []byte("email\na@example.com\n"), i.desk.now().AddDate(1, 0, 0)); err == nil || f.calls != 1 {
		t.Errorf("a list of next year: %v, %d calls", err, f.calls)
	}
}

func TestCredentialsOfADeployedDesk(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
	if _, err := newDesk("https://privacy.example.com", time.Now); err == nil {
		t.Error("without credentials")
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "a")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
	if d, err := newDesk("https://a1b2.execute-api.eu-west-1.amazonaws.com", time.Now); err != nil || d.region != "eu-west-1" {
		t.Errorf("%+v, %v", d, err)
	}
}

// What the desk would say is counted, and neither a checkpoint nor an import
// that could be undone is left.
func TestADryRun(t *testing.T) {
	f, folder := &fakeDesk{taken: map[string]int{}}, t.TempDir()
	i, out := newImporter(t, f, folder)
	i.dry = true
	if err := i.run(t.Context(), []byte("email,reason\na@example.com,unsubscribed\nb@example.com,bounced\nA@example.com,unsubscribed\nnobody,spam\n"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if len(f.taken) != 0 || !strings.Contains(out.String(), "Nothing was written. There would be: 2 new (1 bounced, 1 unsubscribed), 1 known before, 0 left alone because the person has come back since, 1 not taken") {
		t.Errorf("%v, %s", f.taken, out)
	}
	left, _ := filepath.Glob(folder + "/*")
	if len(left) != 1 || !strings.HasSuffix(left[0], ".dry.report.csv") || strings.Contains(out.String(), "UNDO=") {
		t.Errorf("%q, %s", left, out)
	}
	if _, err := readReport(left[0]); err == nil {
		t.Error("a dry run could be undone")
	}
}

// A list on which nobody is out is no fault.
func TestNobodyIsOut(t *testing.T) {
	i, out := newImporter(t, &fakeDesk{}, t.TempDir())
	i.all = false
	if err := i.run(t.Context(), []byte("Email,Unsubscribed from all email\na@example.com,false\n"), time.Time{}); err != nil || !strings.Contains(out.String(), "0 new, 0 known before") {
		t.Errorf("%v, %s", err, out)
	}
}

// Undoing goes through the desk's pages, repeats what is unsettled, forgets the
// checkpoint, and writes down how much it has taken back.
func TestUndo(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "people.csv.0123456789abcdef.report.csv")
	if err := os.WriteFile(path, []byte("line,what\nimport,abcdefghij0123456789\ndesk,http://127.0.0.1:1\nnew,10\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "0123456789abcdef.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	answers := []string{
		`{"withdrawn":3,"reverted":0,"left":0,"unsettled":2,"cursor":"x"}`, `{"withdrawn":2,"reverted":1,"left":1,"unsettled":0,"cursor":"x"}`,
		`{"withdrawn":0,"reverted":0,"left":0,"unsettled":0,"cursor":"y"}`, `{"withdrawn":3,"reverted":0,"left":0,"unsettled":0,"cursor":""}`,
		`{"withdrawn":0,"reverted":0,"left":0,"unsettled":0,"cursor":""}`,
	}
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, string(body))
		fmt.Fprint(w, answers[len(asked)-1])
	}))
	defer server.Close()
	d, err := newDesk(server.URL, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	d.sleep = func(context.Context, time.Duration) {}
	for _, want := range []string{
		"8 opt-outs taken back; 1 records have their first date or evidence of before again; 2 opt-outs left alone because something has happened to them since\nSES's list follows within minutes.\n",
		"0 opt-outs taken back, 8 before; 0 records have their first date or evidence of before again; 2 opt-outs left alone because something has happened to them since\n",
	} {
		report, err := readReport(path)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		u := undoer{desk: d, report: report, out: &out}
		if err := u.run(t.Context()); err != nil || out.String() != want {
			t.Errorf("%v, %s", err, &out)
		}
	}
	if want := []string{`"cursor":""`, `"cursor":""`, `"cursor":"x"`, `"cursor":"y"`, `"cursor":""`}; len(asked) != len(want) {
		t.Errorf("%q", asked)
	} else {
		for n := range want {
			if !strings.Contains(asked[n], want[n]) || !strings.Contains(asked[n], `"import":"abcdefghij0123456789"`) {
				t.Errorf("call %d: %s", n, asked[n])
			}
		}
	}
	if left, _ := filepath.Glob(folder + "/*"); len(left) != 1 {
		t.Errorf("%q", left)
	}
	for name, text := range map[string]string{"a list": "email\na@example.com\n", "nothing": ""} {
		other := filepath.Join(folder, "other.csv")
		if err := os.WriteFile(other, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readReport(other); err == nil {
			t.Errorf("%s passes for a report", name)
		}
	}
}

// A list that is sent once more by mistake is one import still: else its report
// would name one that took nothing, and nobody could take it back.
func TestASecondRunCanBeTakenBack(t *testing.T) {
	f, folder := &fakeDesk{taken: map[string]int{}}, t.TempDir()
	i, out := newImporter(t, f, folder)
	i.url = "https://privacy.example.com"
	var ids []string
	for range 3 {
		if err := i.run(t.Context(), []byte("email,opted out\na@example.com,yes\nb@example.com,yes\n"), time.Time{}); err != nil {
			t.Fatal(err)
		}
		paths, _ := filepath.Glob(folder + "/*.report.csv")
		if len(paths) != 1 {
			t.Fatalf("%q", paths)
		}
		report, err := readReport(paths[0])
		if err != nil || report.taken != 2 {
			t.Errorf("%+v, %v", report, err)
		}
		ids = append(ids, report.id)
	}
	if ids[0] != ids[1] || ids[1] != ids[2] {
		t.Errorf("other imports: %q", ids)
	}
	if strings.Count(out.String(), "To take it back: ") != 3 || !strings.Contains(out.String(), "0 new, 2 known before") {
		t.Errorf("%s", out)
	}
}
