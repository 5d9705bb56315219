package main

import (
	"archive/zip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
)

// adds has somebody add a file to the answer.
func (r *rig) adds(q request.Request, system, text string) attachment.File {
	r.T.Helper()
	w := filing.Wish{For: attachment.Answer, System: system, By: audit.BySystem}
	if system == "" {
		w.By = audit.AsOfficer("dpo")
	}
	a, err := r.files.ExpectFrom(background, q.ID, w)
	if err == nil {
		r.bucket.hold(a.ID, text)
		a, err = r.files.Arrived(background, q.ID, a.ID)
	}
	if err != nil {
		r.T.Fatal(err)
	}
	return a
}

// answered is a granted access request to which the CRM gave a file, of whom the contracts hold nothing, and to which an officer added a letter.
func (r *rig) answered() (q request.Request, crm attachment.File) {
	r.T.Helper()
	r.withSystems()
	q = r.opened(germany, deadline.Access)
	crm = r.adds(q, "crm", "name,number\nZ,42\n")
	r.adds(q, "", "Dear Zaphod,\nhere it is.\n")
	for system, state := range map[string]ledger.State{"crm": ledger.Done, "contracts": ledger.NotFound} {
		r.ok(r.rights.Ledger(background, q.ID, ledger.Deed{Act: ledger.Answered, System: system, Task: ledger.Access, State: state}))
	}
	return r.ok(r.rights.Decide(background, q.ID, "dpo", granted)), crm
}

func wants(pairs ...string) string { return posted(append(pairs, "lang", "en")...) }

func TestAnAnswerByParts(t *testing.T) {
	r := newRig(t)
	q, crm := r.answered()
	path := r.to(link.Export, q)
	a := r.Expect(get(path, browser...), http.StatusOK, "what we have found about you in the systems of Biosero")
	for _, piece := range []string{
		"About the use of your data", "Art. 15(1) and (2) GDPR", "To send you messages that may interest you.", "You can object to the use of your data.", "Your requests: 24 months.",
		"the data protection authority of the country", "Our customer database", "1 file is there for you.", crm.Name(), "The contract files of our sales team", "Nothing about you was found there.",
		"Files with our answer", "Download everything in one file",
	} {
		if !strings.Contains(a.Text, piece) {
			t.Errorf("%q is missing:\n%s", piece, a.Text)
		}
	}
	if strings.Contains(a.Text, "sold to") || !strings.Contains(a.Headers["content-security-policy"], "form-action 'self' https://files.s3.example;") {
		t.Error(a.Headers, a.Brief())
	}
	var e struct {
		Parts []access.Listed
		About []access.Section
	}
	if err := json.Unmarshal([]byte(r.Expect(get(path, script...), http.StatusOK, "").Body), &e); err != nil || len(e.Parts) != 3 || e.Parts[1].Files[0].ID != crm.ID || e.Parts[1].Files[0].SHA256 != crm.SHA256 || len(e.About) != 9 {
		t.Errorf("%v %+v", err, e)
	}
}

func TestOneFileOfAnAnswer(t *testing.T) {
	r := newRig(t)
	q, crm := r.answered()
	path := r.to(link.Export, q)
	if a := r.Expect(post(path, wants("format", "file", "file", crm.ID), browser...), http.StatusSeeOther, ""); a.Headers["location"] != "https://files.s3.example/"+crm.ID+"?signed" {
		t.Error(a.Headers)
	}
	if strings.Count(r.history(q.ID), "exported") != 1 {
		t.Error(r.history(q.ID))
	}
	internal := attachment.Expect(q.ID, "secret", attachment.Internal, r.clock)
	internal.State, internal.ETag = attachment.Stored, "e-secret"
	r.bucket.hold("secret", "for officers")
	f := r.file(q.ID)
	f.Request.Version++
	if err := r.store.Requests.Save(background, request.Step{Request: f.Request, Files: []attachment.File{internal}}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"secret", "none", ""} {
		r.Expect(post(path, wants("format", "file", "file", id), browser...), http.StatusNotFound, "not part of our answer")
		r.Expect(post(path, wants("format", "file", "file", id), script...), http.StatusNotFound, "no such file")
	}
	r.bucket.refuses = attachment.ErrChecking
	r.Expect(post(path, wants("format", "file", "file", crm.ID), browser...), http.StatusConflict, "still being checked")
	r.bucket.refuses = attachment.ErrUnchecked
	r.Expect(post(path, wants("format", "file", "file", crm.ID), browser...), http.StatusConflict, "could not show that a file is safe")
	r.clock = q.ExportUntil
	r.bucket.refuses = nil
	r.Expect(post(path, wants("format", "file", "file", crm.ID), browser...), http.StatusGone, "")
}

// fetches has everything put into one file, and reads it.
func (r *rig) fetches(path string) (at string, files map[string]string) {
	r.T.Helper()
	a := r.Expect(post(path, wants("format", "zip"), browser...), http.StatusSeeOther, "")
	to, err := url.Parse(a.Headers["location"])
	if err != nil {
		r.T.Fatal(err)
	}
	at = strings.TrimPrefix(to.Path, "/")
	text := r.bucket.texts[at]
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil {
		r.T.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range z.File {
		content, err := f.Open()
		if err != nil {
			r.T.Fatal(err)
		}
		all, err := io.ReadAll(content)
		if err != nil {
			r.T.Fatal(err)
		}
		files[f.Name] = string(all)
	}
	return at, files
}

func TestAllOfAnAnswerInOneFile(t *testing.T) {
	r := newRig(t)
	q, crm := r.answered()
	path := r.to(link.Export, q)
	at, files := r.fetches(path)
	var m access.Manifest
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil || len(m.Files) != len(files)-1 || len(files) != 6 {
		t.Fatalf("%v %+v", err, files)
	}
	if i := slices.IndexFunc(m.Files, func(f access.Written) bool { return f.Name == "files/crm/"+crm.Name() }); i < 0 || m.Files[i].SHA256 != crm.SHA256 || m.Files[i].System != "crm" {
		t.Errorf("%+v", m.Files)
	}
	var e export.Export
	if err := json.Unmarshal([]byte(files["export.json"]), &e); err != nil || len(e.Parts) != 3 || !strings.Contains(files["answer.txt"], "Where data comes from") || !strings.Contains(files["answer.txt"], "1 file is there for you.") || !strings.Contains(files["export.csv"], "verification_asked") {
		t.Errorf("%v %v", err, files)
	}
	f := r.file(q.ID)
	last := f.Events[len(f.Events)-1]
	if last.Kind != "exported" || last.Actor != audit.ByPerson || last.Facts["sha256"] != r.bucket.objects[at].SHA256 || last.Facts["format"] != "zip" {
		t.Errorf("%+v", last)
	}
	if again, _ := r.fetches(path); again != at {
		t.Error("it is written again at once")
	}
	r.clock = r.clock.Add(10*time.Minute + time.Second)
	if later, _ := r.fetches(path); later == at {
		t.Error("an old one is given again")
	}
	if _, there := r.bucket.objects[at]; there && slices.ContainsFunc(r.file(q.ID).Files, func(a attachment.File) bool { return a.ID == at && a.State == attachment.Stored }) {
		t.Error("the old one is still there")
	}
}

func TestAnArchiveThatIsNotGiven(t *testing.T) {
	r := newRig(t)
	q, crm := r.answered()
	path := r.to(link.Export, q)
	for _, c := range []struct {
		refuses error
		status  int
		says    string
	}{
		{attachment.ErrChecking, http.StatusConflict, "still being checked"}, {attachment.ErrThreat, http.StatusUnprocessableEntity, "could not show that a file is safe"},
	} {
		r.bucket.refuses = c.refuses
		r.Expect(post(path, wants("format", "zip"), browser...), c.status, c.says)
	}
	r.bucket.refuses = nil
	delete(r.bucket.objects, crm.ID)
	r.Expect(post(path, wants("format", "zip"), browser...), http.StatusConflict, "A file of our answer cannot be read")
	r.Expect(post(path, wants("format", "zip"), script...), http.StatusConflict, "cannot be read")
	if strings.Contains(r.history(q.ID), "exported") {
		t.Error(r.history(q.ID))
	}
}

// A law that asks for less is told less, and California's has words of its own.
func TestWhatIsToldWithTheData(t *testing.T) {
	r := newRig(t)
	a := r.Expect(get(r.to(link.Export, r.decided(granted, california, deadline.Access)), browser...), http.StatusOK, "In the words of the law of California: internet or other electronic network activity information.")
	if !strings.Contains(a.Text, "shared for advertising with: Advertisers.") || strings.Contains(a.Text, "You can object") {
		t.Error(a.Text)
	}
	r = newRig(t)
	a = r.Expect(get(r.to(link.Export, r.decided(granted, deadline.Jurisdiction{Country: "US", Region: "VA"}, deadline.Access)), browser...), http.StatusOK, "This is all that the Privacy Desk")
	if strings.Contains(a.Text, "About the use of your data") {
		t.Error(a.Text)
	}
}

// What dies while it writes an archive leaves nothing on the disk: the next run has the same one.
func TestAnArchiveIsOnNoDisk(t *testing.T) {
	disk := t.TempDir()
	t.Setenv("TMPDIR", disk)
	r := newRig(t)
	q, _ := r.answered()
	looked := 0
	r.bucket.puts = func() {
		left, err := os.ReadDir(disk)
		if looked++; err != nil || len(left) > 0 {
			t.Errorf("%v, %v", left, err)
		}
	}
	r.Expect(post(r.to(link.Export, q), wants("format", "zip"), browser...), http.StatusSeeOther, "")
	if looked != 1 {
		t.Error(looked)
	}
}
