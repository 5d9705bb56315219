package vendors

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
)

// troubles are what any product can answer, and what is made of it.
var troubles = map[string]struct {
	Answer func(http.ResponseWriter)
	Code   fault.Code
	Says   string
}{
	"a wrong key": {status(http.StatusUnauthorized), fault.Forbidden, `the key in the secret "tool" is wrong`},
	"no right":    {status(http.StatusForbidden), fault.Forbidden, `the key in the secret "tool" is wrong, or may not do this`},
	"busy":        {busy("93"), fault.TooMany, "it answered 429"},
	"down":        {status(http.StatusServiceUnavailable), fault.Unavailable, "it answered 503"},
	"broken":      {status(http.StatusInternalServerError), fault.Unavailable, "it answered 500"},
	"a redirect":  {status(http.StatusFound), fault.Unavailable, "it answered 302"},
	"garbage":     {func(w http.ResponseWriter) { _, _ = w.Write([]byte("<h1>zaphod@example.com</h1>")) }, fault.Unavailable, "it answered 200 with what is not its JSON"},
	"hangs up":    {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, fault.Unavailable, "no answer"},
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { Answer(w, code, map[string]string{"detail": "zaphod@example.com"}) }
}

func busy(seconds string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", seconds)
		w.WriteHeader(http.StatusTooManyRequests)
	}
}

// InTrouble has a product answer each trouble, and checks what the way makes of it: it is tried again, with the reason
// and with nobody's data in it. Afterwards the product works as before.
func (d *Desk) InTrouble(t *testing.T, s *Server, tell func(context.Context) error) {
	t.Helper()
	for name, trouble := range troubles {
		s.Instead = func(w http.ResponseWriter, _ *http.Request) bool { trouble.Answer(w); return true }
		err := tell(t.Context())
		if fault.CodeOf(err) != trouble.Code || !strings.Contains(err.Error(), trouble.Says) {
			t.Errorf("%s: %v", name, err)
		}
		if at := fault.RetryAt(err); (name == "busy") != at.Equal(d.clock.Add(93*time.Second)) {
			t.Errorf("%s: again at %s", name, at)
		}
		if err == nil || Names(err.Error(), "zaphod@example.com") {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Instead = nil
}

// Attempt tells the way once, past the drain: what it answers is not kept.
func (d *Desk) Attempt(ctx context.Context) error {
	_, err := d.Way.Tell(ctx, d.notice())
	return err
}

// Owners checks that what no product's API can do is the owner's, and so is a person without an address: nothing is called.
func (d *Desk) Owners(t *testing.T, s *Server) {
	t.Helper()
	for _, task := range []ledger.Task{ledger.Correction, ledger.Restriction, ledger.Objection, ledger.Access} {
		n := d.notice()
		n.Task = task
		if _, err := d.Way.Tell(t.Context(), n); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", task, err)
		}
	}
	d.Person = ledger.Person{}
	if e := d.Tell(t); !e.ByOwner || e.State != ledger.Due || len(s.Calls()) > 0 {
		t.Errorf("%+v", e)
	}
}

// Names reports whether a text holds an address, or what an address is made to.
func Names(text, email string) bool {
	return slices.ContainsFunc([]string{email, strings.ToLower(email), Hash(email), strings.ReplaceAll(email, "@", "%40"), strings.Split(email, "@")[0]}, func(s string) bool {
		return strings.Contains(strings.ToLower(text), strings.ToLower(s))
	})
}
