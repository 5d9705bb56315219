package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
)

// exhaust uses up what a source may ask for in a minute.
func (r *rig) exhaust(source string) {
	r.T.Helper()
	for n := range r.source.PerMinute {
		c := postForm(fmt.Sprintf("email=trillian%d%%40example.com&kind=access", n), script...)
		c.Source = source
		r.Expect(c, http.StatusOK, "received")
	}
}

// from is a call of a source that has asked for too much.
func (r *rig) from(source string, c call) call {
	r.exhaust(source)
	c.Source = source
	return c
}

// Ten strangers who post in somebody's name refuse nothing to that person.
func TestNobodyIsShutOut(t *testing.T) {
	r := newRig(t)
	for stranger := range 10 {
		for n := range r.source.PerMinute {
			c := postForm(fmt.Sprintf("%s&details=%d+%d", mine, stranger, n), script...)
			c.Source = fmt.Sprintf("198.51.100.%d", stranger)
			r.Expect(c, http.StatusOK, "received")
		}
	}
	r.Expect(postForm("email=marvin%40example.com&kind=erasure&kind=objection", browser...), http.StatusOK, thankYou)
	if !slices.ContainsFunc(r.of(marvin), func(q request.Request) bool { return slices.Contains(q.Kinds, deadline.Erasure) }) || r.rows(marvin) == "" {
		t.Error("the person's own request is not there")
	}
}

// A source that has asked for too much is told until when, in page, JSON and
// header alike; an X-Forwarded-For is written by whoever likes.
func TestLimitOfASource(t *testing.T) {
	for name, c := range map[string]struct {
		at    time.Duration // of the day
		day   bool          // the day's limit is used up, not the minute's
		wait  string
		words string
	}{
		"a minute":        {10*time.Hour + 15*time.Second, false, "45", "in one minute"},
		"the day":         {10 * time.Hour, true, "50400", "in 14 hours"},
		"nearly the day":  {22*time.Hour + 59*time.Minute, true, "3660", "in 61 minutes"},
		"the last second": {24*time.Hour - time.Second, true, "1", "in one minute"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.clock = r.clock.Truncate(quota.Day).Add(c.at)
			if c.day {
				r.source.PerDay = r.source.PerMinute
			}
			body := postForm("email=marvin%40example.com&kind=access", append([]string{"X-Forwarded-For", "198.51.100.1"}, script...)...)
			a := r.Expect(r.from("203.0.113.9", body), http.StatusTooManyRequests, "too_many")
			if a.Headers["retry-after"] != c.wait || strconv.Itoa(a.JSON(t).RetryAfter) != c.wait || !strings.Contains(a.JSON(t).Message, c.words) {
				t.Errorf("%v: %s", a.Headers, a.Body)
			}
			body.Headers, body.Source = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, browser...), "203.0.113.9"
			if a := r.Expect(body, http.StatusTooManyRequests, c.words); a.Headers["retry-after"] != c.wait {
				t.Errorf("%v", a.Headers)
			}
			if len(r.of(marvin)) != 0 {
				t.Error("something of a refused request stands")
			}
			body.Source = "203.0.113.10"
			r.Expect(body, http.StatusOK, "")
		})
	}
}

// A /64 counts as one source, and a /48 as few.
func TestLimitOfANetwork(t *testing.T) {
	r := newRig(t)
	sent := 0
	send := func(source string) int {
		sent++
		c := postForm(fmt.Sprintf("%s&details=%d", mine, sent), script...)
		c.Source = source
		return r.Send(c).StatusCode
	}
	taken := 0
	for n := range 20 {
		if send(fmt.Sprintf("2001:db8:1:2::%x", n)) == http.StatusOK {
			taken++
		}
	}
	if taken != r.source.PerMinute {
		t.Errorf("%d from one /64", taken)
	}
	for n := range 200 {
		if send(fmt.Sprintf("2001:db8:1:%x::1", n+3)) == http.StatusOK {
			taken++
		}
	}
	if taken != 4*r.source.PerMinute {
		t.Errorf("%d from one /48", taken)
	}
}

// An opt-out is never refused: what takes effect without a confirmation does,
// and the answer says so, and what became of the rest.
func TestOptOutsPassALimit(t *testing.T) {
	for name, c := range map[string]struct {
		body, rows string
		rest       bool
		words      string
	}{
		"sale":                {"kind=opt_out_of_sale", "sale", false, "it has stopped"},
		"objection":           {"kind=objection", "email phone post sms", false, "it has stopped"},
		"beside access":       {"kind=opt_out_of_sale&kind=access", "sale", true, "sale and sharing"},
		"objection, reasons":  {"kind=objection&details=my+situation", "email phone post sms", true, "the rest we could not accept"},
		"nothing of the kind": {"kind=access", "", true, "could not accept this one"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			body := postForm("email=marvin%40example.com&"+c.body, browser...)
			status := http.StatusOK
			if c.rest {
				status = http.StatusTooManyRequests
			}
			a := r.Expect(r.from("203.0.113.9", body), status, "")
			if !strings.Contains(strings.ToLower(a.Text), c.words) || r.rows(marvin) != c.rows || len(r.of(marvin)) != 0 || c.rest != (a.Headers["retry-after"] != "") {
				t.Errorf("out of %q, %d requests: %s", r.rows(marvin), len(r.of(marvin)), a.Brief())
			}
			body.Headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, script...)
			body.Source = "203.0.113.9"
			if got := r.Expect(body, status, "").JSON(t); (got.RetryAfter > 0) != c.rest || got.Reference != "" {
				t.Errorf("%+v", got)
			}
		})
	}
}

// "Send it again" counts against its source, whatever the request.
func TestResendsCount(t *testing.T) {
	r := newRig(t)
	path := r.to(link.Resend, r.mailed(r.open(germany, deadline.Access)))
	r.Expect(r.from("203.0.113.9", post(path, "", browser...)), http.StatusTooManyRequests, "in one minute")
	r.Expect(post(path, "", browser...), http.StatusOK, "")
	r.store.Counts.Err = fault.New(fault.Unavailable, "the counters are down")
	r.Expect(post(path, "", browser...), http.StatusOK, "")
}

// A table of requests that fails, or answers nobody, costs no opt-out: that is
// another table's. The answer says what is in effect, and of the rest that it
// failed.
func TestOptOutsPassAFailure(t *testing.T) {
	for name, c := range map[string]struct {
		body, rows string
		status     int
		words      string
	}{
		"sale":                {"kind=opt_out_of_sale", "sale", http.StatusOK, "it has stopped"},
		"objection":           {"kind=objection", "email phone post sms", http.StatusOK, "it has stopped"},
		"beside access":       {"kind=opt_out_of_sale&kind=access", "sale", http.StatusServiceUnavailable, "sale and sharing"},
		"objection, reasons":  {"kind=objection&details=my+situation", "email phone post sms", http.StatusServiceUnavailable, "marketing by post"},
		"nothing of the kind": {"kind=access", "", http.StatusServiceUnavailable, "try again in a few minutes"},
	} {
		for fails, why := range map[string]error{"fails": down, "hangs": errHangs} {
			t.Run(name+", "+fails, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { // the time of an HTTP request, not the desk's
					r := newRig(t)
					r.store.err = why
					for _, headers := range [][]string{browser, script} {
						ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // as template.yaml has it
						a := r.Follow(ctx, postForm("email=marvin%40example.com&"+c.body, headers...).Event())
						cancel()
						if text := strings.ToLower(a.Text); a.StatusCode != c.status || slices.Equal(headers, browser) && !strings.Contains(text, c.words) {
							t.Errorf("%d, want %d with %q: %s", a.StatusCode, c.status, c.words, a.Brief())
						}
						if c.rows != "" && c.status != http.StatusOK && !strings.Contains(a.Text, catalog.For("en").Scope(strings.Fields(c.rows)[0], "")) {
							t.Errorf("what is in effect is not told: %s", a.Brief())
						}
					}
					if got := r.rows(marvin); got != c.rows {
						t.Errorf("recorded %q", got)
					}
					r.store.err = nil // sent once more, it is one request
					r.Expect(postForm("email=marvin%40example.com&"+c.body, browser...), http.StatusOK, "")
					r.only(marvin)
				})
			})
		}
	}
}
