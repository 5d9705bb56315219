package aws

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
)

// 25 events are three calls. A call of which one event was refused is refused: the caller publishes all again.
func TestManyEventsInFewCalls(t *testing.T) {
	var sizes []int
	refused := -1
	bus := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Entries []busEntry }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		failed, answers := 0, []string{}
		for _, e := range in.Entries {
			answers = append(answers, `{"EventId":"x"}`)
			if e.Source != Source || e.DetailType != "Opted Out" {
				t.Errorf("%+v", e)
			}
			if e.Detail == fmt.Sprint(refused) {
				failed, answers[len(answers)-1] = 1, `{"ErrorCode":"ThrottlingException"}`
			}
		}
		sizes = append(sizes, len(in.Entries))
		fmt.Fprintf(w, `{"FailedEntryCount":%d,"Entries":[%s]}`, failed, strings.Join(answers, ","))
	}))
	defer bus.Close()
	for name, value := range map[string]string{"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL_EVENTBRIDGE": bus.URL} {
		t.Setenv(name, value)
	}
	many := make([]any, 25)
	for i := range many {
		many[i] = i
	}
	if err := New().Bus().Put(t.Context(), "Opted Out", time.Now(), many...); err != nil || !slices.Equal(sizes, []int{10, 10, 5}) {
		t.Errorf("%v: %v", sizes, err)
	}
	refused = 13
	err := New().Bus().Put(t.Context(), "Opted Out", time.Now(), many...)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "ThrottlingException") {
		t.Errorf("%v", err)
	}
	sizes = nil
	if err := New().Bus().Put(t.Context(), "Opted Out", time.Now()); err != nil || len(sizes) > 0 {
		t.Errorf("none: %v, %v", sizes, err)
	}
}
