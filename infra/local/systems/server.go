// Package systems is the organisation's other systems, on one machine: whatever host desk.yaml names, this server answers
// for it. It receives webhooks as infra/guides/systems.md says, and shows what came.
//
// It must not know the desk's code: what it checks and answers is what any system would.
package systems

import (
	"net/http"
	"sync"
	"time"
)

// Manner is how the systems answer a webhook.
type Manner string

// The manners. The first four take the task.
const (
	Done     Manner = "done"      // fetches whom it is about, sends a file for access, and posts that one record is done
	NotFound Manner = "not_found" // fetches, and posts that there was nothing
	AtOnce   Manner = "at_once"   // has the outcome in its answer, and fetches nothing; but for access, as done
	Later    Manner = "later"     // takes it, and posts nothing
	Down     Manner = "down"      // closes the connection
	Broken   Manner = "broken"    // 500
	Gone     Manner = "gone"      // 410
	Busy     Manner = "busy"      // 429, with an hour in Retry-After
	Garbage  Manner = "garbage"   // no HTTP
)

// Manners lists them all.
var Manners = []Manner{Done, NotFound, AtOnce, Later, Down, Broken, Gone, Busy, Garbage}

// Call is a webhook that came.
type Call struct {
	At       time.Time
	Host     string
	ID       string // webhook-id
	Genuine  bool   // signed by the desk, a moment ago
	Type     string // of the event
	Request  string
	Fetched  string // whom the desk named, as it said it; empty: nobody was asked for
	Answered string // the outcome that was posted, and the desk's status
	Manner   Manner
	Body     string // as it came
}

// Server answers for all systems.
type Server struct {
	Desk   string // where the desk's site is
	Now    func() time.Time
	Client *http.Client
	// Products answer for the hosts of their own domains.
	Products []Product

	mu     sync.Mutex
	manner Manner
	calls  []Call
	others map[string]http.Handler
}

const maxCalls = 1000 // the oldest go first

// Behave sets the manner of all systems from now on; Done is the first.
func (s *Server) Behave(m Manner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manner = m
}

// Handle has h answer for a host: the API of a product.
func (s *Server) Handle(host string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.others == nil {
		s.others = map[string]http.Handler{}
	}
	s.others[host] = h
}

// Calls are the webhooks that came, the earliest first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

func (s *Server) keep(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls = append(s.calls, c); len(s.calls) > maxCalls {
		s.calls = s.calls[1:]
	}
}

func (s *Server) now(host string) (Manner, http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.manner == "" {
		s.manner = Done
	}
	if other := s.others[host]; other != nil {
		return s.manner, other
	}
	return s.manner, s.productAt(host)
}
