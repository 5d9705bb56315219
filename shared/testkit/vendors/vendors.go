// Package vendors has servers that act as HubSpot, Mailchimp and Zendesk document, as far as the desk calls them; the
// pages are named in the adapters. The local stack answers by them for hosts of desk.yaml.
//
// Each is a product with records, and knows nothing of the desk.
package vendors

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Server is what the products share.
type Server struct {
	Now func() time.Time
	Key string // the header Authorization that is right; empty: any is
	// Instead may answer in the product's place, and says whether it has.
	Instead func(http.ResponseWriter, *http.Request) bool
	// Lost says that an answer gets lost after the deed is done.
	Lost func(*http.Request) bool

	mu    sync.Mutex
	calls []string
	mux   http.ServeMux
}

// ServeHTTP implements http.Handler. Calls are served one after the other.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, r.Method+" "+r.URL.Path)
	if s.Instead != nil && s.Instead(w, r) {
		return
	}
	if given := r.Header.Get("Authorization"); given == "" || s.Key != "" && given != s.Key {
		Answer(w, http.StatusUnauthorized, map[string]string{"error": "no such key"})
		return
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	done := httptest.NewRecorder()
	s.mux.ServeHTTP(done, r)
	if s.Lost != nil && s.Lost(r) {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(done.Code)
	_, _ = w.Write(done.Body.Bytes())
}

// Calls are the methods and paths of all calls so far.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

// Settle waits for the end of a call whose answer was lost.
func (s *Server) Settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
}

// Called counts the calls that begin with a method and a path.
func (s *Server) Called(prefix string) (n int) {
	for _, c := range s.Calls() {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

// Answer writes a status and JSON.
func Answer(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(w).Encode(body)
	}
}

// read reads the JSON of a call.
func read[T any](r *http.Request) (body T) {
	_ = json.NewDecoder(r.Body).Decode(&body)
	return body
}
