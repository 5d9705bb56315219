package standin

import (
	"bytes"
	"encoding/base64"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/testkit/awsexample"
)

// awsForm is the form of AWS's own example.
func awsForm() map[string]string {
	return map[string]string{
		"key": "user/user1/a.jpg", "acl": "public-read", "success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html",
		"Content-Type": "image/jpeg", "x-amz-meta-uuid": "14365123651274", "x-amz-server-side-encryption": "AES256",
		"X-Amz-Credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request", "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Date": "20151229T000000Z",
		"x-amz-meta-tag": "", "Policy": base64.StdEncoding.EncodeToString([]byte(awsexample.Policy)),
		"X-Amz-Signature": awsexample.PolicySignature,
	}
}

// signed is a form whose policy says what it has, signed again.
func signed(conditions string) map[string]string {
	form := awsForm()
	text := strings.Replace(awsexample.Policy, `"conditions": [`, `"conditions": [`+conditions+`,`, 1)
	form["Policy"] = base64.StdEncoding.EncodeToString([]byte(text))
	form["X-Amz-Signature"] = signature(awsexample.SecretKey, []string{"20151229", "us-east-1", "s3", "aws4_request"}, form["Policy"])
	return form
}

func (b *bench) post(t *testing.T, bucket string, form map[string]string, content string) (*http.Response, string) {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, value := range form {
		_ = parts.WriteField(name, value)
	}
	if content != "" {
		file, _ := parts.CreateFormFile("file", "a.jpg")
		_, _ = io.WriteString(file, content)
	}
	_ = parts.WriteField("after", "S3 ignores this")
	_ = parts.Close()
	r := mustRequest(t, http.MethodPost, b.url+"/s3/"+bucket+"/", body.String())
	r.Header.Set("Content-Type", parts.FormDataContentType())
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res, string(text)
}

func startExample(t *testing.T, at time.Time) *bench {
	return start(t, Config{SecretKey: awsexample.SecretKey, Wall: func() time.Time { return at }})
}

var inTime = time.Date(2015, 12, 30, 11, 59, 59, 0, time.UTC)

func TestFormOfAWSsExample(t *testing.T) {
	b := startExample(t, inTime)
	res, text := b.post(t, "sigv4examplebucket", awsForm(), "a picture")
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusSeeOther || to.Host != "sigv4examplebucket.s3.amazonaws.com" || to.Query().Get("key") != "user/user1/a.jpg" || to.Query().Get("bucket") == "" || to.Query().Get("etag") == "" {
		t.Errorf("%d %s %s", res.StatusCode, to, text)
	}
	if o, ok := b.srv.find("sigv4examplebucket/user/user1/a.jpg"); !ok || string(o.Content) != "a picture" || o.Type != "image/jpeg" {
		t.Errorf("%+v", o)
	}
}

func TestFormsThatS3Refuses(t *testing.T) {
	const accessDenied, size = "<Code>AccessDenied</Code><Message>Invalid according to Policy: ", `["content-length-range", 5, 9]`
	for name, c := range map[string]struct {
		change  func(map[string]string)
		bucket  string
		file    string
		at      time.Time
		status  int
		message string
	}{
		"at its end":                     {at: inTime.Add(time.Second), status: 403, message: accessDenied + "Policy expired."},
		"another bucket":                 {bucket: "other", status: 403, message: accessDenied + "Policy Condition failed: {&#34;bucket&#34;"},
		"another key":                    {change: func(f map[string]string) { f["key"] = "user/user2/a.jpg" }, status: 403, message: accessDenied + "Policy Condition failed"},
		"another type":                   {change: func(f map[string]string) { f["Content-Type"] = "text/html" }, status: 403, message: accessDenied + "Policy Condition failed"},
		"sent back elsewhere":            {change: func(f map[string]string) { f["success_action_redirect"] = "https://evil.example" }, status: 403, message: accessDenied + "Policy Condition failed"},
		"a field is gone":                {change: func(f map[string]string) { delete(f, "acl") }, status: 403, message: accessDenied + "Policy Condition failed"},
		"a field more":                   {change: func(f map[string]string) { f["x-amz-meta-more"] = "1" }, status: 403, message: accessDenied + "Extra input fields: x-amz-meta-more"},
		"a field of session credentials": {change: func(f map[string]string) { f["x-amz-security-token"] = "t" }, status: 403, message: "Extra input fields: x-amz-security-token"},
		"no policy":                      {change: func(f map[string]string) { delete(f, "Policy") }, status: 403, message: "<Code>AccessDenied</Code>"},
		"another policy": {change: func(f map[string]string) {
			f["Policy"] = base64.StdEncoding.EncodeToString([]byte(strings.Replace(awsexample.Policy, "2015-12-30", "2035-12-30", 1)))
		}, status: 403, message: "SignatureDoesNotMatch"},
		"no JSON":           {change: func(f map[string]string) { f["Policy"] = "e30" }, status: 400, message: "InvalidPolicyDocument"},
		"another signature": {change: func(f map[string]string) { f["X-Amz-Signature"] = strings.Repeat("0", 64) }, status: 403, message: "SignatureDoesNotMatch"},
		"another day":       {change: func(f map[string]string) { f["X-Amz-Date"] = "20151230T000000Z" }, status: 403, message: "SignatureDoesNotMatch"},
		"another algorithm": {change: func(f map[string]string) { f["X-Amz-Algorithm"] = "AWS4-HMAC-SHA1" }, status: 403, message: "SignatureDoesNotMatch"},
		"no file":           {file: "-", status: 400, message: "POST requires exactly one file upload"},
		"too long a field":  {change: func(f map[string]string) { f["x-ignore-me"] = strings.Repeat("x", maxFields) }, status: 400, message: "MaxPostPreDataLengthExceeded"},
		"too small":         {change: func(f map[string]string) { maps.Copy(f, signed(size)) }, file: "four", status: 400, message: "EntityTooSmall"},
		"too large":         {change: func(f map[string]string) { maps.Copy(f, signed(size)) }, file: "ten bytes.", status: 400, message: "EntityTooLarge"},
		"unknown operator":  {change: func(f map[string]string) { maps.Copy(f, signed(`["ends-with", "$key", ".jpg"]`)) }, status: 403, message: "Policy Condition failed"},
		"no condition":      {change: func(f map[string]string) { maps.Copy(f, signed(`[]`)) }, status: 400, message: "Invalid Condition"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.at.IsZero() {
				c.at = inTime
			}
			if c.bucket == "" {
				c.bucket = "sigv4examplebucket"
			}
			b, form := startExample(t, c.at), awsForm()
			if c.change != nil {
				c.change(form)
			}
			content := map[string]string{"": "nine byte", "-": ""}
			file, ok := content[c.file]
			if !ok {
				file = c.file
			}
			res, text := b.post(t, c.bucket, form, file)
			if res.StatusCode != c.status || !strings.Contains(text, c.message) || len(b.srv.st.Objects) > 0 {
				t.Errorf("%d %s", res.StatusCode, text)
			}
		})
	}
	b := startExample(t, inTime)
	for _, file := range []string{"fives", "nine byte"} {
		if res, text := b.post(t, "sigv4examplebucket", signed(size), file); res.StatusCode != http.StatusSeeOther {
			t.Errorf("%q: %d %s", file, res.StatusCode, text)
		}
	}
}

func TestAFormMustBeMultipart(t *testing.T) {
	b := startExample(t, inTime)
	r := mustRequest(t, http.MethodPost, b.url+"/s3/b/", "key=a&file=x")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if res, err := http.DefaultClient.Do(r); err != nil || res.StatusCode != http.StatusPreconditionFailed {
		t.Errorf("%v %v", res, err)
	}
}

// awsAddress is AWS's own example of a signed address; its host is S3's.
const awsAddress = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
	"&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="

func TestSignatureOfAWSsExampleOfAnAddress(t *testing.T) {
	r := mustRequest(t, http.MethodGet, "https://examplebucket.s3.amazonaws.com"+awsAddress+"x", "")
	if got := addressSignature(r, awsexample.SecretKey, []string{"20130524", "us-east-1", "s3", "aws4_request"}); got != awsexample.AddressSignature {
		t.Error(got)
	}
}

func TestAddressesThatS3Refuses(t *testing.T) {
	at := time.Date(2013, 5, 24, 23, 59, 59, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(query url.Values)
		signs  bool // after the change
		at     time.Time
		want   string
	}{
		"as signed":               {want: "hello"},
		"at its end":              {at: at.Add(time.Second), want: "AccessDenied"},
		"before its time":         {at: at.AddDate(0, 0, -2), want: "AccessDenied"},
		"another time":            {change: func(q url.Values) { q.Set("X-Amz-Expires", "86401") }, want: "SignatureDoesNotMatch"},
		"another name":            {change: func(q url.Values) { q.Set("response-content-disposition", "inline") }, want: "SignatureDoesNotMatch"},
		"longer than a week":      {change: func(q url.Values) { q.Set("X-Amz-Expires", "604801") }, signs: true, want: "AuthorizationQueryParametersError"},
		"a header that is signed": {change: func(q url.Values) { q.Set("X-Amz-SignedHeaders", "host;range") }, signs: true, want: "AuthorizationQueryParametersError"},
		"no signature":            {change: func(q url.Values) { q.Del("X-Amz-Signature") }, want: "AccessDenied"},
		"another day":             {change: func(q url.Values) { q.Set("X-Amz-Credential", "k/20130523/us-east-1/s3/aws4_request") }, signs: true, want: "SignatureDoesNotMatch"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.at.IsZero() {
				c.at = at
			}
			b := startExample(t, c.at)
			b.srv.store("examplebucket/test.txt", object{Content: []byte("hello")})
			r := mustRequest(t, http.MethodGet, b.url+"/s3/examplebucket"+awsAddress, "")
			sign := func(query url.Values) {
				r.URL.RawQuery = query.Encode()
				scope := strings.Split(query.Get("X-Amz-Credential"), "/")
				query.Set("X-Amz-Signature", addressSignature(r, awsexample.SecretKey, scope[1:]))
				r.URL.RawQuery = query.Encode()
			}
			query := r.URL.Query()
			sign(query)
			if c.change != nil {
				c.change(query)
			}
			if r.URL.RawQuery = query.Encode(); c.signs {
				sign(query)
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if text, _ := io.ReadAll(res.Body); !strings.Contains(string(text), c.want) || (c.want == "hello") != (res.StatusCode == 200) {
				t.Errorf("%d %s", res.StatusCode, text)
			}
		})
	}
}

func TestObjectsExpireAtMidnight(t *testing.T) {
	b := start(t, Config{ExpireAfterDays: map[string]int{"files": 30}})
	for _, name := range []string{"files/a", "kept/a"} {
		b.srv.store(name, object{Content: []byte("x")})
	}
	b.clock.add(30*24*time.Hour + 15*time.Hour - time.Second) // stored at 9:00
	_, before := b.srv.find("files/a")
	b.clock.add(time.Second)
	_, after := b.srv.find("files/a")
	if _, kept := b.srv.find("kept/a"); !before || after || !kept || len(b.srv.st.Objects) != 1 {
		t.Error(before, after, kept)
	}
}

func TestTags(t *testing.T) {
	b := start(t, Config{})
	b.upload(t, "a", "x")
	const tags = `<Tagging><TagSet><Tag><Key>GuardDutyMalwareScanStatus</Key><Value>NO_THREATS_FOUND</Value></Tag></TagSet></Tagging>`
	call := func(method, key, body string) (int, string) {
		r := mustRequest(t, method, b.url+"/s3/bucket/"+key+"?tagging", body)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20261103/us-east-1/s3/aws4_request")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(text)
	}
	_, none := call("GET", "a", "")
	status, _ := call("PUT", "a", tags)
	if _, got := call("GET", "a", ""); status != 200 || got != tags || strings.Contains(none, "<Tag>") {
		t.Errorf("%d, before %s, after %s", status, none, got)
	}
	for key, body := range map[string]string{"absent": tags, "a": "{"} {
		if status, text := call("PUT", key, body); status < 400 {
			t.Errorf("%s: %d %s", key, status, text)
		}
	}
}

func TestGuardDutyTagsAfterAWhile(t *testing.T) {
	b := start(t, Config{ScanBuckets: []string{"files"}, ScanDelay: time.Minute})
	for _, name := range []string{"files/a", "files/bad", "other/bad"} {
		b.srv.store(name, object{Content: []byte(map[bool]string{true: "X5O! " + eicar, false: "x"}[strings.HasSuffix(name, "bad")])})
	}
	tag := func(name string) string {
		o, _ := b.srv.find(name)
		bucket, _, _ := strings.Cut(name, "/")
		return b.srv.scanned(bucket, o).Tags["GuardDutyMalwareScanStatus"]
	}
	if got := tag("files/a") + tag("files/bad"); got != "" {
		t.Errorf("at once: %s", got)
	}
	b.clock.add(time.Minute)
	for name, want := range map[string]string{"files/a": "NO_THREATS_FOUND", "files/bad": "THREATS_FOUND", "other/bad": ""} {
		if got := tag(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
