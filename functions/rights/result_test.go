package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/request"
)

// result sends a form and returns the path to which its answer leads.
func (r *rig) result(c call) string {
	r.T.Helper()
	a := r.Within(r.T.Context(), c.Event())
	path := a.Headers["location"]
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(path, "/requests/done/") {
		r.T.Fatalf("status %d to %q: %s", a.StatusCode, path, a.Brief())
	}
	r.Note(path)
	return path
}

// Whoever has switched the page is answered in that language.
func TestSendingAgainSpeaksThePagesLanguage(t *testing.T) {
	r := newRig(t)
	path := r.to("resend", r.mailed(r.open(germany, deadline.Access)))
	if r.Expect(post(path, "lang=de", browser...), http.StatusOK, "Noch einmal senden"); !strings.Contains(r.First.Headers["location"], "lang=de") {
		t.Errorf("it leads to %s", r.First.Headers["location"])
	}
	if got := r.Expect(post(path, "lang=es", "Accept", "application/json"), http.StatusOK, "").JSON(t); got.Message != "Le enviaremos el correo" {
		t.Errorf("%q", got.Message)
	}
}

// Loading a result again, or going back to it, sends nothing a second time.
func TestResultIsAPageOfItsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		form  func(*rig) call
		says  string
		lasts string // after an hour less a minute
	}{
		"a request":  {func(*rig) call { return postForm(mine, browser...) }, marvin, marvin},
		"an opt-out": {func(*rig) call { return postForm("email=marvin%40example.com&kind=opt_out_of_sale", browser...) }, "There is nothing to confirm", "There is nothing to confirm"},
		"sent again": {func(r *rig) call {
			return post(r.to("resend", r.mailed(r.open(germany, deadline.Access))), "", browser...)
		}, "We will send you the email", "We will send you the email"},
		"a withdrawal": {func(r *rig) call {
			return post(r.to("status", r.opened(germany, deadline.Access)), "action=withdraw", browser...)
		}, "Your request is withdrawn", "Your request is withdrawn"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			path := r.result(c.form(r))
			writes := len(r.store.writes)
			for range 3 {
				a := r.Expect(get(path, browser...), http.StatusOK, c.says)
				if name == "a withdrawal" && !strings.Contains(a.Text, "See where it stands") {
					t.Errorf("no way on: %s", a.Brief())
				}
			}
			r.clock = r.clock.Add(59 * time.Minute)
			de := r.Expect(get(strings.ReplaceAll(path, "lang=en", "lang=de"), browser...), http.StatusOK, `lang="de"`)
			if !strings.Contains(de.Body, "?lang=es") || len(r.store.writes) != writes {
				t.Errorf("%d writes; %s", len(r.store.writes)-writes, de.Brief())
			}
			r.Expect(get(path, browser...), http.StatusOK, c.lasts)
			r.clock = r.clock.Add(time.Minute)
			r.Expect(get(path, browser...), http.StatusGone, "expired")
		})
	}
}

// Whoever typed the address is not told what its owner has done since.
func TestFormsResultTellsNothingOfThePerson(t *testing.T) {
	r := newRig(t)
	path := r.result(postForm(mine, browser...))
	q := r.of(marvin)[0]
	r.Expect(post(r.to("confirm", r.file(q.ID).Request), "action=confirm&kind=access", browser...), http.StatusOK, "Confirmed")
	a := r.Expect(get(path, browser...), http.StatusOK, "has moved on")
	if strings.Contains(a.Body, "/status/") || strings.Contains(a.Text, "marvin") || strings.Contains(a.Body, "receipt") {
		t.Errorf("%s", a.Brief())
	}
}

func TestFormsResultDoubtsASlip(t *testing.T) {
	r := newRig(t)
	r.Expect(postForm("email=marvin%40gmail.con&kind=access", browser...), http.StatusOK, "Did you mean marvin@gmail.com?")
}

var receiptPath = regexp.MustCompile(`/requests/(?:done|status)/[A-Za-z0-9_-]+\?file=receipt`)

// The receipt is a file on every page that has one.
func TestReceiptIsAFile(t *testing.T) {
	for name, open := range map[string]func(r *rig) reply{
		"a request": func(r *rig) reply { return r.Expect(postForm(mine, browser...), http.StatusOK, "") },
		"the status": func(r *rig) reply {
			return r.Expect(get(r.to("status", r.opened(germany, deadline.Access)), browser...), http.StatusOK, "")
		},
		"a confirmation": func(r *rig) reply {
			return r.Expect(post(r.to("confirm", r.open(germany, deadline.Access)), "action=confirm&kind=access", browser...), http.StatusOK, "Confirmed")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			a := r.Expect(get(receiptPath.FindString(open(r).Body), browser...), http.StatusOK, "payload")
			var q request.Request
			for _, s := range r.of(marvin) {
				q = r.file(s.ID).Request
			}
			if a.Headers["content-type"] != "application/json" || a.Headers["content-disposition"] != `attachment; filename="receipt-`+q.ID+`.json"` {
				t.Errorf("%v", a.Headers)
			}
			got, err := audit.Check([]byte(a.Body), r.signer.PublicKeys())
			if err != nil || got.Reference != q.ID || !json.Valid([]byte(a.Body)) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}
