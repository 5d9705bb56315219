package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// A script is answered in the language of its body, else in that of its browser.
func TestScriptsAreAnsweredInTheirLanguage(t *testing.T) {
	for name, c := range map[string]struct {
		body    string
		headers []string
		status  int
		says    string
	}{
		"the body's":         {`{"email":"x","lang":"de"}`, nil, 422, "Es gibt ein Problem. Geben Sie eine vollständige E-Mail-Adresse ein"},
		"the browser's":      {`{"email":"x"}`, []string{"Accept-Language", "es-MX"}, 422, "Hay un problema. Escriba una dirección de correo completa"},
		"the body's first":   {`{"email":"x","lang":"de"}`, []string{"Accept-Language", "es"}, 422, "Es gibt ein Problem."},
		"none":               {`{"email":"x"}`, nil, 422, "There is a problem. Enter one complete email address"},
		"of what was taken":  {`{"email":"marvin@example.com","lang":"es"}`, nil, 200, "¡Gracias! Hemos recibido su solicitud."},
		"of what is no form": {`<email/>`, []string{"Accept-Language", "de", "Content-Type", "application/xml"}, 415, "Dieses Format können wir nicht lesen"},
		"of a damaged link":  {"", []string{"Accept-Language", "de"}, 400, "Dieser Link funktioniert nicht."},
	} {
		r := newRig(t)
		headers := append(slices.Clone(script), "Content-Type", "application/json")
		call := postForm(c.body, append(headers, c.headers...)...)
		if c.status == http.StatusBadRequest {
			call.Path = "/u/damaged"
		}
		got := r.Expect(call, c.status, "").JSON(t)
		if !strings.HasPrefix(got.Message, c.says) {
			t.Errorf("%s: %q", name, got.Message)
		}
		if len(got.Errors) == 1 && (!strings.Contains(got.Message, got.Errors[0].Message) || got.Errors[0].Hint == "") {
			t.Errorf("%s: %+v", name, got.Errors)
		}
	}
}

// What goes wrong with a link's form is said in the language of the form, not of the browser.
func TestLinksFailInTheFormsLanguage(t *testing.T) {
	for _, path := range []string{"/u/damaged", "/undo/damaged", "/preferences/damaged", "/preferences/confirm/damaged"} {
		r := newRig(t)
		r.Expect(post(path, "lang=de", browser...), http.StatusBadRequest, `lang="de"`)
	}
	r := newRig(t)
	path := r.link("preferences", marvin, "")
	r.store.err = fault.Wrap(fault.Unavailable, errors.New("throttled"), "write")
	r.Expect(post(path, "want_email=stop&was_email=receive&lang=es", browser...), http.StatusServiceUnavailable, `lang="es"`)
}

// A text that is no address is refused with the address that was perhaps meant, on every form.
func TestRefusedAddressIsGuessed(t *testing.T) {
	for lang, want := range map[string]string{"en": "Did you mean foo@gmail.com?", "de": "Meinten Sie foo@gmail.com?", "es": "¿Quería decir foo@gmail.com?"} {
		for _, path := range []string{"/unsubscribe", "/my-links"} {
			r := newRig(t)
			sent := post(path, "email=foo%40gmail%2Ccom&lang="+lang, browser...)
			if a := r.Expect(sent, 422, want); !strings.Contains(a.Body, `value="foo@gmail,com"`) {
				t.Errorf("%s: what was typed is not shown again: %s", path, a.Brief())
			}
			sent = post(path, "email=foo%40gmail%2Ccom&lang="+lang, script...)
			if got := r.Expect(sent, 422, "").JSON(t); !strings.Contains(got.Message, want) || len(got.Errors) != 1 || strings.Contains(got.Errors[0].Hint, "foo") {
				t.Errorf("%s: %+v", path, got)
			}
			if strings.Contains(r.Log.String(), "foo") {
				t.Errorf("the log holds it: %s", r.Log.String())
			}
		}
	}
}

// A script that sends too much is told how much is taken.
func TestLimitsAreNamed(t *testing.T) {
	r := newRig(t)
	got := r.Expect(postForm("email="+strings.Repeat("x", 256<<10), append([]string{"Accept-Language", "de"}, script...)...), 413, "").JSON(t)
	if len(got.Errors) != 1 || !strings.Contains(got.Errors[0].Hint, "larger than 256 KiB") || !strings.HasPrefix(got.Message, "Das war zu viel") {
		t.Errorf("%+v", got)
	}
}

// What a form sends and we do not know is told to whoever built it, and what was stopped is said in plain.
func TestFormIsToldWhatHadNoEffect(t *testing.T) {
	for name, c := range map[string]struct {
		body    string
		stopped []optout.Scope
		fields  []string
		says    string
	}{
		"nothing wrong":    {"", []optout.Scope{"email"}, nil, ""},
		"a known redirect": {"&redirect=https://www.biosero.com/thanks", []optout.Scope{"email"}, nil, ""},
		"another redirect": {"&redirect=https://Shop.example/bye?who=marvin", []optout.Scope{"email"}, []string{"redirect"}, "(shop.example)"},
		"no address":       {"&redirect=/bye", []optout.Scope{"email"}, []string{"redirect"}, "(?)"},
		"a misspelt topic": {"&topic=newsleter", []optout.Scope{"email"}, []string{"topic"}, "“newsleter” is not a topic"},
		"beside a topic":   {"&topic=newsleter&topic=events", []optout.Scope{"email/events"}, []string{"topic"}, "events"},
		"all channels":     {"&everything=yes", []optout.Scope{"email", "sms", "phone", "post"}, nil, ""},
	} {
		r := newRig(t)
		r.Desk.Forms.Redirects = []string{"https://www.biosero.com/thanks"}
		var got struct {
			Stopped  []optout.Scope
			Warnings []fault.FieldError
		}
		if err := json.Unmarshal([]byte(r.Expect(postForm(mine+c.body, script...), http.StatusOK, "").Body), &got); err != nil {
			t.Fatal(err)
		}
		var fields []string
		for _, w := range got.Warnings {
			fields = append(fields, w.Field)
			if !strings.Contains(w.Message, c.says) || strings.Contains(w.Message, "who=") {
				t.Errorf("%s: %s", name, w.Message)
			}
		}
		if !slices.Equal(fields, c.fields) || !slices.Equal(got.Stopped, c.stopped) {
			t.Errorf("%s: stopped %v, warned of %v", name, got.Stopped, fields)
		}
		if logged := strings.Count(r.Log.String(), "form value ignored"); logged != len(c.fields) || strings.Contains(r.Log.String(), "who=") || strings.Contains(r.Log.String(), "newsleter") {
			t.Errorf("%s: %d lines: %s", name, logged, r.Log.String())
		}
	}
}

// The message is all that most sites show: it says what is still to be done, and that the address may be wrong.
func TestScriptsMessageSaysWhatIsLeft(t *testing.T) {
	for lang, want := range map[string]struct{ step, slip string }{
		"en": {" One more step for the deletion. We will email you", "Did you mean marvin@gmail.com?"},
		"es": {" Un paso más para la eliminación. Le enviaremos un correo", "¿Quería decir marvin@gmail.com?"},
		"de": {" Noch ein Schritt für die Löschung. Wir senden Ihnen eine E-Mail", "Meinten Sie marvin@gmail.com?"},
	} {
		r := newRig(t)
		if got := r.Expect(postForm(mine+"&lang="+lang, script...), http.StatusOK, "").JSON(t); strings.Contains(got.Message, want.step) {
			t.Errorf("%q", got.Message)
		}
		if got := r.Expect(postForm(mine+"&erase=yes&lang="+lang, script...), http.StatusOK, "").JSON(t); !strings.Contains(got.Message, want.step) {
			t.Errorf("%q", got.Message)
		}
		a := r.Expect(postForm("email=marvin%40gmial.com&lang="+lang, script...), http.StatusOK, `"warnings":[{"field":"email"`)
		if !strings.Contains(a.Body, want.slip) {
			t.Errorf("%s", a.Brief())
		}
	}
}

// An integrator is told the limit, and what was probably meant.
func TestSystemsAreToldWhatIsWrong(t *testing.T) {
	r := newRig(t)
	for body, says := range map[string]string{
		`{"recipients":[{"email":"marvin@example.com"}]}`:                         "unknown member recipients[0].email; did you mean address?",
		`{"recipients":[{"address":"marvin@example.com","topics":"newsletter"}]}`: "unknown member recipients[0].topics; did you mean topic?",
		`{"emails":["marvin@example.com"]}`:                                       "unknown member emails; did you mean recipients?",
		`{"recipients":[` + strings.Repeat(`{},`, maxRecipients) + `{}]}`:         "recipients holds too many (at most 500)",
	} {
		got := r.Expect(post("/links", body, "Content-Type", "application/json"), 422, "").JSON(t)
		if got.Message != says {
			t.Errorf("%.60s: %s", body, got.Message)
		}
	}
	if got := r.Expect(post("/suppressions/import/undo", `{"imports":"x"}`, "Content-Type", "application/json"), 422, "").JSON(t); !strings.HasSuffix(got.Message, "did you mean import?") {
		t.Errorf("%q", got.Message)
	}
	got := r.Expect(call{Method: http.MethodGet, Path: "/suppressions", Query: "chanel=sms"}, 422, "").JSON(t)
	if got.Message != "unknown query member chanel; must be one of channel, cursor" {
		t.Error(got.Message)
	}
}
