package api

import (
	"net/http"
	"testing"
)

// Whatever an officer's system sends, it hears no fault of ours, and the
// history of the request verifies.
func FuzzAct(f *testing.F) {
	for name, c := range eachAct {
		f.Add(c.in, name, "", "", "", "", "")
	}
	f.Add("open", "decide", `{"outcome":"refused","grounds":[{"ground":"exemption","clause":"x"}]}`, "", "", "", "")
	f.Add("open", "ask", `{"cause":"fee","fee":{"amount":"12.50","currency":"USD"}}`, "", "", "", "")
	f.Add("waiting", "note", "", "x", "\xff\u202e\x00", "identity", "persons_identity")
	f.Fuzz(func(t *testing.T, in, action, raw, note, officer, cause, evidence string) {
		if _, known := map[string]bool{"unverified": true, "open": true, "waiting": true, "refused": true, "failed": true}[in]; !known {
			in = "open"
		}
		r := newRig(t)
		q := r.of(in)
		r.act(q, "x", raw)
		var given any = raw
		if raw == "" {
			given = body{"officer": officer, "note": note, "statement": note, "question": note, "cause": cause, "evidence": []string{evidence}, "outcome": cause, "reason": cause, "mail": cause}
		}
		e := r.call(http.MethodPost, "/api/requests/"+q.ID+"/{action}", given)
		if e.StatusCode != http.StatusNotFound {
			t.Errorf("%d %s", e.StatusCode, e.Body)
		}
		if _, known := acts[action]; known {
			r.act(q, action, given)
		}
		if got := r.file(q.ID).Request; got.Version > q.Version+1 {
			t.Errorf("one act is %d steps", got.Version-q.Version)
		}
	})
}
