//go:build secondaws

package secondaws

import (
	"encoding/json"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// emulated are the functions with an event of events/ each, what its answer holds, and the path of the result page that
// a browser is sent on to.
var emulated = map[string]struct{ function, event, says, result string }{
	"unsubscribe": {"UnsubscribeFunction", "unsubscribe/post-urlencoded", `"statusCode":303`, "/done/"},
	"rights":      {"RightsFunction", "rights/post-urlencoded", `"statusCode":303`, "/requests/done/"},
	"desk":        {"DeskFunction", "desk/api/list", `"statusCode":200`, ""},
	"suppression": {"SuppressionFunction", "suppression/scheduled", `"batchItemFailures":[]`, ""},
	"feedback":    {"FeedbackFunction", "feedback/sqs-raw-complaint", `"batchItemFailures":[]`, ""},
	"notices":     {"NoticesFunction", "notices/scheduled", `"batchItemFailures":[]`, ""},
	"clock":       {"ClockFunction", "clock/hourly", "null", ""},
	"retention":   {"RetentionFunction", "retention/dry-run", `"dry_run":true`, ""},
	"systems":     {"SystemsFunction", "systems/scheduled", `"batchItemFailures":[]`, ""},
	"mailbox":     {"MailboxFunction", "mailbox/author", "null", ""},
}

// Each bootstrap starts under AWS's runtime emulator with the environment of its deployed function, answers, and logs
// JSON. The emulator does not know Lambda's memory, freezing or roles.
func startEach(t *testing.T) {
	lines := 0
	for folder, e := range emulated {
		t.Run(folder, func(t *testing.T) {
			environment := aws.environment(t, e.function)
			emulator := aws.emulate(t, folder, "30", environment)
			got := emulator.invoke(t, string(event(t, e.event)))
			if !strings.Contains(got, e.says) {
				t.Errorf("%s answers %.300s, want %s in it", e.event, got, e.says)
			}
			if e.result != "" {
				emulator.showResult(t, folder, e.result, got)
			}
			emulator.stop()
			logged := aws.said(folder)
			if !strings.Contains(logged, "INIT RTDONE(status: success)") {
				t.Errorf("its start does not end well:\n%s", logged)
			}
			lines += checkLines(t, logged)
		})
	}
	if lines < 5 {
		t.Errorf("all functions together logged %d lines; most log one", lines)
	}
	t.Run("deadline", keepDeadline)
}

// showResult goes on to the result of a form, which must begin with prefix, as a browser does.
func (e emulator) showResult(t *testing.T, folder, prefix, posted string) {
	t.Helper()
	var sent struct{ Headers map[string]string }
	must(t, json.Unmarshal([]byte(posted), &sent))
	path, query, _ := strings.Cut(sent.Headers["location"], "?")
	sealed, found := strings.CutPrefix(path, prefix)
	if !found || sealed == "" {
		t.Fatalf("it sends on to %q, want %s...", sent.Headers["location"], prefix)
	}
	var get map[string]any
	must(t, json.Unmarshal(event(t, folder+"/result"), &get))
	get["rawPath"], get["rawQueryString"], get["pathParameters"] = path, query, map[string]string{"link": sealed}
	asked, err := json.Marshal(get)
	must(t, err)
	if got := e.invoke(t, string(asked)); !strings.Contains(got, `"statusCode":200`) {
		t.Errorf("the result page answers %.300s, want 200", got)
	}
}

// checkLines wants each line of the function to be JSON, none to be an error, and counts them.
func checkLines(t *testing.T, logged string) (lines int) {
	t.Helper()
	for line := range strings.Lines(logged) {
		if strings.Contains(line, "(rapid)") || strings.HasPrefix(line, "START ") || strings.HasPrefix(line, "END ") || strings.HasPrefix(line, "REPORT ") || strings.TrimSpace(line) == "" {
			continue // the emulator's own
		}
		var one struct{ Level string }
		if err := json.Unmarshal([]byte(line), &one); err != nil || one.Level == "ERROR" {
			t.Errorf("it logged %q (%v), want JSON and no error", line, err)
		}
		lines++
	}
	return lines
}

// keepDeadline has DynamoDB not answer at all: unsubscribe must say so before Lambda's deadline ends it.
func keepDeadline(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // it takes connections and says nothing
	must(t, err)
	defer func() { _ = silent.Close() }()
	environment := aws.environment(t, "UnsubscribeFunction")
	environment["AWS_ENDPOINT_URL_DYNAMODB"] = "http://" + silent.Addr().String()
	emulator := aws.emulate(t, "unsubscribe", "6", environment)
	defer emulator.stop()
	if got := emulator.invoke(t, string(event(t, "unsubscribe/post-urlencoded"))); !strings.Contains(got, `"statusCode":503`) {
		t.Errorf("without an answer of DynamoDB and 6 s before the deadline: %.300s\nwant statusCode 503", got)
	}
}

type emulator struct {
	*child
	url string
}

// emulate starts a function under the runtime emulator. timeout is the function's, in seconds.
func (c *cloud) emulate(t *testing.T, folder, timeout string, environment map[string]string) emulator {
	t.Helper()
	rie, err := freePort()
	must(t, err)
	api, err := freePort()
	must(t, err)
	variables := []string{"AWS_LAMBDA_FUNCTION_NAME=" + folder, "AWS_LAMBDA_FUNCTION_TIMEOUT=" + timeout, "AWS_LAMBDA_LOG_FORMAT=JSON", "AWS_ENDPOINT_URL_SESV2=" + c.ses.URL}
	for name, value := range environment {
		variables = append(variables, name+"="+value)
	}
	started, err := c.start(folder, filepath.Join(c.tools, "aws-lambda-rie"), []string{"--runtime-interface-emulator-address", "127.0.0.1:" + rie,
		"--runtime-api-address", "127.0.0.1:" + api, filepath.Join(c.dir, "dist", folder, "bootstrap")}, variables...)
	must(t, err)
	for range 50 {
		if connection, err := net.Dial("tcp", "127.0.0.1:"+rie); err == nil {
			_ = connection.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return emulator{started, "http://127.0.0.1:" + rie + "/2015-03-31/functions/function/invocations"}
}

func (e emulator) invoke(t *testing.T, event string) string {
	t.Helper()
	got, err := aws.send(nil, "", http.MethodPost, e.url, "", nil, event)
	must(t, err)
	return got.body
}
