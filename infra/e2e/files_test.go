package e2e

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit/standin"
)

var (
	uploadForm  = regexp.MustCompile(`<form[^>]* method="post" action="([^"]+)" enctype="multipart/form-data">`)
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	fileLink    = regexp.MustCompile(`href="(/desk/requests/[^"]+/files/[^"]+)"`)
)

// upload sends a page's form with a file, as a browser without script does.
func upload(tb testing.TB, page, content string) *http.Request {
	tb.Helper()
	found := uploadForm.FindStringSubmatchIndex(page)
	if found == nil {
		tb.Fatalf("no form: %s", page)
	}
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	fields, _, _ := strings.Cut(page[found[1]:], "</form>")
	for _, f := range hiddenField.FindAllStringSubmatch(fields, -1) {
		_ = parts.WriteField(f[1], html.UnescapeString(f[2]))
	}
	file, _ := parts.CreateFormFile("file", "Reisepass.pdf")
	_, _ = io.WriteString(file, content)
	_ = parts.Close()
	r := request(tb, http.MethodPost, html.UnescapeString(page[found[2]:found[3]]), body.String(), browser)
	r.Header.Set("Content-Type", parts.FormDataContentType())
	return r
}

// askedForProof is a request whose person is asked for proof, with its status page.
func (d *desk) askedForProof(t *testing.T) (id, status string) {
	t.Helper()
	address, id, confirm := d.asks(t)
	d.accepted(t, d.confirm(t, confirm))
	d.officer(t, id, "ask", map[string]any{"cause": "identity", "question": "Who are you?"})
	wait(t, "the question is mailed", func() bool { return len(d.mails(t, address)) == 3 })
	return id, d.mailed(t, address, "/requests/status/", id)
}

// fileRow is the row of a request's only file.
func (d *desk) fileRow(t *testing.T, id string) row {
	t.Helper()
	for _, r := range d.rows(t, "RequestsTable") {
		if r["id"] == id && strings.HasPrefix(r["row"], "file#") {
			return r
		}
	}
	return nil
}

// A proof of identity goes from a browser to the bucket and from there to an officer,
// and goes when the case is closed.
func TestAProofFromTheStatusPage(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	officer := d.logIn(t, oidc.Officer)
	person := newVisitor(t, d.URL)
	id, status := d.askedForProof(t)
	page := func() string {
		t.Helper()
		_, code, body := person.look(d.URL+status, url.Values{"action": {"add_file"}, "lang": {"en"}})
		if code != http.StatusOK {
			t.Fatalf("%d %s", code, body)
		}
		return body
	}
	for name, c := range map[string]struct {
		content, says string
		status        int
	}{
		"a program": {"MZ\x00\x00", "We cannot take this file", http.StatusUnprocessableEntity},
		"too large": {"%PDF-" + strings.Repeat("x", 20<<20), "EntityTooLarge", http.StatusBadRequest},
	} {
		if _, code, body := person.send(upload(t, page(), c.content)); code != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %.300s", name, code, body)
		}
	}
	const passport = "%PDF-1.7 a passport"
	if at, code, body := person.send(upload(t, page(), passport)); code != http.StatusOK || !strings.Contains(body, "Your document has arrived") || !strings.HasPrefix(at.Path, "/requests/done/") {
		t.Fatalf("%s %d %s", at, code, body)
	}
	_, _, file := officer.look(d.URL+"/desk/requests/"+id, nil)
	link := fileLink.FindStringSubmatch(file)
	if link == nil {
		t.Fatal(file)
	}
	if at, code, body := officer.look(d.URL+link[1], nil); code != http.StatusOK || body != passport || !strings.HasPrefix(at.Path, "/s3/FilesBucket/") {
		t.Errorf("%s %d %s", at, code, body)
	}
	loud, quiet := d.unannounced(t, person)
	person.look(d.URL+status, url.Values{"action": {"withdraw"}, "lang": {"en"}})
	d.travel(t, "+2d")
	d.call(t, "retention", []byte(`{}`))
	for request, want := range map[string]string{id: "gone", loud: "stored", quiet: "gone"} {
		if r := d.fileRow(t, request); r["file_state"] != want {
			t.Errorf("%s: %v, want %s", request, r, want)
		}
	}
	officer = d.logIn(t, oidc.Officer) // the session has ended meanwhile
	if _, code, body := officer.look(d.URL+link[1], nil); code != http.StatusNotFound {
		t.Errorf("it is still given out: %d %s", code, body)
	}
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}

// unannounced are two requests: of one a file came whose person never came back from S3, of the other none did.
func (d *desk) unannounced(t *testing.T, person *visitor) (loud, quiet string) {
	t.Helper()
	loud, status := d.askedForProof(t)
	_, _, page := person.look(d.URL+status, url.Values{"action": {"add_file"}})
	stays := *person.browser
	stays.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := stays.Do(upload(t, page, "%PDF-1.7 another"))
	if err != nil || response.StatusCode != http.StatusSeeOther {
		t.Fatalf("%v %v", response, err)
	}
	_ = response.Body.Close()
	quiet, status = d.askedForProof(t)
	person.look(d.URL+status, url.Values{"action": {"add_file"}})
	return loud, quiet
}

// eicar is what every scanner takes for malware.
const eicar = "%PDF-1.7 EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

// Where files are scanned, nobody gets one before the scan has found it clean, and one that holds malware goes.
func TestFilesThatAreScanned(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true, Parameters: map[string]string{"ScanFiles": "yes"}, StandIn: func(c *standin.Config) { c.ScanDelay = time.Minute }})
	defer d.Close()
	officer, person := d.logIn(t, oidc.Officer), newVisitor(t, d.URL)
	sent := func(content string) (id, back, link string) {
		t.Helper()
		id, status := d.askedForProof(t)
		_, _, form := person.look(d.URL+status, url.Values{"action": {"add_file"}, "lang": {"en"}})
		at, code, body := person.send(upload(t, form, content))
		_, _, file := officer.look(d.URL+"/desk/requests/"+id, nil)
		found := fileLink.FindStringSubmatch(file)
		if code != http.StatusOK || !strings.Contains(body, "Your document has arrived") || found == nil {
			t.Fatalf("%s %d %s", at, code, body)
		}
		return id, at.String(), found[1]
	}
	const passport = "%PDF-1.7 a passport"
	_, _, clean := sent(passport)
	asked, back, _ := sent(eicar)
	silent, _, bad := sent(eicar)
	for _, link := range []string{clean, bad} {
		if _, code, body := officer.look(d.URL+link, nil); code != http.StatusConflict || !strings.Contains(body, "still being checked") {
			t.Errorf("before the scan: %d %s", code, body)
		}
	}
	d.travel(t, "+2m")
	if _, code, body := officer.look(d.URL+clean, nil); code != http.StatusOK || body != passport {
		t.Errorf("clean: %d %s", code, body)
	}
	if _, code, body := officer.look(d.URL+bad, nil); code != http.StatusUnprocessableEntity || !strings.Contains(body, "Malware was found") {
		t.Errorf("malware: %d %s", code, body)
	}
	if _, code, body := person.look(back, nil); code != http.StatusUnprocessableEntity || !strings.Contains(body, "holds malware") {
		t.Errorf("its person: %d %s", code, body)
	}
	d.travel(t, "+2d")
	d.call(t, "retention", []byte(`{}`))
	for _, id := range []string{asked, silent} {
		if r := d.fileRow(t, id); r["file_state"] != "refused" {
			t.Errorf("%v", r)
		}
	}
}
