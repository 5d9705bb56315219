package gateway

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/template"
)

// What is beyond the bucket is refused, on every route. The bucket fills again
// at the rate, in the stack's time; a move back takes nothing out of it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
func TestThrottling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(0)
		g := New(Config{API: template.API{Rate: 2, Burst: 3}, Routes: testRoutes, Invoker: &function{answer: `{"statusCode":200}`},
			Now: c.Now, Since: c.Since, NewID: func() string { return "id=" }})
		for _, step := range []struct {
			wait, move time.Duration
			want       string
		}{
			{0, 0, "200 200 200 429 429"},
			{499 * time.Millisecond, 0, "429"},
			{time.Millisecond, 0, "200 429"},
			{0, -time.Hour, "429"},
			{time.Second, 0, "200 200 429"},
			{0, 31 * 24 * time.Hour, "200 200 200 429"},
		} {
			time.Sleep(step.wait)
			c.Set(c.Offset() + step.move)
			var got []string
			for i := range len(strings.Fields(step.want)) {
				w := httptest.NewRecorder()
				g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, []string{"/u/x", "/"}[i%2], nil))
				got = append(got, strconv.Itoa(w.Code))
				if w.Code == http.StatusTooManyRequests && w.Body.String() != `{"message":"Too Many Requests"}` {
					t.Errorf("got %s", w.Body)
				}
			}
			if text := strings.Join(got, " "); text != step.want {
				t.Errorf("after %v and a move of %v: got %s, want %s", step.wait, step.move, text, step.want)
			}
		}
	})
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
