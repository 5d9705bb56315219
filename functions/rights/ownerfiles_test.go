package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
)

var table = attachment.Content{Size: 2000, ETag: "e", SHA256: "ab12", Begins: []byte("contract,since\n42,2024\n")}

// gathering is a request for access that two systems have to do with, with the paths of the owner and of the machine.
func (r *rig) gathering() (q request.Request, owner, crm string) {
	r.T.Helper()
	r.withSystems()
	q = r.opened(germany, deadline.Access)
	return q, r.accessLink(q, link.Task, "contracts"), r.accessLink(q, link.System, "crm")
}

func (r *rig) accessLink(q request.Request, p link.Purpose, system string) string {
	r.T.Helper()
	e := r.access(q, system)
	path := r.Sealed("/systems/", p, link.Claims{Request: q.ID, System: system, Task: "access", Notice: e.ID(), ExpiresAt: r.clock.AddDate(0, 3, 0)})
	r.Note(path)
	return path
}

func (r *rig) access(q request.Request, system string) ledger.Entry {
	r.T.Helper()
	e, err := ledger.Find(r.systems(q), system, ledger.Access)
	if err != nil {
		r.T.Fatal(err)
	}
	return e
}

var (
	addFile = posted("action", "add_file", "lang", "en")
	saysHas = posted("action", "answer", "outcome", "done", "records", "3")
	saysNot = posted("action", "answer", "outcome", "not_found")
)

// came is where S3 sends the browser.
func came(path, key string) string {
	return path + "?" + url.Values{"lang": {"en"}, "bucket": {"files"}, "key": {key}, "etag": {"x"}}.Encode()
}

func TestAnOwnerSendsAFile(t *testing.T) {
	r := newRig(t)
	q, path, _ := r.gathering()
	r.Expect(get(path, browser...), http.StatusOK, "There is no file here yet")
	a := r.Expect(post(path, addFile, browser...), http.StatusOK, "Choose a file")
	if !strings.Contains(a.Headers["content-security-policy"], "form-action 'self' https://files.s3.example;") || strings.Contains(a.Body, marvin) {
		t.Errorf("%v", a.Headers)
	}
	u := r.bucket.asked
	if u.Key != "file1" || u.RedirectTo != "https://privacy.example.com"+path+"?lang=en" {
		t.Errorf("%+v", u)
	}
	r.Expect(get(came(path, "file1"), browser...), http.StatusOK, "has not arrived")
	if f := r.file(q.ID).Files[0]; f.State != attachment.Expected || f.For != attachment.Answer || f.System != "contracts" || f.By != audit.BySystem {
		t.Errorf("the browser is believed: %+v", f)
	}
	r.bucket.objects["file1"] = table
	for range 2 {
		a = r.Expect(get(came(path, "file1"), browser...), http.StatusOK, "Your file has arrived")
	}
	if !strings.Contains(a.Text, ".csv, 2 KB") || strings.Contains(a.Body, "2024") {
		t.Errorf("%s", a.Text)
	}
	f := r.file(q.ID)
	last := f.Events[len(f.Events)-1]
	if last.Kind != "file_added" || last.Actor != audit.BySystem || last.Facts["system"] != "contracts" || strings.Count(r.history(q.ID), "file_added") != 1 || f.Request.Look != nil {
		t.Errorf("%+v %s", last, r.history(q.ID))
	}
	r.Expect(post(path, saysHas, browser...), http.StatusOK, "Done, 3 records")
	if e := r.access(q, "contracts"); e.State != ledger.Done || e.Records != 3 {
		t.Errorf("%+v", e)
	}
	r.Expect(get(path, browser...), http.StatusGone, "has been answered")
	r.Expect(post(path, addFile, browser...), http.StatusGone, "has been answered")
	if len(r.file(q.ID).Files) != 1 {
		t.Error("one more is expected of a task that has ended")
	}
}

// What is said fits what was sent, and nothing is half done.
func TestAnswersThatDoNotFitTheFiles(t *testing.T) {
	for name, c := range map[string]struct {
		objects map[string]attachment.Content
		says    string
		status  int
		piece   string
		state   ledger.State
	}{
		"done, without a file":         {nil, saysHas, 422, "There is no file here yet. Add one above", ledger.Due},
		"nothing":                      {nil, saysNot, 200, "Nothing found", ledger.NotFound},
		"done, nobody has announced":   {map[string]attachment.Content{"file1": table}, saysHas, 200, "Done, 3 records", ledger.Done},
		"nothing, and yet a file":      {map[string]attachment.Content{"file1": table}, saysNot, 422, "A file has arrived, so", ledger.Due},
		"done, with a program":         {map[string]attachment.Content{"file1": {Size: 9, Begins: []byte("MZ\x00")}}, saysHas, 422, "We cannot take this file", ledger.Due},
		"done, with an empty file":     {map[string]attachment.Content{"file1": {}}, saysHas, 422, "We cannot take this file", ledger.Due},
		"done, with one too large":     {map[string]attachment.Content{"file1": {Size: attachment.MaxSize + 1, Begins: table.Begins}}, saysHas, 422, "We cannot take this file", ledger.Due},
		"to be kept is to be shown":    {nil, posted("action", "answer", "outcome", "cannot", "ground", "legal_duty"), 422, "Choose why it cannot be done.", ledger.Due},
		"cannot, although a file came": {map[string]attachment.Content{"file1": table}, posted("action", "answer", "outcome", "cannot", "ground", "technical"), 200, "may write to you", ledger.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q, path, _ := r.gathering()
			r.Expect(post(path, addFile, browser...), http.StatusOK, "Choose a file")
			for key, content := range c.objects {
				r.bucket.objects[key] = content
			}
			a := r.Expect(post(path, c.says, browser...), c.status, c.piece)
			if e := r.access(q, "contracts"); e.State != c.state {
				t.Errorf("%+v", e)
			}
			if strings.Contains(c.piece, "cannot take") && (len(r.bucket.objects) > 0 || !strings.Contains(a.Body, `value="3"`)) {
				t.Errorf("it is kept, or what was typed is lost: %s", a.Body)
			}
		})
	}
}

func TestAFileOfAnOwnerThatIsNotTaken(t *testing.T) {
	r := newRig(t)
	_, path, _ := r.gathering()
	r.Expect(post(path, addFile, browser...), http.StatusOK, "Choose a file")
	r.bucket.objects["file1"] = attachment.Content{Size: 9, Begins: []byte("MZ\x00")}
	a := r.Expect(get(came(path, "file1"), browser...), http.StatusUnprocessableEntity, "We cannot take this file")
	if !strings.Contains(a.Body, "files.s3.example") || len(r.bucket.objects) > 0 {
		t.Errorf("%v %s", r.bucket.objects, a.Brief())
	}
	r.bucket.objects["file1"] = table // by the same form
	r.Expect(get(came(path, "file1"), browser...), http.StatusOK, "Your file has arrived")
	r.bucket.objects["file1"] = attachment.Content{Size: 9, ETag: "f", Begins: []byte("MZ\x00")} // and once more
	a = r.Expect(get(came(path, "file1"), browser...), http.StatusUnprocessableEntity, "We cannot take this file")
	if strings.Contains(a.Body, "files.s3.example") || len(r.bucket.objects) > 0 {
		t.Errorf("the form of a file that is gone is given again: %s", a.Brief())
	}
	a = r.Expect(get(came(path, "file1"), browser...), http.StatusOK, "There is no file here yet")
	if strings.Contains(a.Body, "files.s3.example") {
		t.Errorf("%s", a.Brief())
	}
	r.Expect(post(path, saysHas, browser...), http.StatusUnprocessableEntity, "There is no file here yet")
	r.Expect(post(path, addFile, browser...), http.StatusOK, "Choose a file")
}

func TestAnOwnersFilesAreFew(t *testing.T) {
	r := newRig(t)
	_, path, _ := r.gathering()
	for range attachment.MaxSystem {
		r.Expect(post(path, addFile, browser...), http.StatusOK, "Choose a file")
		r.bucket.objects[r.bucket.asked.Key] = table
		r.Expect(get(came(path, r.bucket.asked.Key), browser...), http.StatusOK, "Your file has arrived")
	}
	r.Expect(post(path, addFile, browser...), http.StatusConflict, "No more files can be added")
	r.Expect(post(path, saysHas, browser...), http.StatusOK, "Thank you")
}

// A link opens the files of its own system and task, and no others.
func TestFilesOfOthersAreNotTouched(t *testing.T) {
	r := newRig(t)
	q, path, crm := r.gathering()
	r.Expect(post(crm, `{"action":"add_file"}`, machine...), http.StatusOK, `"key":"file1"`)
	r.bucket.objects["file1"] = table
	r.Expect(get(came(path, "file1"), browser...), http.StatusOK, "There is no file here yet")
	r.Expect(post(path, saysHas, browser...), http.StatusUnprocessableEntity, "There is no file here")
	if f := r.file(q.ID).Files; len(f) != 1 || f[0].State != attachment.Expected {
		t.Errorf("%+v", f)
	}
	q = r.erasing()
	path = r.Sealed("/systems/", link.Task, link.Claims{Request: q.ID, System: "contracts", Task: "erasure", Notice: q.ID + ".erasure.contracts"})
	r.Note(path)
	r.Expect(post(path, addFile, browser...), http.StatusConflict, "")
	r.Expect(post(r.task(q, "crm"), `{"action":"add_file"}`, machine...), http.StatusConflict, "takes no file")
	if len(r.file(q.ID).Files) > 0 {
		t.Error("a file is expected with an erasure")
	}
}

func TestASystemSendsAFile(t *testing.T) {
	r := newRig(t)
	q, _, path := r.gathering()
	r.Expect(post(path, `{"outcome":"done","records":1}`, machine...), http.StatusUnprocessableEntity, `"outcome"`)
	for range 2 { // a form that has not been used is used again
		a := r.Expect(post(path, `{"action":"add_file"}`, machine...), http.StatusOK, "")
		var given struct{ Form systemForm }
		if err := json.Unmarshal([]byte(a.Body), &given); err != nil || given.Form.URL != "https://files.s3.example/" || given.Form.Fields["key"] != "file1" || given.Form.Fields["policy"] != "signed" || given.Form.MaxBytes != 20<<20 {
			t.Errorf("%v %s", err, a.Body)
		}
		if until, err := time.Parse(time.RFC3339, given.Form.ExpiresAt); err != nil || until.Sub(r.clock) > 15*time.Minute || r.bucket.asked.RedirectTo != "" {
			t.Errorf("%s %+v", a.Body, r.bucket.asked)
		}
	}
	r.Expect(post(path, `{"outcome":"done"}`, machine...), http.StatusUnprocessableEntity, "no file is here")
	r.bucket.objects["file1"] = attachment.Content{Size: 9, Begins: []byte("MZ\x00")}
	r.Expect(post(path, `{"outcome":"done"}`, machine...), http.StatusUnprocessableEntity, "type")
	r.bucket.objects["file1"] = table
	r.Expect(post(path, `{"outcome":"not_found"}`, machine...), http.StatusUnprocessableEntity, "a file has arrived")
	r.Note(r.Expect(get(path, machine...), http.StatusOK, `"bytes":2000,"sha256":"ab12"`).Body)
	for range 2 { // the same answer twice is one
		r.Expect(post(path, `{"outcome":"done","records":1}`, machine...), http.StatusOK, `"state":"done"`)
	}
	r.Expect(post(path, `{"action":"add_file"}`, machine...), http.StatusConflict, "has ended")
	r.Expect(get(path, machine...), http.StatusGone, `"expired"`)
	if f := r.file(q.ID); len(f.Files) != 1 || f.Files[0].Type != attachment.CSV || strings.Count(r.history(q.ID), "file_added") != 1 {
		t.Errorf("%+v", f.Files)
	}
}

func TestFormsThatASystemDoesNotGet(t *testing.T) {
	r := newRig(t)
	q, _, path := r.gathering()
	for body, piece := range map[string]string{
		`{"action":"add"}`: `"action"`, `{"action":"add_file","outcome":"done"}`: `"action"`, `{"action":1}`: `"action"`,
	} {
		r.Expect(post(path, body, machine...), http.StatusUnprocessableEntity, piece)
	}
	again := r.Sealed("/systems/", link.System, link.Claims{Request: q.ID, System: "crm", Task: "access", Notice: "before"})
	r.Note(again)
	r.Expect(post(again, `{"action":"add_file"}`, machine...), http.StatusConflict, "anew")
	r.ok(r.rights.Withdraw(background, q.ID, audit.ByPerson))
	r.Expect(post(path, `{"action":"add_file"}`, machine...), http.StatusConflict, "has ended")
	r.clock = r.clock.AddDate(1, 0, 0)
	r.Expect(post(path, `{"action":"add_file"}`, machine...), http.StatusGone, "expired")
	if len(r.file(q.ID).Files) > 0 {
		t.Errorf("%+v", r.file(q.ID).Files)
	}
}

// What officers keep for themselves about a system is not shown to it.
func TestAnOwnerSeesNoFileOfOfficersOwn(t *testing.T) {
	r := newRig(t)
	q, path, crm := r.gathering()
	for _, system := range []string{"contracts", "crm"} {
		a, err := r.files.ExpectFrom(background, q.ID, filing.Wish{For: attachment.Internal, System: system, By: audit.AsOfficer("dpo")})
		if err != nil {
			t.Fatal(err)
		}
		r.bucket.objects[a.ID] = table
		if _, err := r.files.Arrived(background, q.ID, a.ID); err != nil {
			t.Fatal(err)
		}
	}
	r.Expect(get(path, browser...), http.StatusOK, "There is no file here yet")
	if a := r.Expect(get(crm, script...), http.StatusOK, ""); strings.Contains(a.Body, "sha256") {
		t.Error(a.Body)
	}
}
