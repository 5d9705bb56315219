package webhook

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
)

var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

const hmacKey = "0123456789abcdef01234567"

// told is what a receiver was sent.
type told struct {
	header http.Header
	path   string
	body   []byte
}

// rig is a way whose one system answers with handler.
type rig struct {
	*Way
	system ledger.System
	got    []told
	signer *audit.Signer
}

func newRig(tb testing.TB, handler http.HandlerFunc) *rig {
	tb.Helper()
	r := &rig{system: ledger.System{ID: "crm", Way: "webhook", URL: "https://crm.example/hooks?of=privacy"}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.got = append(r.got, told{q.Header, q.RequestURI, body})
		handler(w, q)
	}))
	tb.Cleanup(server.Close)
	client, err1 := outbound.New([]string{"crm.example"}, server.Listener.Addr().String(), func() time.Time { return now })
	signer, err2 := audit.ParseSigner(`{"current":"k1","k1":"` + strings.Repeat("1", 32) + `"}`)
	if err := errors.Join(err1, err2); err != nil {
		tb.Fatal(err)
	}
	r.signer = signer
	r.Way = &Way{
		Caller: client, Signer: signer, Source: "https://privacy.example.com", Now: func() time.Time { return now },
		Address: func(n ledger.Notice) (string, error) {
			return "https://privacy.example.com/systems/sealed-" + n.ID, nil
		},
		Secret: func(_ context.Context, name string) (string, error) {
			return map[string]string{"crm": "whsec_" + base64.StdEncoding.EncodeToString([]byte(hmacKey)), "short": "whsec_QQ==", "bare": "aGFsbG8="}[name], nil
		},
	}
	return r
}

func (r *rig) tell(tb testing.TB) (ledger.Answer, error) {
	tb.Helper()
	return r.Tell(tb.Context(), ledger.Notice{
		ID: "PD-7.erasure.crm", System: r.system, Task: ledger.Erasure, Request: "PD-7", DueAt: now.AddDate(0, 0, 7),
		Person: func(context.Context) (ledger.Person, error) {
			tb.Error("whom it is about was read")
			return ledger.Person{}, nil
		},
	})
}

func ok(http.ResponseWriter, *http.Request) {}

func TestWhatIsSent(t *testing.T) {
	r := newRig(t, ok)
	if answer, err := r.tell(t); err != nil || answer != (ledger.Answer{State: ledger.Told}) {
		t.Fatalf("%+v, %v", answer, err)
	}
	got := r.got[0]
	if got.path != "/hooks?of=privacy" || got.header.Get("Content-Type") != "application/cloudevents+json; charset=utf-8" || got.header.Get("webhook-id") != "PD-7:erasure:crm" {
		t.Errorf("%s, %v", got.path, got.header)
	}
	const want = `{"specversion":"1.0","id":"PD-7:erasure:crm","source":"https://privacy.example.com","type":"privacydesk.request.erasure","subject":"PD-7","datacontenttype":"application/json",` +
		`"data":{"request":"PD-7","task":"erasure","system":"crm","due_at":"2026-12-05T12:00:00Z","address":"https://privacy.example.com/systems/sealed-PD-7.erasure.crm"}}`
	if string(got.body) != want {
		t.Errorf("%s", got.body)
	}
}

// A receiver checks with what is published, or with the secret it has.
func TestSignatures(t *testing.T) {
	r := newRig(t, ok)
	r.system.Secret = "crm"
	if _, err := r.tell(t); err != nil {
		t.Fatal(err)
	}
	got := r.got[0]
	signed := []byte(got.header.Get("webhook-id") + "." + got.header.Get("webhook-timestamp") + "." + string(got.body))
	byScheme := map[string][]byte{}
	for _, signature := range strings.Fields(got.header.Get("webhook-signature")) {
		scheme, text, _ := strings.Cut(signature, ",")
		byScheme[scheme], _ = base64.StdEncoding.DecodeString(text)
	}
	mac := hmac.New(sha256.New, []byte(hmacKey))
	mac.Write(signed)
	if !hmac.Equal(byScheme["v1"], mac.Sum(nil)) || !ed25519.Verify(published(t, r.signer), signed, byScheme["v1a"]) || len(byScheme) != 2 {
		t.Errorf("%v", got.header)
	}
	if got.header.Get("webhook-timestamp") != "1795867200" {
		t.Errorf("%v", got.header)
	}
}

func published(tb testing.TB, s *audit.Signer) ed25519.PublicKey {
	tb.Helper()
	var set struct{ Keys []struct{ Kid string } }
	if err := json.Unmarshal(s.PublicKeys(), &set); err != nil {
		tb.Fatal(err)
	}
	for _, k := range set.Keys {
		if text, found := strings.CutPrefix(k.Kid, "whpk_"); found {
			key, _ := base64.StdEncoding.DecodeString(text)
			return key
		}
	}
	tb.Fatal("no key of notices is published")
	return nil
}

// What the receiver answers decides what the ledger does: taken, done, never again, or once more and when.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		status      int
		after, body string
		want        ledger.Answer
		code        fault.Code
		again       time.Duration
	}{
		"taken":                   {status: 200, want: ledger.Answer{State: ledger.Told}},
		"no content":              {status: 204, want: ledger.Answer{State: ledger.Told}},
		"accepted":                {status: 202, body: `{"ok":true}`, want: ledger.Answer{State: ledger.Told}},
		"words":                   {status: 200, body: "thanks", want: ledger.Answer{State: ledger.Told}},
		"done":                    {status: 200, body: `{"outcome":"done","records":3}`, want: ledger.Answer{State: ledger.Done, Records: 3}},
		"nothing found":           {status: 200, body: `{"outcome":"not_found"}`, want: ledger.Answer{State: ledger.NotFound}},
		"exempt":                  {status: 200, body: `{"outcome":"exempt","ground":"invoices"}`, want: ledger.Answer{State: ledger.Exempt, Ground: "invoices"}},
		"failed":                  {status: 200, body: `{"outcome":"failed","ground":"read only"}`, want: ledger.Answer{State: ledger.Failed, Ground: "read only"}},
		"exempt, nobody knows":    {status: 200, body: `{"outcome":"exempt"}`, want: ledger.Answer{State: ledger.Told}},
		"an outcome that is none": {status: 200, body: `{"outcome":"success"}`, want: ledger.Answer{State: ledger.Told}},
		"fewer than none":         {status: 200, body: `{"outcome":"done","records":-3}`, want: ledger.Answer{State: ledger.Told}},
		"told, it says":           {status: 200, body: `{"outcome":"told"}`, want: ledger.Answer{State: ledger.Told}},
		"gone":                    {status: 410, want: ledger.Answer{Gone: true}},
		"slower":                  {status: 429, after: "60", code: fault.TooMany, again: time.Minute},
		"slower, some time":       {status: 429, code: fault.TooMany},
		"down, until":             {status: 503, after: now.Add(time.Hour).Format(http.TimeFormat), code: fault.Unavailable, again: time.Hour},
		"broken":                  {status: 500, body: `{"outcome":"done","records":3}`, code: fault.Unavailable},
		"not there":               {status: 404, code: fault.Unavailable},
		"refused":                 {status: 400, code: fault.Unavailable},
		"elsewhere":               {status: 302, code: fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", c.after)
				w.Header()["Date"] = nil
				w.WriteHeader(c.status)
				if c.status != http.StatusNoContent {
					_, _ = io.WriteString(w, c.body)
				}
			})
			answer, err := r.tell(t)
			if answer != c.want || fault.CodeOf(err) != c.code {
				t.Errorf("%+v, %v", answer, err)
			}
			if at := fault.RetryAt(err); c.again > 0 != !at.IsZero() || c.again > 0 && !at.Equal(now.Add(c.again)) {
				t.Errorf("again at %s", at)
			}
		})
	}
}

func TestNoAnswerIsTriedAgain(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		_, _ = io.WriteString(conn, "SSH-2.0\r\n")
		_ = conn.Close()
	})
	if _, err := r.tell(t); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
	r.system.URL = "https://elsewhere.example/"
	if _, err := r.tell(t); fault.CodeOf(err) != fault.Forbidden || len(r.got) != 1 {
		t.Errorf("a host that the client was not given: %v", err)
	}
}

// Each attempt is the same notice at another time.
func TestAttemptsShareTheirID(t *testing.T) {
	r := newRig(t, ok)
	_, err1 := r.tell(t)
	r.Now = func() time.Time { return now.Add(time.Hour) }
	_, err2 := r.tell(t)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	first, second := r.got[0].header, r.got[1].header
	if first.Get("webhook-id") != second.Get("webhook-id") || first.Get("webhook-timestamp") == second.Get("webhook-timestamp") || first.Get("webhook-signature") == second.Get("webhook-signature") {
		t.Errorf("%v, %v", first, second)
	}
}

func TestWhatCannotBeSent(t *testing.T) {
	broken := fault.New(fault.Unavailable, "no secrets")
	for name, spoil := range map[string]func(*rig){
		"no address":        func(r *rig) { r.Address = func(ledger.Notice) (string, error) { return "", broken } },
		"no secret":         func(r *rig) { r.Secret = func(context.Context, string) (string, error) { return "", broken } },
		"a short secret":    func(r *rig) { r.system.Secret = "short" },
		"one without whsec": func(r *rig) { r.system.Secret = "bare" },
	} {
		r := newRig(t, ok)
		r.system.Secret = "crm"
		spoil(r)
		_, err := r.tell(t)
		if err == nil || fault.Is(err, fault.Invalid) || len(r.got) > 0 || strings.Contains(err.Error(), "QQ==") || strings.Contains(err.Error(), "aGFs") {
			t.Errorf("%s: %v, %d calls", name, err, len(r.got))
		}
	}
}

// No call, and no error of one, names anybody.
func TestNobodyIsNamed(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	_, err := r.tell(t)
	for _, text := range []string{string(r.got[0].body), err.Error(), r.got[0].path} {
		for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(`"{}:, `, c) }) {
			if _, err := person.Parse(word); err == nil {
				t.Errorf("an address: %s", word)
			}
		}
	}
}

func TestChoices(t *testing.T) {
	for status, code := range map[int]fault.Code{200: "", 410: fault.Invalid, 500: fault.Unavailable, 429: fault.TooMany} {
		r := newRig(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		r.ChoicesAt = func(b feed.Batch) (string, error) { return "https://privacy.example.com/choices/sealed", nil }
		err := r.Choices(t.Context(), feed.Batch{ID: "choices.crm.x", System: r.system, Changes: make([]feed.Change, 3)})
		const want = `{"specversion":"1.0","id":"choices:crm:x","source":"https://privacy.example.com","type":"privacydesk.choices","datacontenttype":"application/json",` +
			`"data":{"system":"crm","changes":3,"address":"https://privacy.example.com/choices/sealed"}}`
		if fault.CodeOf(err) != code || len(r.got) != 1 || string(r.got[0].body) != want {
			t.Errorf("%d: %v, %q", status, err, r.got)
		}
	}
}
