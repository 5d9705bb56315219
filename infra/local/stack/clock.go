package stack

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"privacydesk/infra/local/clock"
)

// move moves the stack's time to another offset from the machine's. Functions
// are renewed, as Lambda renews them when a variable changes, before anything
// else is notified: what the move triggers finds them in the new time.
func (s *Stack) move(offset time.Duration) {
	s.Runtime.Renew(clockVariable(offset))
	s.clock.Set(offset)
	s.expireLetters()
	s.logger("clock").Info("time was moved", "it_is", s.Now().UTC().Format(time.RFC3339), "offset", offset.String())
}

// clockVariable passes the offset to functions (shared/adapter/boot).
func clockVariable(offset time.Duration) map[string]string {
	return map[string]string{"CLOCK_OFFSET": offset.String()}
}

// longestMove is more than any offset's text has, in octets.
const longestMove = 64

// clockAPI says what time it is, and moves it: POST with "+31d", "-3h", or "now"
// for the machine's time.
func (s *Stack) clockAPI(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, longestMove))
	if err != nil {
		return
	}
	if text := strings.TrimSpace(string(body)); r.Method == http.MethodPost && text != "" {
		if err := s.moveBy(text); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintf(w, "The stack's time is %s%s.\n", s.Now().Format("Mon 2 Jan 2006, 15:04 MST"), apart(s.clock.Offset()))
}

func (s *Stack) moveBy(text string) error {
	s.moving.Lock()
	defer s.moving.Unlock()
	offset, err := clock.Target(s.clock.Offset(), text)
	if err == nil {
		s.move(offset)
	}
	return err
}

// apart says how far the stack's time is from the machine's, in words.
func apart(offset time.Duration) string {
	const day = 24 * time.Hour
	if offset == 0 {
		return ", the machine's own"
	}
	where := "after"
	if offset < 0 {
		where, offset = "before", -offset
	}
	far := count(int(offset/day), "day")
	if rest := offset % day; offset < day {
		far = rest.String()
	} else if rest > 0 {
		far += " and " + rest.String()
	}
	return ", " + far + " " + where + " the machine's"
}

// guarded keeps a page of another site from what only the person at this
// machine may do: the browser names the site that a request comes from.
func guarded(next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(next)
}
