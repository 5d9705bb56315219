package receivers

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/adapter/webhook"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/testkit"
)

var secret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret of 32 bytes, no more!!!"))

// desk publishes keys, and has one person to be erased, or to be told what is held.
type desk struct {
	*httptest.Server
	signer  *audit.Signer
	fetched atomic.Int32
	broken  atomic.Bool
	answers chan string
}

func newDesk(tb testing.TB) *desk {
	tb.Helper()
	signer, err := audit.ParseSigner(`{"current":"k2","k1":"` + strings.Repeat("1", 32) + `","k2":"` + strings.Repeat("2", 32) + `"}`)
	if err != nil {
		tb.Fatal(err)
	}
	d := &desk{signer: signer, answers: make(chan string, 9)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/privacy-desk-keys.json", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(signer.PublicKeys()) })
	mux.HandleFunc("GET /systems/sealed", func(w http.ResponseWriter, _ *http.Request) {
		if d.broken.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		d.fetched.Add(1)
		_, _ = io.WriteString(w, `{"request":"PD-7","person":{"email":"zaphod@example.com"}}`)
	})
	mux.HandleFunc("POST /systems/sealed", func(w http.ResponseWriter, r *http.Request) {
		var said map[string]any
		if json.NewDecoder(r.Body).Decode(&said) != nil || r.Header.Get("Content-Type") != "application/json" {
			w.WriteHeader(http.StatusUnprocessableEntity)
		}
		if said["action"] == "add_file" {
			_, _ = fmt.Fprintf(w, `{"form":{"url":"http://%s/bucket","fields":{"key":"k1","policy":"c2lnbmVk"},"max_bytes":20971520}}`, r.Host)
			return
		}
		d.answers <- fmt.Sprint(said)
		_, _ = io.WriteString(w, "{}")
	})
	mux.HandleFunc("POST /bucket", d.bucket)
	d.Server = httptest.NewServer(mux)
	tb.Cleanup(d.Close)
	return d
}

// bucket takes a form as S3 does: with its length, and with the file as its last field.
func (d *desk) bucket(w http.ResponseWriter, r *http.Request) {
	parts, err := r.MultipartReader()
	if err != nil || r.ContentLength <= 0 {
		w.WriteHeader(http.StatusLengthRequired)
		return
	}
	var got string
	for {
		part, err := parts.NextPart()
		if err != nil {
			break
		}
		value, _ := io.ReadAll(part)
		if got += part.FormName() + "=" + strings.Join(strings.Fields(string(value)), "") + " "; part.FormName() == "file" {
			break
		}
	}
	for _, field := range []string{"key=k1 ", "policy=c2lnbmVk ", `file={"email":"zaphod@example.com"} `} {
		if !strings.Contains(got, field) {
			got = "wrong: " + got
		}
	}
	d.answers <- got
	w.WriteHeader(http.StatusNoContent)
}

// way is how the desk tells the receiver at a port.
func (d *desk) way(tb testing.TB, at string) *webhook.Way {
	tb.Helper()
	client, err := outbound.New([]string{"crm.example"}, at, time.Now)
	if err != nil {
		tb.Fatal(err)
	}
	return &webhook.Way{
		Caller: client, Signer: d.signer, Source: d.URL, Now: time.Now,
		Address: func(ledger.Notice) (string, error) { return d.URL + "/systems/sealed", nil },
		Secret:  func(context.Context, string) (string, error) { return secret, nil },
	}
}

func notice(secret string) ledger.Notice { return noticeOf(ledger.Erasure, secret) }

func noticeOf(task ledger.Task, secret string) ledger.Notice {
	return ledger.Notice{ID: "PD-7." + string(task) + ".crm", Request: "PD-7", Task: task, System: ledger.System{ID: "crm", URL: "https://crm.example/", Secret: secret}}
}

// receivers start each a program; the test is skipped where its language is missing.
var receivers = map[string]func(testing.TB) *exec.Cmd{
	"go": func(tb testing.TB) *exec.Cmd {
		if err := testkit.Sources("infra/guides/receivers"); err != nil {
			tb.Fatal(err)
		}
		program := filepath.Join(tb.TempDir(), "receiver")
		run(tb, "", "go", "build", "-o", program, "./go")
		return exec.Command(program)
	},
	"node": func(tb testing.TB) *exec.Cmd {
		if _, err := os.Stat("node/node_modules/standardwebhooks"); err != nil {
			run(tb, "node", "npm", "ci", "--no-audit", "--no-fund")
		}
		return exec.Command("node", "node/receiver.mjs")
	},
	"python": func(tb testing.TB) *exec.Cmd {
		const venv = "../../../.local/receivers"
		if _, err := os.Stat(venv + "/lib"); err != nil {
			run(tb, "", "python3", "-m", "venv", venv)
		}
		run(tb, "", venv+"/bin/pip", "install", "-q", "--disable-pip-version-check", "-r", "python/requirements.txt")
		return exec.Command(venv+"/bin/python", "python/receiver.py")
	},
}

func run(tb testing.TB, dir, name string, arguments ...string) {
	tb.Helper()
	cmd := exec.Command(name, arguments...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatalf("%s %v: %v\n%s", name, arguments, err, out)
	}
}

// start starts a receiver that holds one person, and gives where it listens.
func start(tb testing.TB, cmd *exec.Cmd, d *desk, secret string) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	_, port, _ := net.SplitHostPort(at)
	var said bytes.Buffer
	cmd.Env = append(os.Environ(), "DESK="+d.URL, "PORT="+port, "PEOPLE=zaphod@example.com,ford@example.com", "WEBHOOK_SECRET="+secret)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		tb.Skip(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tb.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", at); err == nil {
			_ = c.Close()
			return at
		}
		if time.Now().After(deadline) {
			tb.Fatalf("it does not listen: %s", said.String())
		}
	}
}

// With each kind of signature: asked for access, it sends a file; told to erase, it does; told again, it finds nothing.
func TestReceivers(t *testing.T) {
	for name, program := range receivers {
		for kind, s := range map[string]string{"v1a by the platform": "", "v1 by the library": secret} {
			t.Run(name+" "+kind, func(t *testing.T) {
				d := newDesk(t)
				at := start(t, program(t), d, s)
				for _, c := range []struct {
					task ledger.Task
					want string
				}{
					{ledger.Access, "map[outcome:done records:1]"}, {ledger.Restriction, "map[ground:this system cannot do that outcome:failed]"},
					{ledger.Erasure, "map[outcome:done records:1]"}, {ledger.Erasure, "map[outcome:not_found]"}, {ledger.Access, "map[outcome:not_found]"},
				} {
					answer, err := d.way(t, at).Tell(t.Context(), noticeOf(c.task, s))
					if err != nil || answer.State != ledger.Told {
						t.Fatalf("%+v, %v", answer, err)
					}
					got := <-d.answers
					if strings.Contains(got, "file=") {
						if strings.Contains(got, "wrong") || c.task != ledger.Access {
							t.Errorf("the bucket got %s", got)
						}
						got = <-d.answers
					} else if c.task == ledger.Access && strings.Contains(got, "done") {
						t.Error("it sends nothing")
					}
					if got != c.want {
						t.Errorf("%s: it answered %s, want %s", c.task, got, c.want)
					}
				}
				d.broken.Store(true)
				if _, err := d.way(t, at).Tell(t.Context(), notice(s)); !fault.Is(err, fault.Unavailable) {
					t.Errorf("the desk does not answer: %v", err)
				}
			})
		}
	}
}

// A call that somebody else has made, changed or kept is refused, and nothing is fetched.
func TestForgedCalls(t *testing.T) {
	stranger, err := audit.ParseSigner(`{"current":"k1","k1":"` + strings.Repeat("9", 32) + `"}`)
	if err != nil {
		t.Fatal(err)
	}
	forgeries := map[string]func(*webhook.Way){
		"another key": func(w *webhook.Way) {
			w.Signer = stranger
			w.Secret = func(context.Context, string) (string, error) {
				return "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 32)), nil
			}
		},
		"kept": func(w *webhook.Way) { w.Now = func() time.Time { return time.Now().Add(-6 * time.Minute) } },
		"changed": func(w *webhook.Way) {
			w.Caller = changed{w.Caller}
		},
		"unsigned": func(w *webhook.Way) { w.Caller = unsigned{w.Caller} },
	}
	for name, program := range receivers {
		for kind, s := range map[string]string{"v1a": "", "v1": secret} {
			t.Run(name+" "+kind, func(t *testing.T) {
				d := newDesk(t)
				at := start(t, program(t), d, s)
				for forged, forge := range forgeries {
					way := d.way(t, at)
					forge(way)
					if _, err := way.Tell(t.Context(), notice(secret)); err == nil || !strings.Contains(err.Error(), "401") || d.fetched.Load() > 0 {
						t.Errorf("%s: %v, fetched %d times", forged, err, d.fetched.Load())
					}
				}
			})
		}
	}
}

type changed struct{ outbound.Caller }

func (c changed) Do(ctx context.Context, call outbound.Call) (outbound.Answer, error) {
	call.Body = bytes.Replace(call.Body, []byte("sealed"), []byte("SEALED"), 1)
	return c.Caller.Do(ctx, call)
}

type unsigned struct{ outbound.Caller }

func (c unsigned) Do(ctx context.Context, call outbound.Call) (outbound.Answer, error) {
	delete(call.Headers, "webhook-signature")
	return c.Caller.Do(ctx, call)
}
