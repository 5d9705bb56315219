package outbound

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
)

// system is another system, at the name example.com.
type system struct {
	*httptest.Server
	host string
}

func serve(tb testing.TB, h http.HandlerFunc) system {
	tb.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // net/http sees a client go only when its body was read
		r.Body = io.NopCloser(bytes.NewReader(body))
		h(w, r)
	}))
	tb.Cleanup(server.Close)
	u, _ := url.Parse(server.URL)
	return system{server, "example.com:" + u.Port()}
}

func (s system) call() Call {
	return Call{Op: "tell crm", Method: http.MethodPost, URL: "https://" + s.host + "/people/zaphod", Headers: map[string]string{"Authorization": "s3cret"}, Body: []byte("{}")}
}

// client trusts the server's certificate and waits for a second.
func (s system) client(d dialer) *Client {
	c := newClient([]string{s.host}, time.Now, d.dial)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c.http.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
	c.http.Timeout = time.Second
	return c
}

func (s system) ask(tb testing.TB) (Answer, error) {
	tb.Helper()
	return s.client(dialer{&names{lists: [][]string{{"127.0.0.1"}}}, onlyHere}).Do(tb.Context(), s.call())
}

func TestACall(t *testing.T) {
	var got string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = fmt.Sprint(r.Method, r.URL, string(body), r.Header.Get("Authorization"), r.Header.Get("User-Agent"), r.Header.Get("Accept-Encoding"))
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, "slowly")
	})
	answer, err := server.ask(t)
	if err != nil || answer.Status != http.StatusTooManyRequests || string(answer.Body) != "slowly" || answer.RetryAfter != 7*time.Second {
		t.Errorf("%+v, %v", answer, err)
	}
	if got != "POST/people/zaphod{}s3cretPrivacyDesk" {
		t.Error(got)
	}
}

// A redirect is an answer: whoever may answer for a host must not choose what is called next.
func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		calls := 0
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			calls++
			w.Header().Set("Location", "http://169.254.169.254/latest/meta-data")
			w.WriteHeader(status)
		})
		if answer, err := server.ask(t); err != nil || answer.Status != status || calls != 1 {
			t.Errorf("%d: %+v, %v, %d calls", status, answer, err, calls)
		}
	}
}

func TestHugeAnswersAreCut(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			_, _ = w.Write(bytes.Repeat([]byte("x"), maxAnswer))
		}
	})
	if answer, err := server.ask(t); err != nil || len(answer.Body) != maxAnswer {
		t.Errorf("%d bytes, %v", len(answer.Body), err)
	}
}

// What is no answer in time is Unavailable, and its error names no path, no host and no secret.
func TestBrokenAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		reason string
	}{
		"never begins": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "it took too long"},
		"drips": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, "x")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(50 * time.Millisecond)
			}
		}, "which answered 200: it took too long"},
		"no HTTP":      {hijacked("SSH-2.0-OpenSSH_9.6\r\n"), "no answer"},
		"nothing":      {hijacked(""), "no answer"},
		"huge headers": {hijacked("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2*maxHeader) + "\r\n\r\n"), "no answer"},
		"cut":          {hijacked("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), "which answered 200: no answer"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := serve(t, c.answer).ask(t)
			if fault.CodeOf(err) != fault.Unavailable || !strings.HasSuffix(fmt.Sprint(err), c.reason) {
				t.Errorf("%v", err)
			}
			for _, secret := range []string{"zaphod", "s3cret", "example.com", "127.0.0.1"} {
				if strings.Contains(fmt.Sprint(err), secret) {
					t.Errorf("the error says %s: %v", secret, err)
				}
			}
		})
	}
}

// A call ends before its context, so that what became of it can still be noted.
func TestACallLeavesTime(t *testing.T) {
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	client := server.client(dialer{&names{lists: [][]string{{"127.0.0.1"}}}, onlyHere})
	client.http.Timeout = time.Hour
	ctx, stop := context.WithTimeout(t.Context(), spare+100*time.Millisecond)
	defer stop()
	if _, err := client.Do(ctx, server.call()); fault.CodeOf(err) != fault.Unavailable || !strings.HasSuffix(err.Error(), "it took too long") || ctx.Err() != nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
}

func hijacked(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
	}
}

func TestCertificatesAreChecked(t *testing.T) {
	server := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was called") })
	client := newClient([]string{server.host}, time.Now, dialer{&names{lists: [][]string{{"127.0.0.1"}}}, onlyHere}.dial)
	if _, err := client.Do(t.Context(), server.call()); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%v", err)
	}
}

// Of what may be called, the list given to New decides and nothing else does.
func TestOnlyHostsOfTheList(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	called := ""
	c := newClient([]string{"Hooks.example", "crm.example:8443"}, time.Now, nil)
	c.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		called = r.URL.String()
		return &http.Response{StatusCode: 204, Body: http.NoBody}, nil
	})
	for address, ok := range map[string]bool{
		"https://hooks.example/a": true, "https://HOOKS.example:443/a": true, "https://crm.example:8443/a": true, "https://hooks.example/a?x=https://evil.example": true,
		"http://hooks.example/a": false, "https://hooks.example:8443/a": false, "https://crm.example/a": false, "https://evil.example/a": false,
		"https://hooks.example.evil.example/": false, "https://evil.example#@hooks.example/": false, "https://user@hooks.example/": false,
		"https://hooks.example@evil.example/": false, "https://hooks.example\\@evil.example/": false, "https://hooks.example.": false,
		"file:///etc/passwd": false, "//hooks.example/": false, "hooks.example": false, "": false, "https://": false, "https://[::1]/": false,
	} {
		called = ""
		_, err := c.Do(t.Context(), Call{Op: "tell", Method: http.MethodGet, URL: address})
		if ok != (err == nil) || ok != (called != "") || !ok && fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%q: called %q, %v", address, called, err)
		}
	}
	if proxy := newClient(nil, time.Now, nil).http.Transport.(*http.Transport).Proxy; proxy != nil {
		t.Error("a proxy of the environment is used")
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The local stack answers for every host of the list, and for no other. It can be on this machine alone.
func TestStandIn(t *testing.T) {
	got := ""
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Host + r.URL.Path }))
	defer server.Close()
	client, err := New([]string{"hooks.example"}, server.Listener.Addr().String(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(context.Background(), Call{Op: "tell", Method: http.MethodGet, URL: "https://hooks.example/a"}); err != nil || got != "hooks.example/a" {
		t.Errorf("%q, %v", got, err)
	}
	for _, address := range []string{"https://evil.example/", "http://hooks.example/"} {
		if _, err := client.Do(context.Background(), Call{Op: "tell", Method: http.MethodGet, URL: address}); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, at := range []string{"10.0.0.1:80", "169.254.169.254:80", "localhost:80", "127.0.0.1", "yes"} {
		if _, err := New(nil, at, time.Now); err == nil {
			t.Errorf("%s stands in", at)
		}
	}
}
