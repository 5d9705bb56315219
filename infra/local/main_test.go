package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestPort(t *testing.T) {
	cases := map[string]struct {
		want  int
		fault bool
	}{
		"": {3000, false}, "4300": {4300, false}, "65532": {65532, false}, "65533": {0, true},
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

func TestAnotherProviderIsNamedWhole(t *testing.T) {
	for given, fault := range map[[3]string]bool{
		{}: false, {"https://id.example.com", "desk", "s"}: false,
		{"https://id.example.com", "", ""}: true, {"", "desk", "s"}: true, {"https://id.example.com", "desk", ""}: true, {"https://id.example.com", "", "s"}: true,
	} {
		for i, name := range []string{"OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"} {
			t.Setenv(name, given[i])
		}
		if got, err := openID(); (err != nil) != fault || err == nil && [3]string{got.Issuer, got.ClientID, got.ClientSecret} != given {
			t.Errorf("%q: %+v, %v", given, got, err)
		}
	}
}

func TestInvokeTellsWhatWentWrong(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/bad/") {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		}
		if strings.Contains(r.URL.Path, "/busy/") {
			w.WriteHeader(http.StatusTooManyRequests)
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
		"throttled":    {first, "busy", "busy is throttled"},
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
	t.Chdir(t.TempDir())
	for _, file := range []string{"events/rights/form.json", "events/rights/post.json", "events/suppression/scheduled.json", "events/desk/api/list.json"} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct{ function, event, want string }{
		"no scheduled event": {"rights", "events/rights/scheduled.json", "takes one of:\n  events/rights/form.json\n  events/rights/post.json"},
		"nobody's":           {"right", "events/right/scheduled.json", `no event of "right"; there are events of desk, rights, suppression`},
		"of a door":          {"desk", "events/desk/scheduled.json", "takes one of:\n  events/desk/api/list.json"},
		"a folder":           {"rights", "events/rights", "read the event"},
	} {
		if err := invoke(t.Context(), []string{"-function", c.function, "-event", c.event}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The words between the stack and a person: what it says is printed, its refusal is the error.
func TestClockCommand(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.URL.Path+" "+string(body))
		if string(body) == "soon" {
			http.Error(w, "not like +400d", http.StatusBadRequest)
		}
	}))
	defer server.Close()
	t.Setenv("PORT", strconv.Itoa(server.Listener.Addr().(*net.TCPAddr).Port-2))
	for offset, want := range map[string]string{"+31d": "", "soon": "not like +400d"} {
		got = nil
		err := moveClock(t.Context(), []string{"-offset", offset})
		if (want == "") != (err == nil) || err != nil && err.Error() != want || len(got) != 1 || got[0] != "POST /clock "+offset {
			t.Errorf("%s: got %v, %q", offset, err, got)
		}
	}
	server.Close()
	if err := moveClock(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "make run") {
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
