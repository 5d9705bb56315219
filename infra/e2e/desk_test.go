package e2e

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"privacydesk/infra/local/runtime"
	"privacydesk/infra/local/sigv4"
)

// answer is what came back, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// client goes on to the result of a form, follows no other redirect and keeps
// no cookie.
var client = &http.Client{
	Timeout:       30 * time.Second,
	CheckRedirect: toResultsOnly,
}

func toResultsOnly(r *http.Request, _ []*http.Request) error {
	if strings.Contains(r.URL.Path, "/done/") {
		return nil
	}
	return http.ErrUseLastResponse
}

func do(tb testing.TB, r *http.Request) answer {
	tb.Helper()
	res, err := client.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	return read(tb, res)
}

func read(tb testing.TB, res *http.Response) answer {
	tb.Helper()
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func request(tb testing.TB, method, address, body string, headers map[string]string) *http.Request {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), method, address, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	if headers["Authorization"] == signed["Authorization"] {
		sign(tb, r, sigv4.User)
	}
	return r
}

func sign(tb testing.TB, r *http.Request, keys aws.Credentials) {
	tb.Helper()
	r.Header.Del("Authorization")
	if err := sigv4.Sign(r, keys); err != nil {
		tb.Fatal(err)
	}
}

// browser is how a person's browser asks for a page.
var browser = map[string]string{
	"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Content-Type": "application/x-www-form-urlencoded",
	"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
}

// get shows a page to a person.
func (d *desk) get(tb testing.TB, path string) answer {
	tb.Helper()
	return do(tb, request(tb, http.MethodGet, d.URL+path, "", browser))
}

// post presses a button on a page.
func (d *desk) post(tb testing.TB, path string, fields url.Values) answer {
	tb.Helper()
	return do(tb, request(tb, http.MethodPost, d.URL+path, fields.Encode(), browser))
}

// viewOnPage names a view of the page with the unsubscribe button.
var viewOnPage = regexp.MustCompile(`name="view" value="([^"]+)"`)

// press opens the page of a link and presses its button.
func (d *desk) press(tb testing.TB, link string) answer {
	tb.Helper()
	page, view := d.get(tb, link).body, rand.Text()[:22] // as of a page opened before
	if named := viewOnPage.FindStringSubmatch(page); named != nil {
		view = named[1]
	} else if !strings.Contains(page, "since") {
		tb.Fatal("the page of the link has no button, and does not say since when")
	}
	return d.post(tb, link, url.Values{"from": {"page"}, "view": {view}})
}

// signed has request sign as the local stack's user.
var signed = map[string]string{"Content-Type": "application/json", "Authorization": "sign"}

// call invokes a function by hand, and gives its answer.
func (d *desk) call(tb testing.TB, function string, event []byte) string {
	tb.Helper()
	answer, fault, err := unthrottled(func() ([]byte, string, error) { return d.Invoke(tb.Context(), function, event) })
	if fault != "" || err != nil {
		tb.Fatalf("%s: %s %s %v", function, answer, fault, err)
	}
	return string(answer)
}

// unthrottled tries again while another run has the reserved concurrency.
func unthrottled(invoke func() ([]byte, string, error)) (answer []byte, fault string, err error) {
	for {
		if answer, fault, err = invoke(); !errors.Is(err, runtime.ErrThrottled) {
			return answer, fault, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// link asks for a person's link as a sender's system does, and gives its path.
func (d *desk) link(tb testing.TB, address, topic string) string {
	tb.Helper()
	ask, _ := json.Marshal(map[string]any{"recipients": []map[string]string{{"address": address, "topic": topic, "campaign": "spring"}}})
	got := do(tb, request(tb, http.MethodPost, d.URL+"/links", string(ask), signed))
	var out struct{ Links []struct{ URL string } }
	if err := json.Unmarshal([]byte(got.body), &out); err != nil || len(out.Links) != 1 || out.Links[0].URL == "" {
		tb.Fatalf("POST /links: %d %s", got.status, got.body)
	}
	path := strings.TrimPrefix(out.Links[0].URL, d.URL)
	private.add(token(path))
	return path
}

// oneClick posts to a link as a mail client does (RFC 8058).
func (d *desk) oneClick(tb testing.TB, link string) answer {
	tb.Helper()
	return do(tb, request(tb, http.MethodPost, d.URL+link, "List-Unsubscribe=One-Click",
		map[string]string{"Content-Type": "application/x-www-form-urlencoded"}))
}

// token is the sealed part of a link's path.
func token(path string) string { return path[strings.LastIndex(path, "/")+1:] }

var pathOnPage = regexp.MustCompile(`(?:href|action)="(/[a-z/]+/[\w-]{40,})(?:\?file=receipt)?"`)

// on finds a link on a page by how its path begins.
func (a answer) on(tb testing.TB, prefix string) string {
	tb.Helper()
	for _, m := range pathOnPage.FindAllStringSubmatch(a.body, -1) {
		if strings.HasPrefix(m[1], prefix) {
			private.add(token(m[1]))
			return m[1]
		}
	}
	tb.Fatalf("the page (%d) has no link to %s...", a.status, prefix)
	return ""
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// valuesIn are the hidden fields of a page.
func valuesIn(page string) url.Values {
	values := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(page, -1) {
		values.Add(field[1], html.UnescapeString(field[2]))
	}
	return values
}

// confirm opens the page behind a confirmation link and presses its first
// button: all that was sent is the person's.
func (d *desk) confirm(tb testing.TB, link string) answer {
	tb.Helper()
	page := d.get(tb, link).body
	if _, form, found := strings.Cut(page, `<form class="act"`); found {
		page, _, _ = strings.Cut(form, "</form>")
	}
	return d.post(tb, link, valuesIn(page))
}

// preferences finds a person's preferences link on the page of their link.
func (d *desk) preferences(tb testing.TB, address string) string {
	tb.Helper()
	return d.get(tb, d.link(tb, address, "")).on(tb, "/preferences/")
}

// patience is how long what should take seconds may take on a busy machine.
const patience = time.Minute

// wait waits until something holds and gives the time it took.
func wait(tb testing.TB, what string, holds func() bool) time.Duration {
	tb.Helper()
	began := time.Now()
	for !holds() {
		if time.Since(began) > patience {
			tb.Fatalf("not within %v: %s", patience, what)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return time.Since(began)
}

// quiet waits until nothing is left to be told to SES, nor to be mailed.
func (d *desk) quiet(tb testing.TB) {
	tb.Helper()
	wait(tb, "nothing is pending", func() bool {
		waiting := slices.Concat(d.rows(tb, "OptOutsTable"), d.rows(tb, "RequestsTable"))
		return !slices.ContainsFunc(waiting, func(r row) bool {
			return r["pending"] != "" && r["pending_at"] <= stamp(time.Now())
		})
	})
}

// person makes an address and a name that nobody else has, and has the logs
// searched for both.
func person(tb testing.TB) (address, name string) {
	tb.Helper()
	n := persons.Add(1)
	address, name = fmt.Sprintf("zarniwoop.%d@hitchhiker.example", n), fmt.Sprintf("Zarniwoop Vann %d Harl", n)
	private.add(address, name)
	return address, name
}
