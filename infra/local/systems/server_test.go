package systems

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/adapter/webhook"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
)

// rig is the desk and the systems.
type rig struct {
	*Server
	way    *webhook.Way
	posted []string
	files  []string     // that came, with the fields before them
	status atomic.Int32 // of the desk's answers
	clock  time.Duration
}

func newRig(tb testing.TB) *rig {
	tb.Helper()
	signer, err := audit.ParseSigner(`{"current":"k1","k1":"` + strings.Repeat("1", 32) + `"}`)
	if err != nil {
		tb.Fatal(err)
	}
	r := &rig{}
	r.status.Store(http.StatusOK)
	desk := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/bucket" {
			r.take(w, q)
			return
		}
		switch body, _ := io.ReadAll(q.Body); {
		case strings.HasPrefix(q.URL.Path, "/.well-known/"):
			_, _ = w.Write(signer.PublicKeys())
			return
		case strings.Contains(string(body), "add_file"):
			w.WriteHeader(int(r.status.Load()))
			_, _ = fmt.Fprintf(w, `{"form":{"url":"http://%s/bucket","fields":{"key":"k1","policy":"signed"}}}`, q.Host)
			return
		case q.Method == http.MethodPost:
			r.posted = append(r.posted, string(body))
		}
		w.WriteHeader(int(r.status.Load()))
		_, _ = io.WriteString(w, `{"person":{"email":"zaphod@example.com"}}`)
	}))
	tb.Cleanup(desk.Close)
	now := func() time.Time { return time.Now().Add(r.clock) }
	r.Server = &Server{Desk: desk.URL, Now: now, Client: http.DefaultClient}
	systems := httptest.NewServer(r.Server)
	tb.Cleanup(systems.Close)
	client, err := outbound.New([]string{"crm.example", "api.example"}, systems.Listener.Addr().String(), now)
	if err != nil {
		tb.Fatal(err)
	}
	r.way = &webhook.Way{Caller: client, Signer: signer, Source: desk.URL, Now: now,
		Address: func(ledger.Notice) (string, error) { return desk.URL + "/systems/sealed", nil }}
	return r
}

// take is the bucket.
func (r *rig) take(w http.ResponseWriter, q *http.Request) {
	_ = q.ParseMultipartForm(1 << 20)
	file, _, err := q.FormFile("file")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	content, _ := io.ReadAll(file)
	r.files = append(r.files, fmt.Sprintf("%s %s %s", q.FormValue("key"), q.FormValue("policy"), content))
	w.WriteHeader(http.StatusNoContent)
}

func (r *rig) tell(tb testing.TB) (ledger.Answer, error) {
	tb.Helper()
	return r.tells(tb, ledger.Erasure)
}

func (r *rig) tells(tb testing.TB, task ledger.Task) (ledger.Answer, error) {
	tb.Helper()
	return r.way.Tell(tb.Context(), ledger.Notice{ID: "PD-1.erasure.crm", Request: "PD-1", Task: task, System: ledger.System{ID: "crm", URL: "https://crm.example/x"}})
}

func TestManners(t *testing.T) {
	for manner, want := range map[Manner]string{
		Done:     `{told 0  } <nil> {"outcome":"done","records":1} 200`,
		NotFound: `{told 0  } <nil> {"outcome":"not_found"} 200`,
		AtOnce:   `{done 2  } <nil> `,
		Later:    `{told 0  } <nil> `,
		Gone:     `{ 0  } <nil> `,
		Down:     `{ 0  } unavailable `,
		Broken:   `{ 0  } unavailable `,
		Busy:     `{ 0  } too_many `,
		Garbage:  `{ 0  } unavailable `,
	} {
		t.Run(string(manner), func(t *testing.T) {
			r := newRig(t)
			r.Behave(manner)
			answer, err := r.tell(t)
			code := any(nil)
			if err != nil {
				code = fault.CodeOf(err)
			}
			calls := r.Calls()
			if len(calls) != 1 || !calls[0].Genuine || calls[0].Request != "PD-1" || calls[0].Host != "crm.example" || answer.Gone != (manner == Gone) {
				t.Fatalf("%+v, %+v", calls, answer)
			}
			if got := fmt.Sprintf("{%s %d %s } %v %s", answer.State, answer.Records, answer.Ground, code, calls[0].Answered); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// What is held is sent as a file before it is done.
func TestAccess(t *testing.T) {
	for manner, files := range map[Manner]int{Done: 1, AtOnce: 1, NotFound: 0, Later: 0} {
		r := newRig(t)
		r.Behave(manner)
		answer, err := r.tells(t, ledger.Access)
		if err != nil || answer.State != ledger.Told || len(r.files) != files || files == 1 && !strings.Contains(r.files[0], "k1 signed {") || files == 1 && !strings.Contains(r.files[0], "zaphod@example.com") {
			t.Errorf("%s: %+v %v %q", manner, answer, err, r.files)
		}
	}
	r := newRig(t)
	r.status.Store(http.StatusConflict)
	if _, err := r.tells(t, ledger.Access); !fault.Is(err, fault.Unavailable) || len(r.files) > 0 || len(r.posted) > 0 {
		t.Errorf("%v: %q %q", err, r.files, r.posted)
	}
}

func TestWhatTheDeskDoesNotTakeIsNotTaken(t *testing.T) {
	r := newRig(t)
	r.status.Store(http.StatusConflict)
	if _, err := r.tell(t); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	r.way.Address = func(ledger.Notice) (string, error) { return "https://evil.example/systems/sealed", nil }
	if _, err := r.tell(t); !fault.Is(err, fault.Unavailable) || len(r.posted) > 0 {
		t.Error("it calls another host than the desk", err)
	}
}

func TestStrangersAreRefused(t *testing.T) {
	r := newRig(t)
	other, err := audit.ParseSigner(`{"current":"k1","k1":"` + strings.Repeat("2", 32) + `"}`)
	if err != nil {
		t.Fatal(err)
	}
	r.way.Signer = other
	if _, err := r.tell(t); err == nil || r.Calls()[0].Genuine {
		t.Error("another key", err)
	}
	r = newRig(t)
	r.way.Now = func() time.Time { return time.Now().Add(-time.Hour) }
	if _, err := r.tell(t); err == nil || r.Calls()[0].Genuine {
		t.Error("kept for an hour", err)
	}
	r = newRig(t)
	r.clock = 400 * 24 * time.Hour // both go by the stack's time
	if _, err := r.tell(t); err != nil {
		t.Error(err)
	}
}

func TestOtherHosts(t *testing.T) {
	r := newRig(t)
	r.Handle("api.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a product") }))
	answer, err := r.way.Caller.Do(context.Background(), outbound.Call{Op: "ask", Method: http.MethodGet, URL: "https://api.example/v3"})
	if err != nil || string(answer.Body) != "a product" || len(r.Calls()) != 0 {
		t.Errorf("%+v, %v", answer, err)
	}
}

func TestPage(t *testing.T) {
	r := newRig(t)
	show := func() string {
		w := httptest.NewRecorder()
		r.Page(w, httptest.NewRequest(http.MethodGet, "/systems", nil))
		return w.Body.String()
	}
	if !strings.Contains(show(), "Nothing has come yet") {
		t.Error(show())
	}
	post := httptest.NewRequest(http.MethodPost, "/systems", strings.NewReader(url.Values{"manner": {"not_found"}}.Encode()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Page(httptest.NewRecorder(), post)
	_, err1 := r.tell(t)
	if text := show(); !strings.Contains(text, "PD-1:erasure:crm") || !strings.Contains(text, "<option selected>not_found") || !strings.Contains(text, "zaphod@example.com") || errors.Join(err1) != nil {
		t.Error(text, err1)
	}
}
