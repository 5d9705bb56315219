package e2e

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"privacydesk/infra/local/systems"
	"privacydesk/shared/domain/access"
)

var fileOfAnswer = regexp.MustCompile(`name="file" value="([^"]+)"`)

// A request for access is answered with the file of one system, and with the word of another that it holds nothing. The person reads
// it on one page, fetches the file, and then all of it at once.
func answeredByParts(t *testing.T, d *desk) {
	d.Systems.Behave(systems.Gone) // owners answer
	address, id := d.asking(t)
	d.handsOver(t)
	const held = `{"orders":[1,2,3]}`
	owner := newVisitor(t, d.URL)
	crm := d.mailed(t, "crm@biosero.com", "/systems/", id)
	_, _, form := owner.look(d.URL+crm, url.Values{"action": {"add_file"}})
	if _, code, body := owner.send(upload(t, form, held)); code != http.StatusOK {
		t.Fatalf("%d %.600s", code, body)
	}
	for path, outcome := range map[string]string{crm: "done", d.mailed(t, "sales@biosero.com", "/systems/", id): "not_found"} {
		if _, code, body := owner.look(d.URL+path, url.Values{"action": {"answer"}, "outcome": {outcome}}); code != http.StatusOK {
			t.Fatalf("%s: %d %.600s", outcome, code, body)
		}
	}
	d.officer(t, id, "decide", map[string]any{"outcome": "fulfilled"})
	person, path := newVisitor(t, d.URL), d.mailed(t, address, "/requests/export/", id)
	_, _, page := person.look(d.URL+path, nil)
	file := fileOfAnswer.FindStringSubmatch(page)
	for _, piece := range []string{"Our customer database", "1 file is there for you.", "Nothing about you was found there.", "About the use of your data", "Download everything in one file"} {
		if !strings.Contains(page, piece) {
			t.Errorf("the page lacks %q", piece)
		}
	}
	if file == nil {
		t.Fatal(page)
	}
	if at, code, body := person.look(d.URL+path, url.Values{"format": {"file"}, "file": {file[1]}}); code != http.StatusOK || body != held || !strings.HasPrefix(at.Path, "/s3/FilesBucket/") {
		t.Errorf("%s %d %.300s", at, code, body)
	}
	at, code, all := person.look(d.URL+path, url.Values{"format": {"zip"}})
	if code != http.StatusOK || !strings.HasPrefix(at.Path, "/s3/FilesBucket/") {
		t.Fatalf("%s %d %.300s", at, code, all)
	}
	sum := holdsItsManifest(t, all, held)
	if file := do(t, request(t, http.MethodGet, d.URL+"/api/requests/"+id, "", signed)); !strings.Contains(file.body, sum) {
		t.Errorf("the history lacks the archive's hash %s", sum)
	}
	if again, _, same := person.look(d.URL+path, url.Values{"format": {"zip"}}); again.Path != at.Path || same != all {
		t.Error("it is written anew at once")
	}
	listed := do(t, request(t, http.MethodGet, d.URL+path, "", map[string]string{"Accept": "application/json"}))
	var e struct{ Parts []access.Listed }
	err := json.Unmarshal([]byte(listed.body), &e)
	i := slices.IndexFunc(e.Parts, func(p access.Listed) bool { return p.System == "crm" })
	if err != nil || len(e.Parts) != 3 || i < 0 || len(e.Parts[i].Files) != 1 || e.Parts[i].Files[0].ID != file[1] {
		t.Errorf("%v %+v", err, e.Parts)
	}
}

// holdsItsManifest reads an archive, holds each file against its manifest, and gives the hash of the whole.
func holdsItsManifest(t *testing.T, all, held string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(all), int64(len(all)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	var m access.Manifest
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil || len(m.Files) != len(files)-1 || len(m.Parts) != 3 {
		t.Fatalf("%v %s", err, files["manifest.json"])
	}
	names := ""
	for _, f := range m.Files {
		if f.SHA256 != hashOf(files[f.Name]) || f.Bytes != int64(len(files[f.Name])) {
			t.Errorf("%s is not what the manifest says", f.Name)
		}
		names += fmt.Sprintf("%s %v;", regexp.MustCompile(`[^/]+\.json$`).ReplaceAllString(f.Name, "*.json"), files[f.Name] == held)
	}
	if names != "answer.txt false;*.json false;export.csv false;files/crm/*.json true;" {
		t.Error(names)
	}
	return hashOf(all)
}

func hashOf(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}
