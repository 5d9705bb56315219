package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/fault"
)

func numbered(n int) string { return fmt.Sprintf("email=marvin%d%%40example.com", n) }

func TestLimitOfASource(t *testing.T) {
	r := newRig(t)
	// A client writes X-Forwarded-For as it likes.
	headers := func(n int) []string {
		return append([]string{"X-Forwarded-For", fmt.Sprintf("198.51.100.%d", n)}, script...)
	}
	for n := range r.perSource {
		r.expect(form(numbered(n), headers(n)...), http.StatusOK, "received")
	}
	a := r.expect(form(numbered(99), headers(99)...), http.StatusTooManyRequests, "too_many")
	if a.Headers["retry-after"] == "" {
		t.Error("no Retry-After for scripts")
	}
	a = r.expect(form(numbered(99), browser...), http.StatusTooManyRequests, "")
	if a.Headers["retry-after"] == "" || !strings.HasPrefix(a.Headers["content-type"], "text/html") {
		t.Errorf("people are answered with %v", a.Headers)
	}
	r.wantRows("marvin99@example.com", "")
	other := form(numbered(99), browser...)
	other.source = "203.0.113.8"
	r.expect(other, http.StatusOK, thankYou)
}

func TestLimitOfANetwork(t *testing.T) {
	r := newRig(t)
	for n := range r.perSource + 1 {
		c := form(numbered(n), script...)
		c.source = fmt.Sprintf("2001:db8:1:2::%x", n+1)
		want := http.StatusOK
		if n == r.perSource {
			want = http.StatusTooManyRequests
		}
		r.expect(c, want, "")
	}
}

func TestLimitOfAnAddress(t *testing.T) {
	r := newRig(t)
	c := form(mine, script...)
	for n := range r.perAddress {
		c.source = fmt.Sprintf("203.0.113.%d", n)
		r.expect(c, http.StatusOK, "received")
	}
	c.source = "203.0.113.200"
	r.expect(c, http.StatusTooManyRequests, "too_many")
	c.body = "email=MARVIN%40example.com"
	r.expect(c, http.StatusTooManyRequests, "too_many")
	r.wantRows(marvin, fmt.Sprintf("email=out@%d", r.perAddress))
	// Links are sealed by us: nothing limits them.
	r.expect(post(r.link("unsubscribe", marvin, ""), "", mailClient...), http.StatusOK, "")
}

// Where the source is not known, everybody would share one limit.
func TestNoLimitOfAnUnknownSource(t *testing.T) {
	r := newRig(t)
	for n := range r.perSource + 1 {
		e := form(numbered(n), script...).event()
		e.RequestContext.HTTP.SourceIP = ""
		if a := r.invoke(e); a.StatusCode != http.StatusOK {
			t.Fatalf("post %d: %d", n+1, a.StatusCode)
		}
	}
}

func TestLimitsUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want int
		rows string
	}{
		"counters down":  {fault.Wrap(fault.Unavailable, errors.New("throttled"), "count"), http.StatusOK, "email=out@1"},
		"no fault":       {errors.New("odd"), http.StatusOK, "email=out@1"},
		"caller is gone": {fmt.Errorf("count: %w", context.Canceled), http.StatusServiceUnavailable, ""},
		"no time left":   {fmt.Errorf("count: %w", context.DeadlineExceeded), http.StatusServiceUnavailable, ""},
		"used up":        {fault.New(fault.TooMany, "x"), http.StatusTooManyRequests, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.counts.err = c.err
			e := form(mine, script...).event()
			if c.want == http.StatusServiceUnavailable {
				r.store.err = errors.New("not reached") // lets the helper take a 503
			}
			if a := r.invoke(e); a.StatusCode != c.want {
				t.Errorf("status %d", a.StatusCode)
			}
			r.wantRows(marvin, c.rows)
		})
	}
}
