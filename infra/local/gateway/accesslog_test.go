package gateway

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/runtime"
	"privacydesk/infra/local/template"
	"privacydesk/shared/testkit"
)

// What is beyond the bucket is refused, and fills again at the rate.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
func TestThrottling(t *testing.T) {
	server, _ := serveAPI(t, &function{answer: `{"statusCode":200}`}, template.API{Rate: 1, Burst: 3})
	count := map[int]int{}
	for range 8 {
		answer, text := send(t, "GET", server.URL+"/u/x", "", nil)
		count[answer.StatusCode]++
		if answer.StatusCode == http.StatusTooManyRequests && text != `{"message":"Too Many Requests"}` {
			t.Errorf("got %s", text)
		}
	}
	if count[200] < 3 || count[429] == 0 {
		t.Errorf("got %v", count)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if answer, _ := send(t, "GET", server.URL+"/u/x", "", nil); answer.StatusCode == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the bucket does not fill")
		}
	}
}

// The lines are those of the template's own format: its filter counts what the
// API refuses, and not what a function refuses.
func TestAccessLogOfTheTemplate(t *testing.T) {
	format := testkit.Template(t).API.AccessLog
	cases := map[string]struct {
		function                        function
		api                             template.API
		status, functionStatus, service string
		counted                         bool // { $.status = "429" && $.functionStatus != "429" }
	}{
		"answered":         {function{answer: `{"statusCode":303}`}, template.API{}, "303", "303", "200", false},
		"the API refuses":  {function{}, template.API{Rate: 1, Burst: 0}, "429", "-", "-", true},
		"function refuses": {function{answer: `{"statusCode":429}`}, template.API{}, "429", "429", "200", false},
		"function fails":   {function{answer: `{}`, fault: "Unhandled"}, template.API{}, "500", "-", "200", false},
		"throttled":        {function{err: runtime.ErrThrottled}, template.API{}, "503", "-", "429", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.api.AccessLog = format
			server, log := serveAPI(t, &c.function, c.api)
			send(t, "POST", server.URL+"/form", "", nil)
			server.Close() // the line comes after the answer
			var line struct{ RouteKey, RequestID, Status, FunctionStatus, LambdaStatus string }
			if err := json.Unmarshal(log.Bytes(), &line); err != nil {
				t.Fatal(err, log)
			}
			if line.RouteKey != "POST /form" || line.RequestID != "id=" || line.Status != c.status || line.FunctionStatus != c.functionStatus || line.LambdaStatus != c.service {
				t.Errorf("got %s", log)
			}
			if counted := line.Status == "429" && line.FunctionStatus != "429"; counted != c.counted {
				t.Errorf("counted: %v: %s", counted, log)
			}
			if strings.Contains(log.String(), "$") {
				t.Errorf("a variable is left: %s", log)
			}
		})
	}
}
