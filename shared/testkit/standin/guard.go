package standin

import (
	"math"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Fault spoils one request. Tests use it to show what the callers do when AWS is
// slow, refuses, or goes away.
type Fault struct {
	Delay  time.Duration // wait first
	Status int           // answer with this status, e.g. 429 or 503
	Code   string        // the exception of that answer; default follows Status
	Drop   bool          // close the connection without an answer
	After  bool          // let the request take effect before Status or Drop
}

// spoiled puts the fault hook in front of everything.
func (s *Server) spoiled(next http.Handler) http.Handler {
	if s.cfg.Faults == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault := s.cfg.Faults(r)
		if fault == nil {
			next.ServeHTTP(w, r)
			return
		}
		fault.strike(w, r, next)
	})
}

func (f *Fault) strike(w http.ResponseWriter, r *http.Request, next http.Handler) {
	select {
	case <-time.After(f.Delay):
	case <-r.Context().Done():
	}
	spoils := f.Drop || f.Status != 0
	if !spoils {
		next.ServeHTTP(w, r)
		return
	}
	if f.After {
		next.ServeHTTP(discard{http.Header{}}, r)
	}
	if f.Drop {
		panic(http.ErrAbortHandler) // net/http closes the connection and says nothing
	}
	writeError(w, &apiError{f.Status, f.code(), "A fault was asked for."})
}

func (f *Fault) code() string {
	switch {
	case f.Code != "":
		return f.Code
	case f.Status == http.StatusTooManyRequests:
		return "TooManyRequestsException"
	case f.Status >= 500:
		return "InternalServiceErrorException"
	}
	return "BadRequestException"
}

// discard takes the answer of a request whose caller will not see it.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func newLimiter(cfg Config) *rate.Limiter {
	if cfg.RequestsPerSecond <= 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	burst := cfg.Burst
	if burst == 0 {
		burst = max(1, int(math.Ceil(cfg.RequestsPerSecond)))
	}
	return rate.NewLimiter(rate.Limit(cfg.RequestsPerSecond), burst)
}

// paced refuses calls above the rate. Sending has a quota of its own, which is not
// modelled. SES names no time to wait, so neither does this.
func (s *Server) paced(pattern string, next http.Handler) http.Handler {
	if strings.HasSuffix(pattern, "/outbound-emails") {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.limiter.AllowN(s.cfg.Now(), 1) {
			writeError(w, &apiError{http.StatusTooManyRequests, "TooManyRequestsException", "Too Many Requests"})
			return
		}
		next.ServeHTTP(w, r)
	})
}
