package standin

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

func (b *bench) upload(t testing.TB, key, content string) {
	t.Helper()
	res, err := http.DefaultClient.Do(mustRequest(t, "PUT", b.url+"/s3/bucket/"+key, content))
	if err != nil || res.StatusCode != 200 || res.Header.Get("ETag") == "" {
		t.Fatalf("upload: %v %v", res, err)
	}
}

func importInput(key string, format types.DataFormat, action types.SuppressionListImportAction) *sesv2.CreateImportJobInput {
	return &sesv2.CreateImportJobInput{
		ImportDataSource:  &types.ImportDataSource{S3Url: aws.String("s3://bucket/" + key), DataFormat: format},
		ImportDestination: &types.ImportDestination{SuppressionListDestination: &types.SuppressionListDestination{SuppressionListImportAction: action}},
	}
}

func (b *bench) job(t testing.TB, id *string) *sesv2.GetImportJobOutput {
	t.Helper()
	out, err := b.GetImportJob(t.Context(), &sesv2.GetImportJobInput{JobId: id})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestImportJob(t *testing.T) {
	put, remove := types.SuppressionListImportActionPut, types.SuppressionListImportActionDelete
	cases := map[string]struct {
		content string
		format  types.DataFormat
		action  types.SuppressionListImportAction
		list    string
		failed  int32
		faults  string
	}{
		"JSON put": {
			`{"emailAddress":"a@Example.com","reason":"COMPLAINT"}` + "\n\n" + `{"emailAddress":"B@example.com","reason":"BOUNCE"}`,
			types.DataFormatJson, put, "B@example.com a@example.com there@example.com", 0, "",
		},
		"CSV put":     {"a@example.com,BOUNCE\nb@example.com, COMPLAINT\n", types.DataFormatCsv, put, "a@example.com b@example.com there@example.com", 0, ""},
		"CSV delete":  {"there@example.com\nabsent@example.com\n", types.DataFormatCsv, remove, "", 0, ""},
		"JSON delete": {`{"emailAddress":"there@example.com"}`, types.DataFormatJson, remove, "", 0, ""},
		"bad lines": {
			"{\n" + `{"emailAddress":"nobody","reason":"BOUNCE"}` + "\n" + `{"emailAddress":"c@example.com","reason":"OTHER"}` + "\n" + `{"emailAddress":"d@example.com","reason":"BOUNCE"}`,
			types.DataFormatJson, put, "d@example.com there@example.com", 3, "Invalid JSON|Invalid email address|Invalid reason",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := start(t, Config{ImportDelay: time.Minute})
			b.put(t, "there@example.com", complaint)
			b.upload(t, "in", c.content)
			made, err := b.CreateImportJob(t.Context(), importInput("in", c.format, c.action))
			if err != nil {
				t.Fatal(err)
			}
			if j := b.job(t, made.JobId); j.JobStatus != types.JobStatusProcessing || j.CompletedTimestamp != nil {
				t.Errorf("at first: %+v", j)
			}
			b.clock.add(time.Minute)
			if got := strings.Join(b.addresses(t, &sesv2.ListSuppressedDestinationsInput{}), " "); got != c.list {
				t.Errorf("list = %q, want %q", got, c.list)
			}
			j := b.job(t, made.JobId)
			if j.JobStatus != types.JobStatusCompleted || aws.ToInt32(j.FailedRecordsCount) != c.failed || !j.CompletedTimestamp.Equal(b.clock.now()) {
				t.Errorf("at last: %+v", j)
			}
			b.failures(t, j, c.faults)
		})
	}
}

// failures follows FailedRecordsS3Url.
func (b *bench) failures(t testing.TB, j *sesv2.GetImportJobOutput, want string) {
	t.Helper()
	if want == "" {
		if j.FailureInfo != nil {
			t.Errorf("failure info = %+v", j.FailureInfo)
		}
		return
	}
	res, err := http.Get(aws.ToString(j.FailureInfo.FailedRecordsS3Url))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	for fault := range strings.SplitSeq(want, "|") {
		if !strings.Contains(string(raw), fault) {
			t.Errorf("failed records lack %q:\n%s", fault, raw)
		}
	}
}

func TestImportLimits(t *testing.T) {
	b := start(t, Config{})
	var many strings.Builder
	for i := range 10_001 {
		fmt.Fprintf(&many, "p%d@example.com\n", i)
	}
	b.upload(t, "many", many.String())
	for key, want := range map[string]string{"many": "10001 records", "absent": "could not be read"} {
		made, err := b.CreateImportJob(t.Context(), importInput(key, types.DataFormatCsv, types.SuppressionListImportActionDelete))
		if err != nil {
			t.Fatal(err)
		}
		b.clock.add(time.Second)
		if j := b.job(t, made.JobId); j.JobStatus != types.JobStatusFailed || !strings.Contains(aws.ToString(j.FailureInfo.ErrorMessage), want) {
			t.Errorf("%s: %+v", key, j)
		}
	}
}

func TestTwentyImportsAtOnceAndTheirList(t *testing.T) {
	b := start(t, Config{})
	in := importInput("in", types.DataFormatCsv, types.SuppressionListImportActionPut)
	for range 20 {
		if _, err := b.CreateImportJob(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.CreateImportJob(t.Context(), in); status(err) != http.StatusBadRequest || !strings.Contains(err.Error(), "LimitExceeded") {
		t.Errorf("the 21st: %v", err)
	}
	var count int
	pages := sesv2.NewListImportJobsPaginator(b.Client, &sesv2.ListImportJobsInput{PageSize: aws.Int32(7)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count += len(page.ImportJobs)
	}
	if count != 20 {
		t.Errorf("%d jobs listed", count)
	}
}

func TestSandboxRefusesImports(t *testing.T) {
	b := start(t, Config{Sandbox: true})
	_, err := b.CreateImportJob(t.Context(), importInput("in", types.DataFormatCsv, types.SuppressionListImportActionPut))
	if status(err) != http.StatusBadRequest {
		t.Errorf("error = %v", err)
	}
	out, err := b.GetAccount(t.Context(), &sesv2.GetAccountInput{})
	if err != nil || out.ProductionAccessEnabled || out.SendQuota.MaxSendRate != 14 || len(out.SuppressionAttributes.SuppressedReasons) != 2 {
		t.Errorf("account = %+v, %v", out, err)
	}
}

func TestObjects(t *testing.T) {
	b := start(t, Config{})
	b.upload(t, "a/b c", "hello")
	chunked := mustRequest(t, "PUT", b.url+"/s3/bucket/chunked", "5;chunk-signature=x\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n")
	chunked.Header.Set("Content-Encoding", "aws-chunked")
	if res, err := http.DefaultClient.Do(chunked); err != nil || res.StatusCode != 200 {
		t.Fatalf("chunked: %v %v", res, err)
	}
	cases := []struct {
		method, key, body string
		status            int
	}{
		{"GET", "a/b%20c", "hello", 200},
		{"HEAD", "a/b%20c", "", 200},
		{"GET", "chunked", "hello world", 200},
		{"DELETE", "a/b%20c", "", 204},
		{"DELETE", "a/b%20c", "", 204},
		{"HEAD", "a/b%20c", "", 404},
	}
	for _, c := range cases {
		r := mustRequest(t, c.method, b.url+"/s3/bucket/"+c.key, "")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20261103/us-east-1/s3/aws4_request")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != c.status || string(body) != c.body {
			t.Errorf("%s %s = %d %q", c.method, c.key, res.StatusCode, body)
		}
	}
}

// A job of a time to come, from before time was moved back, must not keep whoever
// waits for it until then.
func TestAJobOfATimeToComeEnds(t *testing.T) {
	b := start(t, Config{ImportDelay: time.Minute})
	b.upload(t, "in", "a@example.com,COMPLAINT\n")
	b.clock.add(31 * 24 * time.Hour)
	out, err := b.CreateImportJob(t.Context(), importInput("in", types.DataFormatCsv, types.SuppressionListImportActionPut))
	if err != nil {
		t.Fatal(err)
	}
	if got := b.job(t, out.JobId); got.JobStatus != types.JobStatusProcessing {
		t.Errorf("the job is %s at once", got.JobStatus)
	}
	b.clock.add(-31 * 24 * time.Hour)
	if got := b.job(t, out.JobId); got.JobStatus != types.JobStatusCompleted {
		t.Errorf("the job is %s", got.JobStatus)
	}
}
