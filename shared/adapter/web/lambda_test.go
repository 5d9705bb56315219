package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

func event(method, path string) events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = method, path
	e.RequestContext.HTTP.SourceIP, e.RequestContext.DomainName = "203.0.113.7", "privacy.example.com"
	return e
}

func invoke(t *testing.T, h http.HandlerFunc, e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	answer, err := Lambda(h)(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestLambdaMakesARequestOfAnEvent(t *testing.T) {
	e := event(http.MethodPost, "/u/a b%")
	e.RawQueryString, e.Body = "a=1&b=%20", "body"
	e.Headers = map[string]string{"content-type": "text/plain", "X-FORWARDED-FOR": "198.51.100.1", "accept": "a, b"}
	type key struct{}
	var got *http.Request
	_, err := Lambda(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r }))(context.WithValue(t.Context(), key{}, 1), e)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(got.Body)
	for what, pair := range map[string][2]string{
		"method": {got.Method, "POST"}, "path": {got.URL.Path, "/u/a b%"}, "query": {got.URL.RawQuery, "a=1&b=%20"},
		"body": {string(body), "body"}, "type": {got.Header.Get("Content-Type"), "text/plain"},
		"accept": {got.Header.Get("Accept"), "a, b"}, "host": {got.Host, "privacy.example.com"}, "source": {Source(got).String(), "203.0.113.7"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s = %q, want %q", what, pair[0], pair[1])
		}
	}
	if got.ContentLength != 4 || got.Context().Value(key{}) == nil {
		t.Errorf("length %d, context %v", got.ContentLength, got.Context())
	}
}

func TestLambdaBodies(t *testing.T) {
	for name, c := range map[string]struct {
		body    string
		encoded bool
		want    string
		fails   bool
	}{
		"text":             {"a=b", false, "a=b", false},
		"base64":           {base64.StdEncoding.EncodeToString([]byte("a=\xff")), true, "a=\xff", false},
		"base64 in lines":  {"YT1i\r\nY2Q=\r\n", true, "a=bcd", false},
		"nothing":          {"", true, "", false},
		"not base64":       {"email=z%40example.com", true, "", true},
		"good, then noise": {base64.StdEncoding.EncodeToString([]byte("email=z@example.com")) + "!!", true, "", true},
		"cut":              {"ZW1haWw9ekBleGFtcGxlLmNvbQ", true, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			e := event(http.MethodPost, "/")
			e.Body, e.IsBase64Encoded = c.body, c.encoded
			invoke(t, func(_ http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if string(body) != c.want || (err != nil) != c.fails {
					t.Errorf("read %q, %v", body, err)
				}
			}, e)
		})
	}
}

func TestLambdaAnswers(t *testing.T) {
	answer := invoke(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Vary", "Accept")
		w.Header().Add("Vary", "Accept-Language")
		w.WriteHeader(http.StatusTeapot)
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte("short"))
	}, event(http.MethodGet, "/"))
	if answer.StatusCode != http.StatusTeapot || answer.Body != "short" || answer.Headers["vary"] != "Accept, Accept-Language" || answer.IsBase64Encoded {
		t.Errorf("%+v", answer)
	}
	if answer := invoke(t, func(http.ResponseWriter, *http.Request) {}, event(http.MethodGet, "/")); answer.StatusCode != http.StatusOK {
		t.Errorf("an empty answer has status %d", answer.StatusCode)
	}
	if answer := invoke(t, func(w http.ResponseWriter, _ *http.Request) { WriteText(w, 200, "x") }, event(http.MethodHead, "/")); answer.Body != "" || answer.StatusCode != 200 {
		t.Errorf("HEAD is answered with %d %q", answer.StatusCode, answer.Body)
	}
}

// Cookies come and go one by one, whatever commas they hold
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
func TestLambdaCookies(t *testing.T) {
	e := event(http.MethodGet, "/")
	e.Cookies = []string{"__Host-session=abc=", `seen="1,2"`, "bare", "seen=3"}
	set := []string{"a=1; Path=/; Expires=Thu, 03 Dec 2026 09:00:00 GMT", "b=2, 3; Path=/", "c=; Max-Age=0"}
	answer := invoke(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header["Cookie"]; len(got) != 1 || got[0] != `__Host-session=abc=; seen="1,2"; bare; seen=3` {
			t.Errorf("got %q", got)
		}
		session, err := r.Cookie("__Host-session")
		seen := r.CookiesNamed("seen")
		if err != nil || session.Value != "abc=" || len(seen) != 2 || seen[0].Value != "1,2" || seen[1].Value != "3" {
			t.Errorf("got %v, %v, %v", session, err, seen)
		}
		for _, cookie := range set {
			w.Header().Add("Set-Cookie", cookie)
		}
		SeeOther(w, "/desk")
	}, e)
	if _, joined := answer.Headers["set-cookie"]; joined || !slices.Equal(answer.Cookies, set) {
		t.Errorf("%q, and in a header: %q", answer.Cookies, answer.Headers["set-cookie"])
	}
	answer = invoke(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header["Cookie"]; got != nil {
			t.Errorf("of an event without cookies: %q", got)
		}
	}, event(http.MethodGet, "/"))
	if answer.Cookies != nil {
		t.Errorf("nobody set %q", answer.Cookies)
	}
	answer = invoke(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", set[0])
		panic("x")
	}, e)
	if answer.Cookies != nil {
		t.Errorf("set by a handler that panicked: %q", answer.Cookies)
	}
}

// A panic may carry what a person typed.
func TestPanicsAreAnsweredAndNotQuoted(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	answer := invoke(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half a page"))
		panic("z@example.com")
	}, event(http.MethodGet, "/"))
	if answer.StatusCode != http.StatusInternalServerError || strings.Contains(answer.Body, "half") {
		t.Errorf("%+v", answer)
	}
	if strings.Contains(log.String(), "z@example") || !strings.Contains(log.String(), "lambda_test.go") {
		t.Errorf("log: %s", log.String())
	}
}

func TestSource(t *testing.T) {
	for ip, want := range map[string]string{
		"203.0.113.7":               "203.0.113.7",
		"2001:DB8:1:2::6":           "2001:db8:1:2::6",
		"::ffff:203.0.113.7":        "203.0.113.7",
		"fe80::1%eth0":              "fe80::1",
		"":                          "invalid IP",
		"not an address":            "invalid IP",
		"203.0.113.7, 198.51.100.1": "invalid IP",
	} {
		e := event(http.MethodPost, "/")
		e.RequestContext.HTTP.SourceIP = ip
		e.Headers = map[string]string{"x-forwarded-for": "198.51.100.1", "forwarded": "for=198.51.100.1"}
		if got := Source(request(t.Context(), e)).String(); got != want {
			t.Errorf("Source of %q = %q, want %q", ip, got, want)
		}
	}
}

// A handler whose backend hangs answers before Lambda ends it.
func TestLambdaKeepsTimeForTheAnswer(t *testing.T) {
	for name, left := range map[string]time.Duration{"a little": answerIn + 50*time.Millisecond, "none": answerIn / 2} {
		ctx, cancel := context.WithTimeout(t.Context(), left)
		answer, err := Lambda(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			http.Error(w, "try again", http.StatusServiceUnavailable)
		}))(ctx, event(http.MethodPost, "/"))
		if err != nil || ctx.Err() != nil || answer.StatusCode != http.StatusServiceUnavailable || !strings.Contains(answer.Body, "try again") {
			t.Errorf("%s: %v, %v, %+v", name, err, ctx.Err(), answer)
		}
		cancel()
	}
	_, err := Lambda(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, limited := r.Context().Deadline(); limited {
			t.Error("a deadline where Lambda set none")
		}
	}))(context.Background(), event(http.MethodGet, "/"))
	if err != nil {
		t.Error(err)
	}
}

// Pages, JSON, files, redirects and faults: what a browser must know of our
// host, every answer says (OWASP ASVS 5.0, 3.4.1, 3.4.4, 3.4.6, 3.4.8).
func TestEveryAnswerIsSecured(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"JSON":      func(w http.ResponseWriter, _ *http.Request) { WriteJSON(w, http.StatusOK, 1) },
		"text":      func(w http.ResponseWriter, _ *http.Request) { WriteText(w, http.StatusBadRequest, "x") },
		"redirect":  func(w http.ResponseWriter, _ *http.Request) { SeeOther(w, "/") },
		"bare":      func(w http.ResponseWriter, _ *http.Request) {},
		"panic":     func(http.ResponseWriter, *http.Request) { panic("x") },
		"preflight": Preflight,
	} {
		got := invoke(t, handler, event(http.MethodGet, "/")).Headers
		for header, want := range map[string]string{
			"strict-transport-security": "max-age=63072000", "cross-origin-opener-policy": "same-origin", "x-content-type-options": "nosniff",
			"referrer-policy": "no-referrer", "cache-control": "no-store", "content-security-policy": "frame-ancestors 'none'",
		} {
			if !strings.Contains(got[header], want) {
				t.Errorf("%s: %s is %q", name, header, got[header])
			}
		}
		if got["retry-after"] != "" {
			t.Errorf("%s: Retry-After %q", name, got["retry-after"])
		}
	}
	own := invoke(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		w.WriteHeader(http.StatusServiceUnavailable)
	}, event(http.MethodGet, "/"))
	if own.Headers["content-security-policy"] != "default-src 'self'" || own.Headers["retry-after"] != "10" {
		t.Errorf("%v", own.Headers)
	}
}
