package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPort(t *testing.T) {
	cases := map[string]struct {
		want  int
		fault bool
	}{
		"": {3000, false}, "4300": {4300, false}, "65533": {65533, false},
		"65534": {0, true}, "0": {0, true}, "http": {0, true},
	}
	for text, c := range cases {
		t.Run(text, func(t *testing.T) {
			t.Setenv("PORT", text)
			got, err := port()
			if got != c.want || (err != nil) != c.fault {
				t.Errorf("got %d, %v", got, err)
			}
			if err != nil && !strings.Contains(err.Error(), "PORT=4300 make run") {
				t.Errorf("no remedy in: %v", err)
			}
		})
	}
}

func TestInvokeTellsWhatWentWrong(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/bad/") {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		}
		_, _ = w.Write([]byte(`{"a":1}`))
	}))
	defer server.Close()
	first := server.Listener.Addr().(*net.TCPAddr).Port - 2
	cases := map[string]struct {
		first    int
		function string
		want     string
	}{
		"well":         {first, "good", ""},
		"it failed":    {first, "bad", "bad failed"},
		"nobody there": {-1, "good", "make run"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := call(t.Context(), c.first, c.function, []byte(`{}`))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestInvokeNeedsAFunctionAndAReadableEvent(t *testing.T) {
	if err := invoke(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "which function") {
		t.Errorf("got %v", err)
	}
	if err := invoke(t.Context(), []string{"-function", "x", "-event", "no/such/file.json"}); err == nil || !strings.Contains(err.Error(), "read the event") {
		t.Errorf("got %v", err)
	}
}

func TestPretty(t *testing.T) {
	for body, want := range map[string]string{`{"a":1}`: "{\n  \"a\": 1\n}", `oh`: `oh`} {
		if got := pretty([]byte(body)); got != want {
			t.Errorf("got %q", got)
		}
	}
}
