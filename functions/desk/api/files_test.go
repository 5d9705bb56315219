package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// bucket is a bucket in memory. It signs nothing.
type bucket map[string]attachment.Content

func (b bucket) FormFor(file, back string) (aws.Form, error) {
	return aws.Form{Action: "https://files.s3.example/" + back, Fields: []aws.Field{{Name: "key", Value: file}, {Name: "policy", Value: "signed"}}}, nil
}

func (b bucket) Given(_ context.Context, f attachment.File) (string, error) {
	if c, there := b[f.ID]; !there || !f.Readable(c.ETag) {
		return "", fault.New(fault.NotFound, "none")
	}
	return "https://files.s3.example/" + f.ID, nil
}

func (b bucket) Read(_ context.Context, id string) (attachment.Content, error) {
	c, there := b[id]
	if !there {
		return c, fault.New(fault.NotFound, "none")
	}
	return c, nil
}

func (b bucket) Delete(_ context.Context, id string) error {
	delete(b, id)
	return nil
}

// none are the legal holds of nobody.
type none struct{}

func (none) KeptBack(context.Context, *request.Request) ([]request.KeptBack, error) { return nil, nil }

func (r *rig) files() {
	n := 0
	b := bucket{}
	r.bucket, r.Attached = b, b
	r.Files = &filing.Service{Store: r.store, Objects: b, Holds: none{}, Now: r.Now, Random: &testkit.Random{}, NewID: func() string { n++; return "file" + strconv.Itoa(n) }}
	desk := testkit.Desk(r.t)
	testkit.WithSystems(desk)
	r.systems = desk.Systems
}

func content(text string) attachment.Content {
	return attachment.Content{Size: int64(len(text)), ETag: text, SHA256: "sum of " + text, Begins: []byte(text)}
}

// withFile is an open request with a file of the officer of the events.
func (r *rig) withFile(state string) request.Request {
	r.t.Helper()
	q := r.confirm(r.open(germany, deadline.Correction))
	by := audit.AsOfficer("dpo-1/AROAEXAMPLE0123456789:" + r.Rights.Key.Officer("officer@example.com"))
	f, err := r.Files.ExpectFrom(background, q.ID, filing.Wish{For: attachment.Internal, By: by})
	if err != nil {
		r.t.Fatal(err)
	}
	r.bucket[f.ID] = content("a note")
	if state == "filed" {
		if _, err := r.Files.Arrived(background, q.ID, f.ID); err != nil {
			r.t.Fatal(err)
		}
	}
	return r.file(q.ID).Request
}

// sent asks for the form of a file, sends it, and says so.
func (r *rig) sent(q request.Request, text string, wish body) string {
	r.t.Helper()
	path := "/api/requests/" + q.ID
	var form fileForm
	a := r.expect(r.call(http.MethodPost, path+"/file", wish), http.StatusOK, `"action":"https://files.s3.example/"`)
	if err := json.Unmarshal([]byte(a.Body), &struct{ Fields *[]formField }{&form.Fields}); err != nil || form.Fields[0].Name != "key" {
		r.t.Fatal(a.Body, err)
	}
	id := form.Fields[0].Value
	r.expect(r.call(http.MethodPost, path+"/arrived", body{"file": id}), http.StatusNotFound, "has not arrived")
	r.bucket[id] = content(text)
	for range 2 {
		r.expect(r.call(http.MethodPost, path+"/arrived", body{"file": id}), http.StatusOK, `"sha256":"sum of `+text+`"`)
	}
	return id
}

func (r *rig) states(id string) map[string]attachment.State {
	all := map[string]attachment.State{}
	for _, f := range r.file(id).Files {
		all[f.ID] = f.State
	}
	return all
}

// A program adds a file of a system for the person, puts a redacted copy in its place, fetches that, and removes it.
func TestFilesOfAProgram(t *testing.T) {
	r := newRig(t)
	r.Rights.Settings.Systems = r.systems
	q := r.confirm(r.open(germany, deadline.Access))
	path := "/api/requests/" + q.ID
	extract := r.sent(q, "%PDF-1.7 all", body{"for": "answer", "system": "crm"})
	redacted := r.sent(q, "%PDF-1.7 some", body{"replaces": extract})
	if got := r.states(q.ID); got[extract] != attachment.Replaced || got[redacted] != attachment.Stored || len(r.bucket) != 1 {
		t.Errorf("%v %v", got, r.bucket)
	}
	r.expect(r.call(http.MethodGet, path, nil), http.StatusOK, `"system":"crm","added_by":"officer:AIDADPO","replaces":"`+extract+`"`)
	r.expect(r.call(http.MethodPost, path+"/fetch", body{"file": redacted}), http.StatusOK, `"url":"https://files.s3.example/`+redacted+`"`)
	if !strings.Contains(r.history(q.ID), "file_fetched") {
		t.Error(r.history(q.ID))
	}
	for range 2 {
		r.expect(r.call(http.MethodPost, path+"/remove", body{"file": redacted}), http.StatusOK, `"state":"gone"`)
	}
	if n := strings.Count(r.history(q.ID), "file_removed"); n != 1 || len(r.bucket) != 0 {
		t.Errorf("%d entries, %v", n, r.bucket)
	}
	for _, gone := range []string{extract, redacted, ""} {
		r.expect(r.call(http.MethodPost, path+"/fetch", body{"file": gone}), http.StatusNotFound, "no such file")
	}
}

// What comes is read before it counts, and forms are for who asked for them.
func TestFilesThatAreRefused(t *testing.T) {
	r := newRig(t)
	r.Rights.Settings.Systems = r.systems
	q := r.confirm(r.open(germany, deadline.Correction))
	path := "/api/requests/" + q.ID
	for name, c := range map[string]struct {
		wish   body
		status int
		says   string
	}{
		"for nobody":           {body{}, http.StatusUnprocessableEntity, `"for"`},
		"as a proof":           {body{"for": "proof"}, http.StatusUnprocessableEntity, "must be one of internal, answer"},
		"of no system":         {body{"for": "internal", "system": "moon"}, http.StatusUnprocessableEntity, `"system"`},
		"in place of none":     {body{"replaces": "file9"}, http.StatusNotFound, "no such file"},
		"both":                 {body{"replaces": "file9", "for": "internal"}, http.StatusUnprocessableEntity, `"replaces"`},
		"no data is asked for": {body{"for": "answer"}, http.StatusConflict, "takes no file for an answer"},
	} {
		t.Run(name, func(t *testing.T) {
			r.expect(r.call(http.MethodPost, path+"/file", c.wish), c.status, c.says)
		})
	}
	if f := r.file(q.ID); len(f.Files) > 0 || f.Request.Head != q.Head {
		t.Errorf("%+v", f.Files)
	}
	r.expect(r.call(http.MethodPost, path+"/file", body{"for": "internal"}), http.StatusOK, `"state":"expected"`)
	r.bucket["file1"] = content("MZ\x00")
	r.expect(r.invoke(r.signed("AIDABOB", http.MethodPost, path+"/arrived", body{"file": "file1"})), http.StatusNotFound, "no such file")
	r.expect(r.call(http.MethodPost, path+"/arrived", body{"file": "file1"}), http.StatusUnprocessableEntity, "of this type is not taken")
	if len(r.bucket) > 0 {
		t.Error("it is kept")
	}
	r.expect(r.call(http.MethodPost, path+"/remove", body{"file": "file1"}), http.StatusOK, `"state":"expected"`)
}
