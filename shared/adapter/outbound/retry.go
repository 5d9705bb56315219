package outbound

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxWait is the longest time that a system can put a call off: a legal date must not pass meanwhile.
const maxWait = 24 * time.Hour

// retryAfter reads Retry-After, which holds seconds or a date (RFC 9110 section 10.2.3). A date is compared with the
// answer's own Date where it has one, as the clocks of both sides may differ.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	var wait time.Duration
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		wait = time.Duration(min(seconds, int64(maxWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		if sent, err := http.ParseTime(h.Get("Date")); err == nil {
			now = sent
		}
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxWait)
}
