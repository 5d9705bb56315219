package aws_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/testkit/standin"
)

func bucket(t *testing.T) aws.Bucket {
	t.Helper()
	s, err := standin.New(standin.Config{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "t/+=", "AWS_ENDPOINT_URL_S3": server.URL + "/s3"} {
		t.Setenv(name, value)
	}
	return aws.New().Bucket("files")
}

// post sends a form as a browser does.
func post(t *testing.T, f aws.Form, content string) *http.Response {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, field := range f.Fields {
		_ = parts.WriteField(field.Name, field.Value)
	}
	file, _ := parts.CreateFormFile("file", "passport of Zaphod.png")
	_, _ = io.WriteString(file, content)
	_ = parts.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Post(f.Action, parts.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res
}

// A browser puts one file there and fetches it, and nothing but that.
func TestFileByABrowser(t *testing.T) {
	b, content := bucket(t), strings.Repeat("a picture ", 1000)
	form, err := b.Form(aws.Upload{Key: "a1", Type: "application/octet-stream", Min: 1, Max: 10_000, RedirectTo: "https://desk.example/back?lang=de", For: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Head(t.Context(), "a1"); !fault.Is(err, fault.NotFound) {
		t.Errorf("before: %v", err)
	}
	if res := post(t, form, content+"."); res.StatusCode != http.StatusBadRequest {
		t.Errorf("too large: %d", res.StatusCode)
	}
	res := post(t, form, content)
	if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "https://desk.example/back?") || !strings.Contains(to, "lang=de") {
		t.Errorf("%d %s", res.StatusCode, to)
	}
	seen, err := b.Head(t.Context(), "a1")
	if err != nil || seen.Size != 10_000 || seen.Type != "application/octet-stream" || seen.ETag == "" {
		t.Errorf("%+v %v", seen, err)
	}
	sum := sha256.Sum256([]byte(content))
	if got, err := b.Read(t.Context(), "a1"); err != nil || got.ETag != seen.ETag || got.Size != seen.Size || got.SHA256 != hex.EncodeToString(sum[:]) || string(got.Begins) != content[:4096] {
		t.Errorf("%+v %v", got, err)
	}
	fetched(t, b, content)
	for range 2 {
		if err := b.Delete(t.Context(), "a1"); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.Read(t.Context(), "a1"); !fault.Is(err, fault.NotFound) {
		t.Errorf("after: %v", err)
	}
}

func fetched(t *testing.T, b aws.Bucket, content string) {
	t.Helper()
	address, err := b.Address(aws.Download{Key: "a1", Type: "image/png", Name: "PD-1-proof.png", For: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for url, status := range map[string]int{address: 200, strings.Replace(address, "image%2Fpng", "text%2Fhtml", 1): 403, strings.Replace(address, "/a1?", "/a2?", 1): 403} {
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != status || (status == 200) != (string(text) == content) {
			t.Errorf("%d %.80s", res.StatusCode, text)
		}
		if status == 200 && (res.Header.Get("Content-Disposition") != `attachment; filename="PD-1-proof.png"` || res.Header.Get("Content-Type") != "image/png") {
			t.Errorf("%v", res.Header)
		}
	}
}
