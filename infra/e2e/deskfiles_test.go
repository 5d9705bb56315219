package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/stack"
)

var seqOf = regexp.MustCompile(`name="seq" value="(\d+)"`)

// files has an officer add files to a request, in their browser.
type files struct {
	*testing.T
	officer  *visitor
	at, file string // of the site, and the path of the request's file
}

func (f files) page(path string) string {
	f.Helper()
	_, status, body := f.officer.look(f.at+path, nil)
	if status != http.StatusOK {
		f.Fatalf("%s: %d %s", path, status, body)
	}
	return body
}

// act sends the form of an act, and gives what follows.
func (f files) act(act string, typed url.Values) (at *url.URL, body string) {
	f.Helper()
	path := f.file + "/act/" + act
	typed.Set("seq", seqOf.FindStringSubmatch(f.page(path))[1])
	at, status, body := f.officer.look(f.at+path, typed)
	if status != http.StatusOK {
		f.Fatalf("%s: %d %s", act, status, body)
	}
	return at, body
}

// add adds a file, and gives the path from which it is fetched.
func (f files) add(act, content string, typed url.Values) string {
	f.Helper()
	_, form := f.act(act, typed)
	at, status, body := f.officer.send(upload(f, form, content))
	if status != http.StatusOK || at.Path != f.file {
		f.Fatalf("%s %d %s", at, status, body)
	}
	path := f.file + "/files/" + valuesIn(form).Get("key")
	if !strings.Contains(body, `href="`+path+`"`) {
		f.Fatalf("%s is not there: %s", path, body)
	}
	return path
}

// fetched is what an officer gets for a file; "": it is not given out.
func (f files) fetched(path string) string {
	f.Helper()
	at, status, body := f.officer.look(f.at+path, nil)
	if status == http.StatusNotFound {
		return ""
	}
	if status != http.StatusOK || !strings.HasPrefix(at.Path, "/s3/FilesBucket/") {
		f.Errorf("%s %d %s", at, status, body)
	}
	return body
}

// An officer adds a file for colleagues and one for the person, puts a redacted copy in its place, and removes the first.
// What went is nowhere, and the history has its hash.
func TestFilesOfAnOfficer(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	address, name := person(t)
	id := d.entered(t, map[string]any{"address": address, "name": name, "kinds": []string{"access"}, "country": "DE"})
	f := files{t, d.logIn(t, oidc.Officer), d.URL, "/desk/requests/" + id}
	note := f.add("file", "asked the archive", url.Values{"for": {"internal"}})
	extract := f.add("file", "name,account\nZaphod,DE02120300000000202051\n", url.Values{"for": {"answer"}})
	if page := f.page(f.file); !strings.Contains(page, "seems to hold: an account or card number") {
		t.Error(page)
	}
	form, status, body := f.officer.look(d.URL+f.file+"/act/file", url.Values{"for": {"internal"}, "seq": {"1"}})
	if status != http.StatusConflict {
		t.Errorf("an old form: %s %d %s", form, status, body)
	}
	_, choose := f.act("file", url.Values{"for": {"internal"}})
	if _, status, body := f.officer.send(upload(t, choose, "MZ\x00\x00")); status != http.StatusUnprocessableEntity || !strings.Contains(body, "This document cannot be taken") {
		t.Errorf("a program: %d %.300s", status, body)
	}
	_, old, _ := strings.Cut(extract, "/files/")
	redacted := f.add("replace", "name,account\nZaphod,(left out)\n", url.Values{"file": {old}})
	_, gone, _ := strings.Cut(note, "/files/")
	f.act("remove", url.Values{"file": {gone}})
	for path, want := range map[string]string{note: "", extract: "", redacted: "name,account\nZaphod,(left out)\n"} {
		if got := f.fetched(path); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	states := map[string]int{}
	for _, r := range d.rows(t, "RequestsTable") {
		if r["id"] == id && strings.HasPrefix(r["row"], "file#") {
			states[r["file_state"]]++
		}
	}
	if fmt.Sprint(states) != "map[expected:1 gone:1 replaced:1 stored:1]" {
		t.Error(states)
	}
	for kind, want := range map[string]int{"file_added": 3, "file_replaced": 1, "file_removed": 1} {
		if n := d.happened(t, id, kind); n != want {
			t.Errorf("%d entries %s", n, kind)
		}
	}
	d.filesOfAProgram(t, id)
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}

// filesOfAProgram does the same at the door for machines.
func (d *desk) filesOfAProgram(t *testing.T, id string) {
	t.Helper()
	path := "/api/requests/" + id
	var form struct {
		File   struct{ ID string }
		Action string
		Fields []struct{ Name, Value string }
		URL    string
	}
	said := func(act, body string) {
		t.Helper()
		got := do(t, request(t, http.MethodPost, d.URL+path+"/"+act, body, signed))
		if err := json.Unmarshal([]byte(got.body), &form); err != nil || got.status != http.StatusOK {
			t.Fatalf("%s: %d %s", act, got.status, got.body)
		}
	}
	said("file", `{"for":"answer"}`)
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, f := range form.Fields {
		_ = parts.WriteField(f.Name, f.Value)
	}
	file, _ := parts.CreateFormFile("file", "all.json")
	_, _ = io.WriteString(file, `{"name":"Zaphod"}`)
	_ = parts.Close()
	sent := request(t, http.MethodPost, form.Action, body.String(), map[string]string{"Content-Type": parts.FormDataContentType()})
	if got := do(t, sent); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	one := fmt.Sprintf(`{"file":%q}`, form.File.ID)
	said("arrived", one)
	said("fetch", one)
	if got := do(t, request(t, http.MethodGet, form.URL, "", nil)); got.status != http.StatusOK || got.body != `{"name":"Zaphod"}` {
		t.Errorf("%d %s", got.status, got.body)
	}
	said("remove", one)
	if got := do(t, request(t, http.MethodPost, d.URL+path+"/fetch", one, signed)); got.status != http.StatusNotFound {
		t.Errorf("it is still given out: %d %s", got.status, got.body)
	}
}
