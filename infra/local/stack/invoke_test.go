package stack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// Beyond its reserved concurrency a function is throttled, and the caller is
// told so at once.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func TestInvokeIsThrottled(t *testing.T) {
	functions := []template.Function{{LogicalID: "F", Reserved: 0}}
	s := &Stack{Template: &template.Template{Functions: functions}, Runtime: runtime.New(runtime.Settings{}, functions)}
	r := httptest.NewRequest(http.MethodPost, "/2015-03-31/functions/F/invocations", strings.NewReader(`{}`))
	r.SetPathValue("name", "F")
	w := httptest.NewRecorder()
	s.invokeAPI(w, r)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("X-Amzn-Errortype") != "TooManyRequestsException" || !strings.Contains(w.Body.String(), "Rate Exceeded") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

// Lambda refuses an event that its queue does not take.
func TestInvokeWithTooLargeAnEvent(t *testing.T) {
	s := &Stack{Template: &template.Template{Functions: []template.Function{{LogicalID: "F"}}}}
	r := httptest.NewRequest(http.MethodPost, "/2015-03-31/functions/F/invocations", strings.NewReader(`"`+strings.Repeat("x", 1<<20)+`"`))
	r.SetPathValue("name", "F")
	r.Header.Set("X-Amz-Invocation-Type", "Event")
	w := httptest.NewRecorder()
	s.invokeAPI(w, r)
	if w.Code != http.StatusRequestEntityTooLarge || w.Header().Get("X-Amzn-Errortype") != "RequestTooLargeException" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
