package people

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

// bucket is a bucket in memory. It signs nothing.
type bucket struct {
	objects map[string]attachment.Content
	back    string // of the last form
}

func (b *bucket) FormFor(file, back string) (aws.Form, error) {
	b.back = back
	return aws.Form{Action: "https://files.s3.example/", Fields: []aws.Field{{Name: "key", Value: file}, {Name: "policy", Value: "signed"}}}, nil
}

func (b *bucket) Given(_ context.Context, f attachment.File) (string, error) {
	if c, there := b.objects[f.ID]; !there || !f.Readable(c.ETag) {
		return "", fault.New(fault.NotFound, "none")
	}
	return "https://files.s3.example/" + f.ID, nil
}

func (b *bucket) Read(_ context.Context, id string) (attachment.Content, error) {
	c, there := b.objects[id]
	if !there {
		return c, fault.New(fault.NotFound, "none")
	}
	return c, nil
}

func (b *bucket) Delete(_ context.Context, id string) error {
	delete(b.objects, id)
	return nil
}

// none are the legal holds of nobody.
type none struct{}

func (none) KeptBack(context.Context, *request.Request) ([]request.KeptBack, error) { return nil, nil }

// filed is a rig with a bucket, and with other systems.
func filed(t *testing.T, role staff.Role) (*rig, *bucket) {
	r, b, ids := newRig(t, role), &bucket{objects: map[string]attachment.Content{}}, 0
	desk := testkit.Desk(t)
	testkit.WithSystems(desk)
	r.door.Rights.Settings.Systems, r.door.Pages.Systems = desk.Systems, desk.Systems
	r.door.Attached = b
	r.door.Files = &filing.Service{Store: r.store, Objects: b, Holds: none{}, Now: r.door.Now, Random: &testkit.Random{}, NewID: func() string { ids++; return "key" + strconv.Itoa(ids) }}
	return r, b
}

func content(text string) attachment.Content {
	return attachment.Content{Size: int64(len(text)), ETag: text, SHA256: "sum of " + text, Begins: []byte(text)}
}

// adds sends a form about a file, and then the file.
func (r *rig) adds(b *bucket, q request.Request, act, text string, typed url.Values) string {
	r.t.Helper()
	at := r.act(q, act, typed).Header().Get("Location")
	_, rest, _ := strings.Cut(at, "/files/")
	id := strings.TrimSuffix(rest, "/add")
	r.shows(r.get(at), http.StatusOK, `action="https://files.s3.example/"`, `enctype="multipart/form-data"`, `name="key" value="`+id+`"`)
	b.objects[id] = content(text)
	r.to(r.get(at+"?etag=x"), "/desk/requests/"+q.ID+"#files")
	return id
}

func (r *rig) states(id string) map[string]attachment.State {
	all := map[string]attachment.State{}
	for _, a := range r.file(id).Files {
		all[a.ID] = a.State
	}
	return all
}

// A file for the person is added, replaced by a redacted copy, and removed. Each is an entry, and the file says all of it.
func TestFilesOfAnOfficer(t *testing.T) {
	r, b := filed(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	r.shows(r.get("/desk/requests/"+q.ID), http.StatusOK, "Nobody has added a document.", deskpage.ActPath(q.ID, "file"))
	r.shows(r.get(deskpage.ActPath(q.ID, "file")), http.StatusOK, "Internal: only people at the desk", "For the person: they can fetch", "our customer database")

	note := r.adds(b, q, "file", "a note", url.Values{"for": {"internal"}})
	extract := r.adds(b, q, "file", "%PDF-1.7 all", url.Values{"for": {"answer"}, "system": {"crm"}})
	if b.back != "https://desk.example"+deskpage.UploadPath(q.ID, extract) {
		t.Errorf("the browser is sent back to %s", b.back)
	}
	r.shows(r.get(deskpage.ActPath(q.ID, "replace")), http.StatusOK, `value="`+note+`"`, `value="`+extract+`"`, "For the person, of: our customer database")
	redacted := r.adds(b, q, "replace", "%PDF-1.7 some", url.Values{"file": {extract}})
	if got := r.states(q.ID); got[extract] != attachment.Replaced || got[redacted] != attachment.Stored || len(b.objects) != 2 {
		t.Errorf("%v, %v", got, b.objects)
	}
	r.to(r.act(q, "remove", url.Values{"file": {note}}), "/desk/requests/"+q.ID+"#files")
	if got := slices.Collect(maps.Keys(b.objects)); !slices.Equal(got, []string{redacted}) {
		t.Errorf("there is %v", got)
	}
	f := r.file(q.ID)
	if audit.Verify(f.Events, f.Request.Head) != nil || r.count(q.ID, lifecycle.EventFileAdded) != 3 || r.count(q.ID, lifecycle.EventFileReplaced) != 1 || r.count(q.ID, lifecycle.EventFileRemoved) != 1 {
		t.Errorf("%+v", f.Events)
	}
	for _, a := range f.Files {
		if a.By != "officer:Anna Weber/a1" || a.ID == redacted && (a.For != attachment.Answer || a.System != "crm" || a.Replaces != extract) {
			t.Errorf("%+v", a)
		}
	}
	r.shows(r.get("/desk/requests/"+q.ID), http.StatusOK, "replaced by", "in the place of", "sum of %PDF-1.7 all", "A redacted copy took the place of a document", "A document was removed", "of: our customer database")
	r.to(r.get(deskpage.AttachedPath(q.ID, redacted)), "https://files.s3.example/"+redacted)
	for _, gone := range []string{extract, note, "other"} {
		r.shows(r.get(deskpage.AttachedPath(q.ID, gone)), http.StatusNotFound)
	}
}

// Who went on to choose a file may think again, or come back without one.
func TestTheFormForAFile(t *testing.T) {
	r, b := filed(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	to := deskpage.UploadPath(q.ID, "key1")
	r.to(r.act(q, "file", url.Values{"for": {"answer"}}), to)
	w := r.get(to)
	r.shows(w, http.StatusOK, "At most 20 MB.", "XLSX")
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https://files.s3.example;") {
		t.Error(csp)
	}
	r.shows(r.get(to+"?etag=x"), http.StatusOK, "The document has not arrived.")
	if got := r.states(q.ID)["key1"]; got != attachment.Expected || r.count(q.ID, lifecycle.EventFileAdded) != 0 {
		t.Errorf("the browser is believed: %s", got)
	}
	b.objects["key1"] = content("MZ\x00")
	r.shows(r.get(to+"?etag=x"), http.StatusUnprocessableEntity, "This document cannot be taken", "https://files.s3.example/")
	if len(b.objects) > 0 {
		t.Error("it is kept")
	}
	b.objects["key1"] = content("%PDF-1.7")
	head := httpGet(to)
	head.Method = http.MethodHead
	if r.send(head); r.states(q.ID)["key1"] != attachment.Expected {
		t.Error("HEAD recorded something")
	}
	for range 2 {
		r.to(r.get(to+"?etag=x"), "/desk/requests/"+q.ID+"#files")
	}
	if n := r.count(q.ID, lifecycle.EventFileAdded); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// What a request does not take is refused in words, and leaves no trace.
func TestFilesThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		make   func(*rig) request.Request
		act    string
		typed  url.Values
		status int
		says   string
	}{
		"for nobody":                  {nil, "file", url.Values{}, http.StatusUnprocessableEntity, `id="e-for"`},
		"as a proof":                  {nil, "file", url.Values{"for": {"proof"}}, http.StatusUnprocessableEntity, `id="e-for"`},
		"of no system":                {nil, "file", url.Values{"for": {"answer"}, "system": {"moon"}}, http.StatusUnprocessableEntity, `id="e-system"`},
		"no data is asked for":        {func(r *rig) request.Request { return r.confirmed(deadline.Correction) }, "file", url.Values{"for": {"answer"}}, http.StatusConflict, "needs an open request for access"},
		"no file is replaced":         {nil, "replace", url.Values{}, http.StatusUnprocessableEntity, `id="e-file"`},
		"no file is removed":          {nil, "remove", url.Values{}, http.StatusUnprocessableEntity, `id="e-file"`},
		"one that is not there":       {nil, "remove", url.Values{"file": {"key9"}}, http.StatusNotFound, ""},
		"replaced, and was not there": {nil, "replace", url.Values{"file": {"key9"}}, http.StatusNotFound, ""},
		"an older file":               {nil, "file", url.Values{"for": {"internal"}, "seq": {"1"}}, http.StatusConflict, "The file has changed meanwhile"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := filed(t, staff.Officer)
			if c.make == nil {
				c.make = func(r *rig) request.Request { return r.confirmed(deadline.Access) }
			}
			q := c.make(r)
			r.shows(r.act(q, c.act, c.typed), c.status, c.says)
			if f := r.file(q.ID); len(f.Files) > 0 || f.Request.Head != q.Head {
				t.Errorf("something was written: %+v", f.Files)
			}
		})
	}
	r, _ := filed(t, staff.Officer)
	q := r.confirmed(deadline.Correction)
	w := r.get(deskpage.ActPath(q.ID, "file"))
	if r.shows(w, http.StatusOK, "Internal: only"); strings.Contains(w.Body.String(), "For the person: they can") {
		t.Error("it offers what the request does not take")
	}
	r.shows(r.get(deskpage.ActPath(q.ID, "remove")), http.StatusOK, "There is nothing here now")
}

// The form for a file is for who asked for it, and no form is given for a file of the person.
func TestOthersForms(t *testing.T) {
	r, b := filed(t, staff.Officer)
	q := r.asked()
	if _, err := r.door.Files.Expect(background, q.ID); err != nil {
		t.Fatal(err)
	}
	ben := r.as("b2", "Ben")
	ben.to(ben.act(q, "file", url.Values{"for": {"internal"}}), deskpage.UploadPath(q.ID, "key2"))
	for _, id := range []string{"key1", "key2", "key3"} {
		b.objects[id] = content("%PDF-1.7")
		r.shows(r.get(deskpage.UploadPath(q.ID, id)), http.StatusNotFound)
	}
	if got := r.states(q.ID); got["key1"] != attachment.Expected || got["key2"] != attachment.Expected {
		t.Errorf("%v", got)
	}
	ben.to(ben.get(deskpage.UploadPath(q.ID, "key2")), "/desk/requests/"+q.ID+"#files")
	r.shows(r.act(q, "remove", url.Values{"file": {"key1"}}), http.StatusNotFound)
	if page := r.get("/desk/requests/" + q.ID).Body.String(); !strings.Contains(page, "<td>Ben</td>") {
		t.Error(page)
	}
	r.signIn(staff.Viewer)
	if page := r.get("/desk/requests/" + q.ID).Body.String(); !strings.Contains(page, "PD-") || strings.Contains(page, "/act/file") || strings.Contains(page, "/files/key2") {
		t.Error("a viewer is offered what viewers may not")
	}
}
