package stack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/standin"
)

// root makes a repository of the fixture: its template, no parameters, and the
// real package.json of DynamoDB Local.
func root(t *testing.T) string {
	t.Helper()
	real, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	copyFile(t, "testdata/template.yaml", filepath.Join(folder, "template.yaml"))
	if err := os.MkdirAll(filepath.Join(folder, "infra", "local"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(folder, "shared", "testkit", "database"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "infra", "local", "parameters.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(database.Folder(real), database.Folder(folder)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// dist builds the echo function, once for all tests.
var dist = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "stack")
	if err = errors.Join(err, testkit.Sources()); err != nil {
		return "", err
	}
	said, err := exec.Command("go", "build", "-o", filepath.Join(folder, "echo", "bootstrap"), "../runtime/testdata/echo").CombinedOutput()
	if err != nil {
		err = errors.New(string(said))
	}
	return folder, err
})

func start(t *testing.T, config Config) (*Stack, error) {
	t.Helper()
	testkit.DynamoDBEndpoint(t) // skips where there is none
	var err error
	if config.Dist, err = dist(); err != nil {
		t.Fatal(err)
	}
	s, err := Start(t.Context(), config)
	if err == nil {
		t.Cleanup(s.Close)
	}
	return s, err
}

func mustStart(t *testing.T, config Config) *Stack {
	t.Helper()
	s, err := start(t, config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func post(t *testing.T, url, kind, body string) (*http.Response, string) {
	t.Helper()
	answer, err := http.Post(url, kind, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func TestTheWholeOnOneMachine(t *testing.T) {
	var out lockedBuffer
	s := mustStart(t, Config{Root: root(t), Memory: true, Out: &out, ClockOffset: 400 * 24 * time.Hour})

	t.Run("a request reaches the real function as an event", func(t *testing.T) {
		answer, body := post(t, s.URL+"/form/x?y=1", "text/plain", "hello")
		var event struct {
			RouteKey, Body string
			PathParameters map[string]string
			RequestContext struct{ TimeEpoch int64 }
		}
		if err := json.Unmarshal([]byte(body), &event); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		if answer.StatusCode != 200 || event.RouteKey != "POST /form/{name}" || event.Body != "hello" || event.PathParameters["name"] != "x" {
			t.Errorf("got %d %s", answer.StatusCode, body)
		}
		if moved := time.Until(time.UnixMilli(event.RequestContext.TimeEpoch)); moved < 399*24*time.Hour {
			t.Errorf("the event's time must be moved; it is by %v", moved)
		}
	})

	t.Run("functions know where the services are", func(t *testing.T) {
		dynamoDB, aws := "http://"+s.judged[0].Addr, "http://"+s.judged[1].Addr
		for name, want := range map[string]string{"BASE_URL": s.URL, "AWS_ENDPOINT_URL_SESV2": aws, "AWS_ENDPOINT_URL_DYNAMODB": dynamoDB,
			"AWS_ENDPOINT_URL_S3": aws + "/s3", "AWS_ENDPOINT_URL_EVENTBRIDGE": aws, "CLOCK_OFFSET": "9600h0m0s", "SECRET": "arn:aws:secretsmanager:us-east-1:000000000000:secret:KeySecret"} {
			answer, fault, err := s.Invoke(t.Context(), "echo", []byte(`{"do":"env","value":"`+name+`"}`))
			if err != nil || fault != "" || string(answer) != `"`+want+`"` {
				t.Errorf("%s: got %s %s %v", name, answer, fault, err)
			}
		}
	})

	t.Run("stream records reach the function, and one that fails ends as a dead letter", func(t *testing.T) {
		put(t, s, map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "unheard"}})
		put(t, s, map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "bad"}, "bad": &types.AttributeValueMemberBOOL{Value: true}})
		put(t, s, map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "good"}})
		waitFor(t, func() bool { return strings.Contains(out.String(), "heard good") })
		if strings.Contains(out.String(), "heard unheard") {
			t.Error("the filter let everything through")
		}
		waitFor(t, func() bool {
			dead, err := os.ReadFile(filepath.Join(s.Data, "dead-letters", "FailedQueue.jsonl"))
			return err == nil && bytes.Contains(dead, []byte("RetryAttemptsExhausted"))
		})
	})

	t.Run("secrets are what the template generates", func(t *testing.T) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.AWS+"/", strings.NewReader(`{"SecretId":"KeySecret"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Amz-Target", "secretsmanager.GetSecretValue")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		var secret struct{ SecretString string }
		if err := json.NewDecoder(answer.Body).Decode(&secret); err != nil {
			t.Fatal(err)
		}
		var keys map[string]string
		if err := json.Unmarshal([]byte(secret.SecretString), &keys); err != nil || keys["current"] != "k1" || len(keys["k1"]) != 40 {
			t.Errorf("got %q, %v", secret.SecretString, err)
		}
	})

	t.Run("logs are readable and kept", func(t *testing.T) {
		kept, err := os.ReadFile(filepath.Join(s.Data, "logs", "gateway.log"))
		if err != nil || !bytes.Contains(kept, []byte(`"route":"POST /form/{name}"`)) {
			t.Errorf("got %s, %v", kept, err)
		}
		if !strings.Contains(out.String(), `route="POST /form/{name}" status=200`) {
			t.Errorf("got %s", out.String())
		}
	})
}

func put(t *testing.T, s *Stack, item map[string]types.AttributeValue) {
	t.Helper()
	table := "ThingsTable"
	if _, err := database.Client(s.DynamoDB).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
		t.Fatal(err)
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not come")
		}
	}
}

// lockedBuffer is written by many and read by the test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestDataSurvivesARestart(t *testing.T) {
	config := Config{Root: root(t)}
	s := mustStart(t, config)
	put(t, s, map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "kept"}})
	secrets, err := os.ReadFile(filepath.Join(s.Data, "secrets.json"))
	if err != nil {
		t.Fatal(err)
	}
	s.Close()

	s = mustStart(t, config)
	table := "ThingsTable"
	got, err := database.Client(s.DynamoDB).Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	if err != nil || got.Count != 1 {
		t.Errorf("got %v, %v", got, err)
	}
	again, err := os.ReadFile(filepath.Join(s.Data, "secrets.json"))
	if err != nil || !bytes.Equal(secrets, again) {
		t.Errorf("secrets changed: %s", again)
	}
}

func TestInvokeAPI(t *testing.T) {
	s := mustStart(t, Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "invoke-"})
	cases := map[string]struct {
		function, kind, body string
		status               int
		fault, want          string
	}{
		"answer":       {"echo", "", `{"a":1}`, 200, "", `{"a":1}`},
		"by its id":    {"EchoFunction", "RequestResponse", `{"a":1}`, 200, "", `{"a":1}`},
		"no event":     {"echo", "", ``, 200, "", `{}`},
		"error":        {"echo", "", `{"do":"fail","value":"no"}`, 200, "Unhandled", `{"errorMessage":"no","errorType":"errorString"}`},
		"later":        {"echo", "Event", `{"a":1}`, 202, "", ``},
		"only testing": {"echo", "DryRun", `{"a":1}`, 204, "", ``},
		"no JSON":      {"echo", "", `{`, 400, "", `{"Message":"Could not parse request body into json.","Type":"User"}` + "\n"},
		"nobody":       {"nobody", "", `{}`, 404, "", `{"Message":"Function not found: nobody","Type":"User"}` + "\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.AWS+"/2015-03-31/functions/"+c.function+"/invocations", strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("X-Amz-Invocation-Type", c.kind)
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = answer.Body.Close() }()
			body, _ := io.ReadAll(answer.Body)
			if answer.StatusCode != c.status || answer.Header.Get("X-Amz-Function-Error") != c.fault || string(body) != c.want {
				t.Errorf("got %d %q %s", answer.StatusCode, answer.Header.Get("X-Amz-Function-Error"), body)
			}
		})
	}
}

func TestStandInKnowsTheTemplatesSets(t *testing.T) {
	var got standin.Config
	mustStart(t, Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "sets-", Parameters: map[string]string{"SesRequestsPerSecond": "7"},
		StandIn: func(c *standin.Config) { got = *c }})
	if len(got.ConfigurationSets) != 1 || got.RequestsPerSecond != 7 {
		t.Fatalf("got %+v", got)
	}
	set := got.ConfigurationSets[0]
	if set.Name != "PlainSet" || strings.Join(set.SuppressedReasons, "") != "BOUNCE" || set.Destinations[0].TopicARN() != "arn:aws:sns:us-east-1:000000000000:FeedbackTopic" {
		t.Errorf("got %+v", set)
	}
}

func TestTwoStacksSideBySide(t *testing.T) {
	config := Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "two-"}
	one, two := mustStart(t, config), mustStart(t, config)
	if one.Data == two.Data {
		t.Errorf("both use %s", one.Data)
	}
}

func TestCloseWhileAFunctionWorks(t *testing.T) {
	s := mustStart(t, Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "close-"})
	done := make(chan error, 1)
	go func() {
		_, _, err := s.Invoke(t.Context(), "echo", []byte(`{"do":"sleep","value":"2s"}`))
		done <- err
	}()
	time.Sleep(50 * time.Millisecond)
	started := time.Now()
	s.Close()
	<-done
	if took := time.Since(started); took > 1500*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	if _, err := http.Get(s.URL); err == nil {
		t.Error("the site still answers")
	}
}

func TestTheEndOfDynamoDBIsTheStacks(t *testing.T) {
	s := mustStart(t, Config{Root: root(t), Memory: true})
	s.data.Stop()
	select {
	case err := <-s.Failed():
		if !strings.Contains(err.Error(), "DynamoDB Local has ended") {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("nobody said so")
	}
}
