package e2e

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
)

// inputs opens a file of what real browsers, mail clients and scanners were
// seen to send. It is not part of the repository; it may lie beside it.
func inputs(tb testing.TB, name string) *bufio.Scanner {
	tb.Helper()
	root, err := testkit.Root()
	if err != nil {
		tb.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, "..", "shared", "inputs", name))
	if err != nil {
		tb.Skipf("SKIPPED, NOT TESTED: there is no ../shared/inputs/%s beside this repository", name)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	return lines
}

// seen is one request as an HTTP API would hand it on, and what is to become of it.
type seen struct {
	ID     string
	Expect struct{ Effect, Email string }
	Event  struct {
		RawPath, RawQueryString, Body string
		Headers                       map[string]string
		IsBase64Encoded               bool
		RequestContext                struct{ HTTP struct{ Method string } }
	}
}

// made are the headers that the way to a function adds or replaces.
var made = []string{"host", "content-length", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-amzn-trace-id", "accept-encoding"}

// replay sends the request again, through the gateway, with its blanks filled in.
func (d *desk) replay(tb testing.TB, s seen, path string) answer {
	tb.Helper()
	fill := strings.NewReplacer("{{FORM_PATH}}", path, "{{ONECLICK_PATH}}", path, "{{TOKEN_QUERY}}", "", "{{SITE_ORIGIN}}", "https://www.example.com", "{{HOST}}", "desk.example")
	body := s.Event.Body
	if s.Event.IsBase64Encoded {
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			tb.Fatal(err)
		}
		body = string(raw)
	}
	headers := map[string]string{}
	for name, value := range s.Event.Headers {
		headers[name] = fill.Replace(value)
	}
	for _, name := range made {
		delete(headers, name)
	}
	address := d.URL + fill.Replace(s.Event.RawPath)
	if query := fill.Replace(s.Event.RawQueryString); query != "" {
		address += "?" + query
	}
	r := request(tb, s.Event.RequestContext.HTTP.Method, address, body, headers)
	if strings.Contains(s.ID, "chunked") {
		r.ContentLength = -1
	}
	return do(tb, r)
}

func eachSeen(t *testing.T, file string, check func(*testing.T, seen)) {
	for lines := inputs(t, file); lines.Scan(); {
		var s seen
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		t.Run(s.ID, func(t *testing.T) { check(t, s) })
	}
}

// What browsers were seen to post from the sites' forms.
func TestFormsAsSeen(t *testing.T) {
	d := shared(t)
	private.add("zaphod@example.com", "zaphod@xn--maana-pta.example", "zaphod@mañana.example", "Beeblebrox", "O'Brien-Müller")
	eachSeen(t, "form-posts.jsonl", func(t *testing.T, s seen) {
		before := versions(d.rows(t, "OptOutsTable"))
		got := d.replay(t, s, "/unsubscribe")
		changed := difference(before, versions(d.rows(t, "OptOutsTable")))
		want := map[string]string{"reject": "", "no-effect": "", "preflight": ""}
		expected, nothing := want[s.Expect.Effect]
		if !nothing {
			expected = s.Expect.Email + " email"
		}
		rejected := s.Expect.Effect == "suppress-or-reject" && got.status == http.StatusUnprocessableEntity && changed == ""
		if got.status >= 500 || changed != expected && !rejected {
			t.Errorf("answered %d and changed %q, want %q", got.status, changed, expected)
		}
		if refused := got.status == http.StatusUnprocessableEntity; refused != (s.Expect.Effect == "reject" || rejected) {
			t.Errorf("%s was answered with %d", s.Expect.Effect, got.status)
		}
		cross(t, s, got)
	})
}

// cross checks that a script of another site may read its answer.
func cross(t *testing.T, s seen, got answer) {
	t.Helper()
	if s.Event.Headers["sec-fetch-mode"] == "cors" && got.header.Get("Access-Control-Allow-Origin") == "" {
		t.Error("a script of the site that holds the form cannot read the answer")
	}
	if s.Expect.Effect != "preflight" && strings.Contains(s.Event.Headers["accept"], "application/json") && !strings.Contains(got.body, `"code":200`) {
		t.Errorf("webflow.js shows success on code 200 alone, and got %s", got.body)
	}
}

// versions sums a table up: whose records, at which version.
func versions(rows []row) map[string]string {
	out := map[string]string{}
	for _, r := range rows {
		out[r["address"]+" "+r["scope"]] = r["version"]
	}
	return out
}

// difference names the records that are not as before, with blanks between.
func difference(before, after map[string]string) string {
	var out []string
	for key, version := range after {
		if before[key] != version {
			out = append(out, key)
		}
	}
	return strings.Join(out, ", ")
}

// What mail clients were seen to post to a List-Unsubscribe link, and what
// scanners read there.
func TestOneClickAsSeen(t *testing.T) {
	d := shared(t)
	eachSeen(t, "one-click.jsonl", func(t *testing.T, s seen) {
		address, _ := person(t)
		got := d.replay(t, s, d.link(t, address, ""))
		states := d.states(t, address)
		switch {
		case got.status >= 300 || got.header.Get("Set-Cookie") != "" || len(got.body) > 200 && s.Event.RequestContext.HTTP.Method == http.MethodPost:
			t.Errorf("answered %d, %d bytes, %v", got.status, len(got.body), got.header)
		case s.Expect.Effect == "unsubscribe" && states != "email=out", s.Expect.Effect == "no-effect" && states != "":
			t.Errorf("%s ended in %q", s.Expect.Effect, states)
		}
	})
}

// Every address that SES can hold is taken and told to it in the form that
// SES wants; what is no address is refused; what is doubtful touches nobody
// else's record; nothing ends in a 5xx.
func TestAddressesAsCollected(t *testing.T) {
	d := shared(t)
	lines, listed := inputs(t, "addresses.tsv"), map[string]bool{}
	for lines.Scan(); lines.Scan(); {
		columns := strings.Split(lines.Text(), "\t")
		typed, verdict, form := unescaped(t, columns[2]), columns[5], columns[6]
		if columns[7] == finalDot {
			verdict, form = "yes", strings.TrimSuffix(typed, ".")
		}
		before := versions(d.rows(t, "OptOutsTable"))
		got := d.post(t, "/unsubscribe", url.Values{"email": {typed}})
		changed := difference(before, versions(d.rows(t, "OptOutsTable")))
		if want, sure := wanted[verdict]; got.status >= 500 || sure && got.status != want {
			t.Errorf("%s (%s): answered %d, want %d", columns[2], columns[7], got.status, want)
		}
		if itself := strings.ToLower(strings.TrimSpace(typed)) + " email"; changed != "" && changed != itself && changed != form+" email" {
			t.Errorf("%s changed the record of %s", columns[2], changed)
		}
		if wanted[verdict] == http.StatusOK {
			listed[form] = true
			private.add(form)
		}
	}
	d.quiet(t)
	list := d.suppressed(t)
	for address := range listed {
		if list[address] != "COMPLAINT" {
			t.Errorf("SES was not told of %s", address)
		}
	}
	t.Logf("%d addresses of the collection are on the SES list", len(listed))
}

// finalDot is the collection's reason against an address that ends a sentence. It
// is beyond doubt whose it is, so the desk takes it without the dot.
const finalDot = "trailing dot"

// wanted are the answers to what the collection is sure of.
var wanted = map[string]int{"yes": http.StatusOK, "yes-after-trim": http.StatusOK, "no": http.StatusUnprocessableEntity}

// unescaped reads the collection's escapes: \t \n \r \\ \xNN \uNNNN.
func unescaped(t *testing.T, text string) string {
	t.Helper()
	out, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}
