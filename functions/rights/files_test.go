package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// bucket is a bucket in memory. It signs nothing.
type bucket struct {
	objects map[string]attachment.Content
	texts   map[string]string                // of objects that are read whole
	refuses error                            // why none is given out
	asked   struct{ Key, RedirectTo string } // of the last form
	puts    func()                           // before an object is stored
}

// hold is an object of that text, as it was read.
func (b *bucket) hold(id, text string) attachment.Content {
	hash := sha256.Sum256([]byte(text))
	c := attachment.Content{Size: int64(len(text)), ETag: "e-" + id, SHA256: hex.EncodeToString(hash[:]), Begins: []byte(text)}
	b.objects[id], b.texts[id] = c, text
	return c
}

func (b *bucket) Given(ctx context.Context, f attachment.File) (string, error) {
	return "https://files.s3.example/" + f.ID + "?signed", b.Ready(ctx, f)
}

func (b *bucket) Ready(_ context.Context, f attachment.File) error {
	if b.refuses == nil && !f.Readable(b.objects[f.ID].ETag) {
		return fault.New(fault.NotFound, "none")
	}
	return b.refuses
}

func (b *bucket) Open(_ context.Context, id string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(b.texts[id])), nil
}

func (b *bucket) PutFile(_ context.Context, id string, file io.Reader, size int64, sum string) (attachment.Content, error) {
	if b.puts != nil {
		b.puts()
	}
	text, err := io.ReadAll(file)
	if c := b.hold(id, string(text)); c.Size != size || c.SHA256 != sum {
		return c, errors.New("the size or the hash is wrong")
	}
	return b.objects[id], err
}

func (b *bucket) FormFor(file, back string) (aws.Form, error) {
	b.asked.Key, b.asked.RedirectTo = file, back
	return aws.Form{Action: b.Origin() + "/", Fields: []aws.Field{{Name: "key", Value: file}, {Name: "policy", Value: "signed"}}}, nil
}

func (b *bucket) Origin() string { return "https://files.s3.example" }

func (b *bucket) Read(_ context.Context, id string) (attachment.Content, error) {
	c, ok := b.objects[id]
	if !ok {
		return c, fault.New(fault.NotFound, "none")
	}
	return c, nil
}

func (b *bucket) Delete(_ context.Context, id string) error {
	delete(b.objects, id)
	return nil
}

// asksFor is an open request of which an officer asks something.
func (r *rig) asksFor(w waiting.Waiting) request.Request {
	r.T.Helper()
	q := r.opened(germany, deadline.Access)
	return r.ok(r.rights.Ask(background, q.ID, "officer", w))
}

var proof = waiting.Waiting{Cause: deadline.Identity, Proofs: []intake.Proof{intake.PersonsIdentity}}

// addFile presses the button, and gives the page that follows with its address.
func (r *rig) addFile(q request.Request) (to, form string) {
	r.T.Helper()
	a := r.Expect(post(r.to(link.Status, q), "action=add_file&lang=en", browser...), http.StatusOK, "Choose a file")
	if !strings.Contains(a.Headers["content-security-policy"], "form-action 'self' https://files.s3.example;") {
		r.T.Errorf("%v", a.Headers)
	}
	return r.First.Headers["location"], a.Body
}

func TestAFileFromTheStatusPage(t *testing.T) {
	r := newRig(t)
	q := r.asksFor(proof)
	r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "Add a document")
	_, form := r.addFile(q)
	if !strings.Contains(form, `action="https://files.s3.example/"`) || !strings.Contains(form, `enctype="multipart/form-data"`) {
		t.Error(form)
	}
	u := r.bucket.asked
	to := strings.TrimPrefix(u.RedirectTo, "https://privacy.example.com")
	if u.Key != "file1" || !strings.HasPrefix(u.RedirectTo, "https://privacy.example.com/requests/done/") {
		t.Errorf("%+v", u)
	}
	r.Expect(get(to+"&etag=x", browser...), http.StatusOK, "has not arrived")
	if f := r.file(q.ID); f.Request.Waiting.Replied || f.Files[0].State != attachment.Expected {
		t.Errorf("the browser is believed: %+v", f.Files)
	}
	r.bucket.objects["file1"] = attachment.Content{Size: 9, ETag: "e", SHA256: "ab12", Begins: []byte("%PDF-1.7")}
	for range 2 {
		r.Expect(get(to+"&etag=x", browser...), http.StatusOK, "Your document has arrived")
	}
	f := r.file(q.ID)
	last := f.Events[len(f.Events)-1]
	if !f.Request.Waiting.Replied || f.Files[0].State != attachment.Stored || last.Kind != "file_added" || last.Actor != audit.ByPerson || strings.Count(r.history(q.ID), "file_added") != 1 {
		t.Errorf("%+v\n%s", f.Files, r.history(q.ID))
	}
}

func TestAFileThatIsNotTaken(t *testing.T) {
	r := newRig(t)
	q := r.asksFor(proof)
	to, _ := r.addFile(q)
	r.bucket.objects["file1"] = attachment.Content{Size: 9, Begins: []byte("MZ\x00")}
	a := r.Expect(get(to+"&etag=x", browser...), http.StatusUnprocessableEntity, "We cannot take this file")
	if !strings.Contains(a.Body, "files.s3.example") || len(r.bucket.objects) > 0 || r.file(q.ID).Request.Waiting.Replied {
		t.Errorf("%v %s", r.bucket.objects, a.Brief())
	}
}

// A scan may find malware after the person was told that the file is there.
func TestAFileThatHoldsMalware(t *testing.T) {
	r := newRig(t)
	found := attachment.Verdict("")
	files := r.handler.files
	files.Verdict = func(context.Context, string) (attachment.Verdict, error) { return found, nil }
	files.Holds = nobodyHolds{}
	q := r.asksFor(proof)
	to, _ := r.addFile(q)
	r.bucket.objects["file1"] = attachment.Content{Size: 9, ETag: "e", SHA256: "ab12", Begins: []byte("%PDF-1.7")}
	r.Expect(get(to+"&etag=x", browser...), http.StatusOK, "Your document has arrived")
	found = attachment.Threat
	for range 2 {
		a := r.Expect(get(to+"&etag=x", browser...), http.StatusUnprocessableEntity, "holds malware")
		if strings.Contains(a.Body, "files.s3.example") || len(r.bucket.objects) > 0 || r.file(q.ID).Files[0].State != attachment.Refused {
			t.Errorf("%v %s", r.file(q.ID).Files, a.Brief())
		}
	}
	if _, form := r.addFile(q); !strings.Contains(form, "files.s3.example") || r.bucket.asked.Key != "file2" {
		t.Errorf("the next: %+v", r.bucket.asked)
	}
}

type nobodyHolds struct{}

func (nobodyHolds) KeptBack(context.Context, *request.Request) ([]request.KeptBack, error) {
	return nil, nil
}

func TestWhereNoFileIsAsked(t *testing.T) {
	r := newRig(t)
	q := r.opened(germany, deadline.Access)
	a := r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, q.ID)
	if strings.Contains(a.Text, "Add a document") {
		t.Error("it is offered")
	}
	r.Expect(post(r.to(link.Status, q), "action=add_file", browser...), http.StatusConflict, "none can be added here")
	r.Expect(post(r.to(link.Status, q), "action=add_file", script...), http.StatusConflict, "none can be added here")
	other := r.asksFor(proof)
	r.addFile(other)
	r.bucket.objects["file1"] = attachment.Content{Size: 9, Begins: []byte("%PDF-1.7")}
	stolen := link.Claims{Request: q.ID, Of: ofFile, Details: map[string]string{detailFile: "file1"}, ExpiresAt: r.clock.Add(time.Hour)}
	r.Expect(get(r.results().At(stolen), browser...), http.StatusOK, q.ID)
	if len(r.file(q.ID).Files) > 0 || r.file(other.ID).Files[0].State != attachment.Expected {
		t.Error("a file of another request was taken")
	}
}
