package standin

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// putEvents speaks the wire format as the SDKs do, and returns status and answer.
func (b *bench) putEvents(t testing.TB, body string) (int, string) {
	t.Helper()
	r := mustRequest(t, "POST", b.url+"/", body)
	r.Header.Set("X-Amz-Target", "AWSEvents.PutEvents")
	r.Header.Set("Content-Type", json11)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != json11 {
		t.Errorf("Content-Type %q", got)
	}
	var out struct {
		Type, Message string
		Entries       []busResult
	}
	raw := map[string]json.RawMessage{}
	if err := json.NewDecoder(res.Body).Decode(&raw); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(raw["__type"], &out.Type)
	_ = json.Unmarshal(raw["message"], &out.Message)
	if out.Type != "" {
		return res.StatusCode, out.Type + ": " + out.Message
	}
	_ = json.Unmarshal(raw["Entries"], &out.Entries)
	var codes []string
	for _, e := range out.Entries {
		if (e.EventID == "") == (e.ErrorCode == "") {
			t.Errorf("an entry needs an id or an error: %+v", e)
		}
		codes = append(codes, e.ErrorCode)
	}
	return res.StatusCode, string(raw["FailedEntryCount"]) + " " + strings.Join(codes, ",")
}

func (b *bench) onBus(t testing.TB) []BusEvent {
	t.Helper()
	_, body := b.page(t, "GET", "/events.json", nil)
	var out []BusEvent
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

const goodEntry = `{"Source":"privacydesk","DetailType":"Person Erased","Detail":"{\"request\":\"R-1\"}"}`

func TestPutEvents(t *testing.T) {
	eleven := strings.TrimSuffix(strings.Repeat(goodEntry+",", 11), ",")
	cases := map[string]struct {
		body   string
		status int
		answer string
		kept   int
	}{
		"one":                    {`{"Entries":[` + goodEntry + `]}`, 200, "0 ", 1},
		"by the bus's name":      {`{"Entries":[{"EventBusName":"default",` + goodEntry[1:] + `]}`, 200, "0 ", 1},
		"by the bus's ARN":       {`{"Entries":[{"EventBusName":"arn:aws:events:us-east-1:000000000000:event-bus/default",` + goodEntry[1:] + `]}`, 200, "0 ", 1},
		"a bus that is not":      {`{"Entries":[{"EventBusName":"other",` + goodEntry[1:] + `]}`, 200, "0 ", 0},
		"a fault beside a good":  {`{"Entries":[{"Source":"a","DetailType":"b","Detail":"no JSON"},` + goodEntry + `]}`, 200, "1 MalformedDetail,", 1},
		"a detail that is none":  {`{"Entries":[{"Source":"a","DetailType":"b","Detail":"[1]"}]}`, 200, "1 MalformedDetail", 0},
		"no source":              {`{"Entries":[{"DetailType":"b","Detail":"{}"}]}`, 200, "1 InvalidArgument", 0},
		"no detail":              {`{"Entries":[{"Source":"a","DetailType":"b"}]}`, 200, "1 InvalidArgument", 0},
		"in the name of AWS":     {`{"Entries":[{"Source":"aws.ses","DetailType":"b","Detail":"{}"}]}`, 200, "1 NotAuthorizedForSourceException", 0},
		"none":                   {`{"Entries":[]}`, 400, "ValidationException: 1 validation error detected: Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1", 0},
		"eleven":                 {`{"Entries":[` + eleven + `]}`, 400, "ValidationException: 1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10", 0},
		"too much":               {`{"Entries":[{"Source":"a","DetailType":"b","Detail":"{\"x\":\"` + strings.Repeat("x", maxEntryBytes) + `\"}"}]}`, 400, "ValidationException: Total size of the entries in the request is over the limit.", 0},
		"what is no JSON at all": {`Entries`, 400, "SerializationException: ", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := start(t, Config{})
			status, answer := b.putEvents(t, c.body)
			if status != c.status || answer != c.answer {
				t.Errorf("%d %s", status, answer)
			}
			if got := len(b.onBus(t)); got != c.kept {
				t.Errorf("%d events on the bus", got)
			}
		})
	}
}

func TestEventsAreAsRulesHandThemOn(t *testing.T) {
	b := start(t, Config{})
	b.putEvents(t, `{"Entries":[`+goodEntry+`]}`)
	b.putEvents(t, `{"Entries":[{"Time":1767225600.5,"Resources":["arn:x"],`+goodEntry[1:]+`]}`)
	got := b.onBus(t)
	if len(got) != 2 || got[0].ID == got[1].ID || len(got[0].ID) != 36 {
		t.Fatalf("got %+v", got)
	}
	want := BusEvent{Version: "0", ID: got[0].ID, DetailType: "Person Erased", Source: "privacydesk", Account: "000000000000",
		Time: "2026-01-01T00:00:00Z", Region: "us-east-1", Resources: []string{"arn:x"}, Detail: json.RawMessage(`{"request":"R-1"}`)}
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("got %+v", got[0])
	}
	if got[1].Time != "2026-11-03T09:00:00Z" { // without one it is the stand-in's
		t.Errorf("time %s", got[1].Time)
	}
}

func TestEventsSurviveARestart(t *testing.T) {
	config := Config{StateFile: filepath.Join(t.TempDir(), "state.json")}
	b := start(t, config)
	b.putEvents(t, `{"Entries":[`+goodEntry+`]}`)
	if err := b.srv.saver.save(); err != nil {
		t.Fatal(err)
	}
	if got := start(t, config).onBus(t); len(got) != 1 || got[0].Source != "privacydesk" {
		t.Errorf("got %+v", got)
	}
}
