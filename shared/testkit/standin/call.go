package standin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

const maxBody = 64 << 20 // SES takes 40 MB of mail, base64 makes it larger

// call is one API request: read to its end, running alone on the state.
type call struct {
	*http.Request
	body   []byte
	now    time.Time
	events []Event
}

// An operation reads and changes the state and returns what is to be sent as JSON;
// nil answers 200 with an empty body, as SES does.
type operation func(*Server, *call) (any, error)

// answer runs op under the lock and hands the events out after it.
func (s *Server) answer(op operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			writeError(w, badRequest("the request body could not be read"))
			return
		}
		c := &call{Request: r, body: body, now: s.cfg.Now()}
		reply, err := s.locked(func() (any, error) {
			s.settleImports(c.now)
			return op(s, c)
		})
		s.publish(c.events)
		if err != nil {
			writeError(w, err)
			return
		}
		writeReply(w, reply)
	})
}

func (s *Server) locked(do func() (any, error)) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return do()
}

// decode reads the JSON body into v.
func (c *call) decode(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return &apiError{http.StatusBadRequest, "SerializationException", "the body is not the JSON of this call"}
	}
	return nil
}

// apiError is an error as the wire knows it.
type apiError struct {
	status  int
	code    string
	message string
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

func badRequest(format string, args ...any) error {
	return &apiError{http.StatusBadRequest, "BadRequestException", fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) error {
	return &apiError{http.StatusNotFound, "NotFoundException", fmt.Sprintf(format, args...)}
}

// oneOf refuses a value that SES would refuse by its enumeration.
func oneOf(member, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return badRequest("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: %v", value, member, allowed)
}

func writeError(w http.ResponseWriter, err error) {
	var known *apiError
	if !errors.As(err, &known) {
		known = &apiError{http.StatusInternalServerError, "InternalServiceErrorException", err.Error()}
	}
	w.Header().Set("X-Amzn-ErrorType", known.code)
	writeJSON(w, known.status, map[string]string{"message": known.message})
}

func writeReply(w http.ResponseWriter, reply any) {
	if reply == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	writeJSON(w, http.StatusOK, reply)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // an error means that the reader has gone: nobody to tell
}

// epoch is a time as REST-JSON writes it: seconds since 1970, with a fraction.
type epoch struct{ time.Time }

// MarshalJSON writes seconds with milliseconds, the precision that SES gives.
func (e epoch) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(e.UnixMilli())/1000, 'f', -1, 64), nil
}

// pageSize reads a page size between 1 and most; 0 stands for "not given".
func pageSize(n, fallback, most int) (int, error) {
	if n == 0 {
		return fallback, nil
	}
	if n < 1 || n > most {
		return 0, badRequest("1 validation error detected: Value '%d' at 'pageSize' failed to satisfy constraint: Member must be between 1 and %d", n, most)
	}
	return n, nil
}
