package aws_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
)

func sum(content string) string {
	of := sha256.Sum256([]byte(content))
	return hex.EncodeToString(of[:])
}

func TestAFileThatIsWrittenHere(t *testing.T) {
	b, content := bucket(t), strings.Repeat("PK\x03\x04", 3000)
	if _, err := b.PutFile(t.Context(), "a1", strings.NewReader(content), 12_000, sum("another")); !fault.Is(err, fault.Internal) {
		t.Errorf("another file: %v", err)
	}
	got, err := b.PutFile(t.Context(), "a1", strings.NewReader(content), 12_000, sum(content))
	if err != nil || got.Size != 12_000 || got.SHA256 != sum(content) || string(got.Begins) != content[:4096] {
		t.Errorf("%+v, %v", got, err)
	}
	if read, err := b.Read(t.Context(), "a1"); err != nil || read.ETag != got.ETag || read.SHA256 != got.SHA256 || read.Text != nil {
		t.Errorf("%+v, %v", read, err)
	}
	body, err := b.Open(t.Context(), "a1")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if text, err := io.ReadAll(body); err != nil || string(text) != content {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	if _, err := b.Open(t.Context(), "a2"); !fault.Is(err, fault.NotFound) {
		t.Errorf("none: %v", err)
	}
}

func TestTextIsReadWhole(t *testing.T) {
	b := bucket(t)
	for name, c := range map[string]struct {
		content string
		kept    bool
	}{
		"a table": {strings.Repeat("name,number\n", 1000), true}, "a short one": {"name,number\n", true}, "of 4 KB": {strings.Repeat("x", 4096), true},
		"a picture": {"\x89PNG\r\n\x1a\n" + strings.Repeat("x", 9000), false}, "more than is taken": {strings.Repeat("x", attachment.MaxSize+1), false},
	} {
		if err := b.Put(t.Context(), "a1", []byte(c.content)); err != nil {
			t.Fatal(err)
		}
		got, err := b.Read(t.Context(), "a1")
		if err != nil || (string(got.Text) == c.content) != c.kept || (got.Text == nil) == c.kept || got.SHA256 != sum(c.content) || string(got.Begins) != c.content[:min(4096, len(c.content))] {
			t.Errorf("%s: %d bytes, %v", name, len(got.Text), err)
		}
	}
}

// tagged sets the tag of an object, as GuardDuty does.
func tagged(t *testing.T, key, tag string) {
	t.Helper()
	body := "<Tagging><TagSet><Tag><Key>other</Key><Value>NO_THREATS_FOUND</Value></Tag>"
	if tag != "" {
		body += "<Tag><Key>GuardDutyMalwareScanStatus</Key><Value>" + tag + "</Value></Tag>"
	}
	r, _ := http.NewRequest(http.MethodPut, os.Getenv("AWS_ENDPOINT_URL_S3")+"/files/"+key+"?tagging", strings.NewReader(body+"</TagSet></Tagging>"))
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	_ = res.Body.Close()
}

func TestAFileIsGivenOutWhenItIsClean(t *testing.T) {
	plain := bucket(t)
	stored, err := plain.PutFile(t.Context(), "a1", strings.NewReader("%PDF-1"), 6, sum("%PDF-1"))
	if err != nil {
		t.Fatal(err)
	}
	f := attachment.File{Request: "PD-1", ID: "a1", For: attachment.Answer, State: attachment.Stored, Type: attachment.PDF, ETag: stored.ETag}
	archive, another, gone := f, f, f
	archive.For, another.ETag, gone.ID = attachment.Archive, `"other"`, "a2"
	for name, c := range map[string]struct {
		b    aws.Bucket
		f    attachment.File
		tag  string
		want error
	}{
		"where nothing is scanned": {plain, f, "", nil}, "and says so all the same": {plain, f, "THREATS_FOUND", nil},
		"clean": {plain.Scanned(true), f, "NO_THREATS_FOUND", nil}, "not yet": {plain.Scanned(true), f, "", attachment.ErrChecking},
		"malware": {plain.Scanned(true), f, "THREATS_FOUND", attachment.ErrThreat}, "a password": {plain.Scanned(true), f, "UNSUPPORTED", attachment.ErrUnchecked},
		"a failure": {plain.Scanned(true), f, "FAILED", attachment.ErrUnchecked}, "our own": {plain.Scanned(true), archive, "", nil},
	} {
		tagged(t, "a1", c.tag)
		address, err := c.b.Given(t.Context(), c.f)
		if !errors.Is(err, c.want) || (err == nil) != strings.Contains(address, "/files/a1?") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, f := range []attachment.File{another, gone} {
		if _, err := plain.Given(t.Context(), f); !fault.Is(err, fault.NotFound) {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

// The form for a file takes one of at most 20 MB, for a quarter of an hour.
func TestAFormIsForOneFile(t *testing.T) {
	b := bucket(t)
	form, err := b.FormFor("a1", "https://desk.example/back")
	if err != nil || !strings.HasPrefix(form.Action, b.Origin()+"/") || b.Origin() == "" {
		t.Fatalf("%q at %q: %v", form.Action, b.Origin(), err)
	}
	fields := map[string]string{}
	for _, f := range form.Fields {
		fields[f.Name] = f.Value
	}
	text, err := base64.StdEncoding.DecodeString(fields["policy"])
	var policy struct{ Expiration time.Time }
	if err != nil || json.Unmarshal(text, &policy) != nil || time.Until(policy.Expiration) > 15*time.Minute {
		t.Errorf("%s: %v", text, err)
	}
	if fields["key"] != "a1" || fields["success_action_redirect"] != "https://desk.example/back" || !strings.Contains(string(text), fmt.Sprintf(`["content-length-range",1,%d]`, attachment.MaxSize)) {
		t.Errorf("%v: %s", fields, text)
	}
}
