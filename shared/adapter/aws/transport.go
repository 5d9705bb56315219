package aws

import (
	"net"
	"net/http"
	"time"
)

// Patience is how long an HTTP client waits.
type Patience struct {
	Idle   time.Duration // how long a connection may be idle and still be used
	Answer time.Duration // until an answer begins
	Call   time.Duration // for a whole call
}

// Lambda freezes a function between two events, and its connections die
// meanwhile. Of a POST over a dead connection nobody knows whether it arrived,
// and net/http does not repeat it (net/http.Transport, "Transport only retries
// a request upon encountering a network error if ... idempotent").
var (
	// Cautious is for calls that are made once: no connection outlives the
	// event that opened it by more than a second.
	Cautious = Patience{Idle: time.Second, Answer: 8 * time.Second, Call: 10 * time.Second}
	// Prompt is for DynamoDB where somebody waits: the SDK repeats a call, and
	// two tries fit into the 8.5 s that package web gives a request.
	Prompt = Patience{Idle: 10 * time.Minute, Answer: 2 * time.Second, Call: 4 * time.Second}
	// Steady is for DynamoDB in the background.
	Steady = Patience{Idle: 10 * time.Minute, Answer: 8 * time.Second, Call: 10 * time.Second}
	// patient is for whole files, while a browser waits: API Gateway ends a call after 30 s.
	patient = Patience{Idle: time.Second, Answer: 10 * time.Second, Call: 29 * time.Second}
)

// NewClient makes the HTTP client of a service.
func NewClient(p Patience) *http.Client {
	return &http.Client{Timeout: p.Call, Transport: distrustful{&http.Transport{
		DialContext:           (&net.Dialer{Timeout: 2 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   3 * time.Second,
		ResponseHeaderTimeout: p.Answer,
		IdleConnTimeout:       p.Idle, // by the wall clock, so that a freeze counts
		MaxIdleConnsPerHost:   8,
	}}}
}

// distrustful lets go of all idle connections after a call that failed: they
// are as old, and the next try must not meet another dead one.
type distrustful struct{ *http.Transport }

// RoundTrip implements http.RoundTripper.
func (d distrustful) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := d.Transport.RoundTrip(r)
	if err != nil {
		d.CloseIdleConnections()
	}
	return res, err
}
