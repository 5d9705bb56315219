package systems

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ServeHTTP answers for the host that is called.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	manner, other := s.now(r.Host)
	if other != nil {
		other.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	c := Call{At: s.Now(), Host: r.Host, ID: r.Header.Get("webhook-id"), Manner: manner, Body: string(body), Genuine: s.genuine(r.Header, body)}
	answer := s.answer(&c)
	s.keep(c) // before the answer, or who called could look too early
	answer(w)
}

// refusals are the answers of systems that do not take the task.
var refusals = map[Manner]func(http.ResponseWriter){
	Broken: status(http.StatusInternalServerError),
	Gone:   status(http.StatusGone),
	Busy: func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	},
	Down:    func(w http.ResponseWriter) { hijack(w, "") },
	Garbage: func(w http.ResponseWriter) { hijack(w, "220 mail.example.com ESMTP\r\n") },
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

func (s *Server) answer(c *Call) func(http.ResponseWriter) {
	if !c.Genuine {
		return status(http.StatusUnauthorized)
	}
	var event struct {
		Type string
		Data struct{ Request, Task, Address string }
	}
	_ = json.Unmarshal([]byte(c.Body), &event) // the desk signed it
	c.Type, c.Request = event.Type, event.Data.Request
	if refuse := refusals[c.Manner]; refuse != nil {
		return refuse
	}
	asked := event.Data.Task == "access" && c.Manner != NotFound
	switch c.Manner {
	case AtOnce:
		if asked { // a file is sent first, and then the outcome
			break
		}
		return func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"outcome":"done","records":2}`) }
	case Later:
		return status(http.StatusAccepted)
	}
	if s.work(c, event.Data.Address, asked) != nil {
		return status(http.StatusInternalServerError)
	}
	return status(http.StatusNoContent)
}

func hijack(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(conn, text)
	_ = conn.Close()
}

// work fetches whom it is about, sends what it holds if it is asked for that, and posts the outcome.
func (s *Server) work(c *Call, address string, asked bool) error {
	status, about, err := s.desk(http.MethodGet, address, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the desk answered %d", status)
	}
	if err != nil {
		return err
	}
	c.Fetched = string(about)
	if asked {
		if err := s.send(address, about); err != nil {
			return err
		}
	}
	outcome := `{"outcome":"done","records":1}`
	if c.Manner == NotFound {
		outcome = `{"outcome":"not_found"}`
	}
	status, _, err = s.desk(http.MethodPost, address, []byte(outcome))
	if c.Answered = fmt.Sprint(outcome, " ", status); err == nil && status != http.StatusOK {
		err = errors.New("the desk refused the outcome")
	}
	return err
}

// desk calls the desk, and no other host.
func (s *Server) desk(method, address string, body []byte) (int, []byte, error) {
	if !strings.HasPrefix(address, s.Desk+"/") {
		return 0, nil, errors.New("the address is not the desk's")
	}
	request, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header = http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}
	answer, err := s.Client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	return answer.StatusCode, bytes.TrimSpace(text), err
}

const tolerance = 5 * time.Minute // of Standard Webhooks' own libraries

// genuine checks time and signature by the keys that the desk publishes.
func (s *Server) genuine(h http.Header, body []byte) bool {
	seconds, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if err != nil || s.Now().Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return false
	}
	signed := fmt.Appendf(nil, "%s.%s.%s", h.Get("webhook-id"), h.Get("webhook-timestamp"), body)
	for text := range strings.FieldsSeq(h.Get("webhook-signature")) {
		signature, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "v1a,"))
		for _, key := range s.keys() {
			if ed25519.Verify(key, signed, signature) {
				return true
			}
		}
	}
	return false
}

func (s *Server) keys() (keys []ed25519.PublicKey) {
	var set struct{ Keys []struct{ Kid string } }
	_, text, err := s.desk(http.MethodGet, s.Desk+"/.well-known/privacy-desk-keys.json", nil)
	if err != nil || json.Unmarshal(text, &set) != nil {
		return nil
	}
	for _, k := range set.Keys {
		encoded, ours := strings.CutPrefix(k.Kid, "whpk_")
		if key, err := base64.StdEncoding.DecodeString(encoded); ours && err == nil && len(key) == ed25519.PublicKeySize {
			keys = append(keys, key)
		}
	}
	return keys
}
