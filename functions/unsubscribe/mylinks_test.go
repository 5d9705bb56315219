package main

import (
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
)

// asked are the mails with links that wait, as "address language".
func (r *rig) asked() (all []string) {
	r.T.Helper()
	for l := range r.store.Outbox.Pending(r.T.Context(), r.clock) {
		if a, err := r.store.Outbox.LinksAsked(r.T.Context(), l); err == nil {
			all = append(all, a.Address.Reveal()+" "+a.Language)
		}
	}
	return all
}

func askLinks(body string, headers ...string) call { return post("/my-links", body, headers...) }

// The answer says the same for every address, holds no link to anybody's
// choices, and comes from one write that reads nothing.
func TestLinksGoToTheMailboxAlone(t *testing.T) {
	answers := map[string]string{}
	for name, before := range map[string]func(*rig){
		"unknown": nil,
		"known":   func(r *rig) { r.Expect(postForm(mine+"&erase=yes", script...), http.StatusOK, "received") },
	} {
		r := newRig(t)
		if before != nil {
			before(r)
		}
		reads, writes := r.store.reads, r.store.writes
		a := r.Expect(askLinks("email=marvin%40example.com&lang=de", browser...), http.StatusOK, "Sehen Sie in Ihr Postfach")
		if strings.Contains(a.Body, "/preferences/") || strings.Contains(a.Body, "/requests/status/") {
			t.Errorf("%s: the answer holds a link: %s", name, a.Brief())
		}
		if r.store.reads != reads || r.store.writes != writes {
			t.Errorf("%s: %d reads, %d writes of choices", name, r.store.reads-reads, r.store.writes-writes)
		}
		if got := strings.Join(r.asked(), ", "); got != "marvin@example.com de" {
			t.Errorf("%s: asked for %q", name, got)
		}
		answers[name] = a.Brief()
		b := r.Expect(askLinks("email=marvin%40example.com", script...), http.StatusOK, `"accepted"`)
		answers[name+" script"] = b.Body
	}
	if answers["known"] != answers["unknown"] || answers["known script"] != answers["unknown script"] {
		t.Errorf("the answers differ:\n%s\n%s", answers["known"], answers["unknown"])
	}
}

// Going back to the result or loading it again asks for nothing.
func TestMyLinksResultIsAPageOfItsOwn(t *testing.T) {
	r := newRig(t)
	path := r.result(askLinks("email=marvin%40gmial.com", browser...))
	for range 3 {
		r.Expect(get(path+"?lang=es", browser...), http.StatusOK, "marvin@gmail.com")
	}
	if len(r.asked()) != 1 {
		t.Errorf("asked for %q", r.asked())
	}
}

func TestMyLinksAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		says string
	}{
		"no address":  {"email=", "Error"},
		"a bad one":   {"email=marvin", "Error"},
		"a honeypot":  {"email=marvin%40example.com&TRAP=x", "Please send this once more"},
		"a hidden 42": {"email=marvin%40example.com&TRAP=42&lang=en", "press the button again"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			trap := r.Desk.Forms.Trap()
			a := r.Expect(askLinks(strings.Replace(c.body, "TRAP", trap, 1), browser...), http.StatusUnprocessableEntity, c.says)
			if held := strings.Contains(c.body, "TRAP"); held == strings.Contains(a.Body, `name="`+trap+`"`) {
				t.Errorf("the hidden field is shown: %v", !held)
			}
			r.Expect(askLinks(strings.Replace(c.body, "TRAP", trap, 1), script...), http.StatusUnprocessableEntity, `"invalid"`)
			if len(r.asked()) != 0 {
				t.Errorf("asked for %q", r.asked())
			}
		})
	}
}

// The daily caps hold: that of the source here, that of the mailbox in the outbox.
func TestMyLinksAreLimited(t *testing.T) {
	r := newRig(t)
	for n := range r.source.PerMinute {
		r.Expect(askLinks(numbered(n), script...), http.StatusOK, "accepted")
	}
	a := r.Expect(askLinks("email=marvin%40example.com", browser...), http.StatusTooManyRequests, "")
	if a.Headers["retry-after"] == "" || len(r.asked()) != r.source.PerMinute {
		t.Errorf("%v: %d asked", a.Headers, len(r.asked()))
	}
	r.store.err = fault.New(fault.Unavailable, "throttled")
	r.counts.Err = r.store.err
	r.Expect(askLinks("email=marvin%40example.com", script...), http.StatusServiceUnavailable, "")
}

// The pages on which a person may look for their link lead to the form.
func TestMyLinksAreFound(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/", "/unsubscribe", "/preferences/x"} {
		status := http.StatusOK
		if path == "/preferences/x" {
			status = http.StatusBadRequest
		}
		r.Expect(get(path, browser...), status, "/my-links?lang=")
	}
	r.Expect(get("/my-links?email=marvin%40example.com", browser...), http.StatusOK, `value="marvin@example.com"`)
}
