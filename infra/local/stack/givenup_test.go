package stack

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"privacydesk/infra/local/async"
)

// A mail that a function fails for is kept, and make redrive calls again with it.
func TestFailedCallsAreKept(t *testing.T) {
	s := mustStart(t, Config{Root: root(t), Memory: true, Out: &lockedBuffer{}})
	redrive := func(want string) {
		t.Helper()
		if answer, said := post(t, s.AWS+"/redrive", "text/plain", ""); answer.StatusCode != http.StatusOK || said != want {
			t.Errorf("%d %q, want %q", answer.StatusCode, said, want)
		}
	}
	redrive("UncalledQueue: 0 calls handed over again, 0 failed\n")
	if _, fault, err := s.invokeMail(t.Context(), "EchoFunction", []byte(`{"do":"print","value":"read"}`)); err != nil || fault != "" {
		t.Fatal(fault, err)
	}
	if _, fault, err := s.invokeMail(t.Context(), "EchoFunction", []byte(`{"do":"fail","value":"no"}`)); err != nil || fault == "" {
		t.Fatal("the call was to fail", err)
	}
	file := s.letterFile("UncalledQueue")
	keptAgain := func() {
		t.Helper()
		waitFor(t, func() bool {
			kept, _ := os.ReadFile(file)
			return strings.HasSuffix(string(kept), "\n")
		})
	}
	keptAgain()
	redrive("UncalledQueue: 1 call handed over again, 1 failed\n")
	keptAgain()
	kept, err := os.ReadFile(file)
	var letter struct{ Message async.Letter }
	if err != nil || strings.Count(string(kept), "\n") != 1 || json.Unmarshal(kept, &letter) != nil {
		t.Fatalf("%s, %v", kept, err)
	}
	if string(letter.Message.RequestPayload) != `{"do":"fail","value":"no"}` {
		t.Errorf("%s", kept)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(kept), `"fail"`, `"print"`)), 0o600); err != nil { // fixed
		t.Fatal(err)
	}
	redrive("UncalledQueue: 1 call handed over again, 0 failed\n")
	redrive("UncalledQueue: 0 calls handed over again, 0 failed\n")
}
