package api

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

type body = map[string]any

// Every act, the state that it is done in, and the state that it leads to.
var eachAct = map[string]struct {
	in    string
	body  body
	state lifecycle.State
	event string
}{
	"verify":   {"unverified", body{"checked": []string{"call_back"}}, lifecycle.Open, "verified"},
	"ask":      {"open", body{"cause": "clarification", "question": "Which one?"}, lifecycle.WaitingForPerson, "asked"},
	"answer":   {"waiting", body{}, lifecycle.Open, "answered"},
	"extend":   {"open", body{"reason": "complexity", "explanation": "because of the many files"}, lifecycle.Open, "extended"},
	"decide":   {"open", body{"outcome": "fulfilled", "explanation": "because of you"}, lifecycle.Fulfilled, "fulfilled"},
	"amend":    {"open", body{"country": "us", "region": "va", "kinds": []string{"access", "correction"}, "name": "Marvin A.", "language": "de"}, lifecycle.Open, "amended"},
	"join":     {"again", body{"into": "the first"}, lifecycle.Joined, "joined"},
	"reopen":   {"refused", body{"reason": "because of a mistake"}, lifecycle.Open, "reopened"},
	"draft":    {"open", body{"answers": []body{{"kind": "correction", "explanation": "because so far"}}}, lifecycle.Open, "drafted"},
	"send":     {"drafted", body{"when": "now"}, lifecycle.Open, "scheduled"},
	"callback": {"sent", body{}, lifecycle.Open, "called_back"},
	"sign":     {"unsigned", body{"of": 5}, lifecycle.Open, "scheduled"},
	"erase":    {"partly", body{}, lifecycle.PartlyFulfilled, "erasure_ordered"},
	"disagree": {"refused", body{"statement": "He said so.", "came_by": "post"}, lifecycle.Refused, "disagreed"},
	"appeal":   {"refused", body{"reasons": "because it is unjust", "came_by": "telephone"}, lifecycle.Refused, "appealed"},
	"seen":     {"looked", body{}, lifecycle.Refused, "seen"},
	"note":     {"refused", body{"note": "rang up"}, lifecycle.Refused, "noted"},
	"resend":   {"unverified", body{}, lifecycle.Unverified, "verification_resent"},
	"mail":     {"failed", body{"mail": "acknowledge"}, lifecycle.Open, "noted"},
	"posted":   {"to_post", body{"of": 2, "mail": "acknowledge"}, lifecycle.Open, "posted"},
	"withdraw": {"open", body{}, lifecycle.Withdrawn, "withdrawn"},
	"system":   {"asked", body{"system": "crm", "task": "correction", "state": "done", "why": "looked myself"}, lifecycle.CarryingOut, "system_set"},
	"tell":     {"asked", body{"system": "crm", "task": "correction"}, lifecycle.CarryingOut, "system_again"},
	"expire":   {"silent", body{}, lifecycle.Expired, "expired"},
}

func TestEveryActReachesItsState(t *testing.T) {
	if want, got := slices.Sorted(maps.Keys(acts)), slices.Sorted(maps.Keys(eachAct)); !slices.Equal(want, got) {
		t.Errorf("there are %q, tested are %q", want, got)
	}
	for name, c := range eachAct {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q := r.of(c.in)
			given := r.given(c.body)
			given["officer"] = "dpo-1"
			a := r.expect(r.act(q, name, given), http.StatusOK, q.ID)
			f := r.file(q.ID)
			answered := c.state
			if name == "appeal" { // the answer is the appeal
				answered = lifecycle.Open
			}
			if f.Request.State != c.state || a.said.State != string(answered) || f.Request.Version != q.Version+1 {
				t.Errorf("%s, answered %s: %s", f.Request.State, a.said.State, r.history(q.ID))
			}
			// Who acted is what IAM says, beside what they call themselves.
			if e := r.last(q.ID); e.Kind != c.event || by(e) != "officer:dpo-1/AIDADPO" {
				t.Errorf("%s by %q", e.Kind, e.Actor)
			}
			r = newRig(t)
			q = r.of(c.in)
			r.expect(r.act(q, name, r.given(c.body)), http.StatusOK, q.ID)
			if e := r.last(q.ID); by(e) != "officer:AIDADPO" {
				t.Errorf("by %q", e.Actor)
			}
		})
	}
}

// given is a body as it is sent; it may name the request that came first.
func (r *rig) given(b body) body {
	b = maps.Clone(b)
	if b["into"] != nil {
		b["into"] = r.first
	}
	return b
}

// What the state does not allow is a conflict, told in words; what is not
// understood is 422; and nothing is written.
func TestActsThatCannotBe(t *testing.T) {
	long := strings.Repeat("x", intake.MaxOfficerText+1)
	for name, c := range map[string]struct {
		in, action string
		body       any
		status     int
		said       string // of the message
		fields     string
	}{
		"verify what is verified":        {"open", "verify", body{"checked": []string{"account"}}, 409, `a request that is "open" cannot be verified`, ""},
		"answer to no question":          {"open", "answer", body{}, 409, `"open" cannot be answered`, ""},
		"ask twice":                      {"waiting", "ask", body{"cause": "identity", "question": "Who?"}, 409, `"waiting_for_person" cannot be asked`, ""},
		"ask who is unverified":          {"unverified", "ask", body{"cause": "identity", "question": "Who?"}, 409, "awaiting_verification", ""},
		"grant while waiting":            {"waiting", "decide", body{"outcome": "fulfilled"}, 409, "waiting_for_person", ""},
		"decide twice":                   {"refused", "decide", body{"outcome": "fulfilled"}, 409, `"refused" cannot be fulfilled`, ""},
		"withdraw what is closed":        {"refused", "withdraw", body{}, 409, "withdrawn", ""},
		"expire while they can answer":   {"waiting", "expire", body{}, 409, "can be closed as expired from 2026-12-", ""},
		"expire what is open":            {"open", "expire", body{}, 409, "expired", ""},
		"expire what can be still":       {"unverified", "expire", body{}, 409, "can still be confirmed", ""},
		"resend what is confirmed":       {"open", "resend", body{}, 409, "verification_resent", ""},
		"mail what was never due":        {"open", "mail", body{"mail": "decision"}, 409, "never due", ""},
		"mail what goes anyhow":          {"open", "mail", body{"mail": "acknowledge"}, 409, "on its way", ""},
		"extend for no reason":           {"open", "extend", body{"reason": "holidays"}, 409, "no law of this place extends for this reason", ""},
		"disagree with nothing":          {"open", "disagree", body{"statement": "No.", "came_by": "post"}, 409, "disagreed", ""},
		"an unknown act":                 {"open", "explode", body{}, 404, "Unknown action; must be one of", ""},
		"no outcome":                     {"open", "decide", body{}, 422, "outcome", "outcome"},
		"no grounds":                     {"open", "decide", body{"outcome": "refused"}, 422, "disputed_accuracy", "grounds"},
		"no explanation":                 {"open", "decide", body{"outcome": "refused", "grounds": []body{{"ground": "excessive"}}}, 422, "your own words", "explanation"},
		"a kind that is not asked for":   {"open", "decide", body{"answers": []body{{"kind": "access", "outcome": "fulfilled"}}}, 422, "must be one of correction", "answers"},
		"one for all, and one a kind":    {"open", "decide", body{"outcome": "fulfilled", "answers": []body{{"kind": "correction", "outcome": "fulfilled"}}}, 422, "not both", "answers"},
		"a misspelt answer":              {"open", "decide", body{"answers": []body{{"kindd": "correction"}}}, 422, "did you mean kind?", "answers[0].kindd"},
		"a ground of another kind":       {"open", "decide", body{"outcome": "refused", "explanation": "x", "grounds": []body{{"ground": "legal_obligation"}}}, 422, "does not fit; a ground for correction, refused, in DE must be one of not_verified, ", "grounds"},
		"a proof never asked for":        {"open", "decide", body{"outcome": "refused", "explanation": "x", "grounds": []body{{"ground": "evidence_missing"}}}, 409, "no proof was asked for", ""},
		"granted before the answer":      {"waiting", "decide", body{"outcome": "fulfilled"}, 409, "record the person's answer first (answer)", ""},
		"a place in one word":            {"open", "amend", body{"place": "US-VA"}, 422, "did you mean country and region?", "place"},
		"a proof that may come":          {"waiting", "decide", body{"outcome": "refused", "explanation": "x", "grounds": []body{{"ground": "evidence_missing"}}}, 409, "until the end of 2026-12-22", ""},
		"an answer of tomorrow":          {"waiting", "answer", body{"at": "2026-11-23"}, 422, "future", "at"},
		"an answer before the question":  {"waiting", "answer", body{"at": "2026-11-20"}, 422, "2026-11-22", "at"},
		"an answer of no day":            {"waiting", "answer", body{"at": "Friday"}, 422, "2026-12-24", "at"},
		"unverified, checked by nothing": {"unverified", "verify", body{}, 422, "call_back account", "checked"},
		"checked by one thing thrice":    {"unverified", "verify", body{"checked": slices.Repeat([]string{"account"}, 99)}, 422, "each check must be named once", "checked"},
		"checked by magic":               {"unverified", "verify", body{"checked": []string{"magic"}}, 422, "must be one of call_back, ", "checked"},
		"amend nothing":                  {"open", "amend", body{}, 422, "country and region, kinds, name, on_behalf_of or language", "amendment"},
		"amend what is closed":           {"refused", "amend", body{"name": "x"}, 409, "amended", ""},
		"amend to nobody":                {"open", "amend", body{"on_behalf_of": "friend"}, 422, "must be self, parent or agent", "on_behalf_of"},
		"amend to no place":              {"open", "amend", body{"country": "Narnia"}, 422, "ISO 3166", "country"},
		"amend to no language":           {"open", "amend", body{"language": "tlh"}, 422, "must be one of en, ", "language"},
		"reopen without a reason":        {"refused", "reopen", body{"reason": " "}, 422, "reason", "reason"},
		"reopen what is open":            {"open", "reopen", body{"reason": "x"}, 409, "reopened", ""},
		"a fee without words":            {"open", "ask", body{"cause": "fee", "fee": body{"amount": "12.50", "currency": "USD", "because": "excessive"}}, 422, "why the fee", "question"},
		"a fee for nothing":              {"open", "ask", body{"cause": "fee", "question": "Pay?", "fee": body{"amount": "12.50", "currency": "USD"}}, 422, "must be one of repeated, excessive", "fee"},
		"a fee for the first":            {"open", "ask", body{"cause": "fee", "question": "Pay?", "fee": body{"amount": "12.50", "currency": "USD", "because": "repeated"}}, 422, "not marked as repeated", "fee"},
		"an unknown ground":              {"open", "decide", body{"outcome": "refused", "explanation": "x", "grounds": []body{{"ground": "boredom"}}}, 422, "must be one of not_verified, repeated, ", "grounds"},
		"a clause like a book":           {"open", "decide", body{"outcome": "refused", "explanation": "x", "grounds": []body{{"ground": "exemption", "clause": long}}}, 422, "clause", "grounds"},
		"no cause":                       {"open", "ask", body{"question": "Who?"}, 422, "cause", "cause"},
		"a silent fee":                   {"open", "ask", body{"cause": "fee"}, 422, "fee", "fee"},
		"a fee of nothing":               {"open", "ask", body{"cause": "fee", "fee": body{"amount": "0", "currency": "USD"}}, 422, "fee", "fee"},
		"an unknown proof":               {"open", "ask", body{"cause": "identity", "evidence": []string{"blood"}}, 422, "unknown proof; must be one of parental_authority, ", "evidence"},
		"proofs without end":             {"open", "ask", body{"cause": "identity", "evidence": slices.Repeat([]string{"persons_identity"}, 20_000)}, 422, "once", "evidence"},
		"an empty note":                  {"open", "note", body{"note": " \n\t "}, 422, "note", "note"},
		"a note like a book":             {"open", "note", body{"note": long}, 422, "at most 10000", "note"},
		"an answer like a book":          {"open", "decide", body{"outcome": "fulfilled", "explanation": long}, 422, "at most 10000", "explanation"},
		"a misspelt explanation":         {"open", "decide", body{"outcome": "fulfilled", "explanaton": "x"}, 422, "unknown member explanaton; did you mean explanation?", "explanaton"},
		"broken JSON":                    {"open", "decide", `{"outcome":`, 422, "JSON object", "body"},
		"no JSON":                        {"open", "decide", `outcome=fulfilled`, 422, "JSON object", "body"},
		"an array":                       {"open", "decide", `[]`, 422, "JSON object", "body"},
		"null":                           {"open", "withdraw", `null`, 422, "JSON object", "body"},
		"an empty body":                  {"open", "withdraw", ``, 422, "JSON object", "body"},
		"two bodies":                     {"open", "withdraw", `{}{}`, 422, "JSON object", "body"},
		"another type":                   {"open", "decide", `{"outcome":5}`, 422, "outcome must be a text", "outcome"},
		"another type inside":            {"open", "decide", `{"outcome":"refused","grounds":[{"ground":["x"]}]}`, 422, "grounds.ground must be a text", "grounds.ground"},
		"no list":                        {"open", "decide", `{"outcome":"refused","grounds":"x"}`, 422, "grounds must be a list", "grounds"},
		"no object":                      {"open", "ask", `{"cause":"fee","fee":12}`, 422, "fee must be an object", "fee"},
		"over 1 MiB":                     {"open", "note", `{"note":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q := r.of(c.in)
			writes := r.store.writes
			a := r.act(q, c.action, c.body)
			if a.StatusCode != c.status || a.said.Code != c.status || !strings.Contains(a.said.Message, c.said) || a.fields() != c.fields {
				t.Errorf("%d %s", a.StatusCode, a.Body)
			}
			if r.store.writes != writes {
				t.Errorf("something was written: %s", r.history(q.ID))
			}
		})
	}
}

func TestActsOnNothing(t *testing.T) {
	for name := range acts {
		r := newRig(t)
		a := r.act(request.Request{ID: "PD-0000-0000-0000-0000"}, name, map[string]any{
			"cause": "identity", "question": "Which?", "outcome": "fulfilled", "statement": "x", "note": "x", "reason": "complexity", "mail": "decision", "checked": []string{"account"}, "when": "now", "into": "PD-1111-1111-1111-1111",
		})
		if a.StatusCode != http.StatusNotFound || a.said.Status != "not_found" || r.store.writes != 0 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.Body)
		}
	}
}

func TestTableIsDown(t *testing.T) {
	r := newRig(t)
	q := r.of("open")
	r.store.err = down
	for name, a := range map[string]reply{
		"list": r.call(http.MethodGet, "/api/requests", nil), "show": r.call(http.MethodGet, "/api/requests/"+q.ID, nil), "act": r.act(q, "verify", body{}),
		"enter": r.call(http.MethodPost, "/api/requests", body{"address": marvin, "kinds": []string{"access"}}),
	} {
		if a.StatusCode != http.StatusServiceUnavailable || strings.Contains(a.Body, "throttled") {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.Body)
		}
	}
	if !strings.Contains(r.log.String(), "throttled") {
		t.Error("the cause is not in the log")
	}
}

// Letters have paragraphs, and nothing in them that no letter can hold.
func TestOfficersWordsAreKept(t *testing.T) {
	r := newRig(t)
	q := r.of("open")
	r.expect(r.act(q, "decide", body{"outcome": "fulfilled", "explanation": "  because of\u202e you:\r\n\r\n<script>evil</script>\x00\ttwo\n\n", "officer": " dpo\n1 "}), http.StatusOK, "")
	if got := r.file(q.ID).Request.Decision.Answers[0].Explanation; got != "because of you:\n\n<script>evil</script> two" {
		t.Errorf("%q", got)
	}
	if actor := by(r.last(q.ID)); actor != "officer:dpo 1/AIDADPO" {
		t.Errorf("%q", actor)
	}
}

// The whole of a correction that is refused: ask, answer, extend, refuse, and
// the person's disagreement by telephone.
func TestOneLife(t *testing.T) {
	r := newRig(t)
	a := r.expect(r.call(http.MethodPost, "/api/requests", body{"address": marvin, "kinds": []string{"correction"}, "country": "DE", "name": "Marvin"}), http.StatusOK, "received")
	q := r.file(a.said.Reference).Request
	for _, step := range []struct {
		action string
		body   body
	}{
		{"verify", body{"checked": []string{"document"}}}, {"ask", body{"cause": "clarification", "question": "Which one?"}}, {"answer", body{}},
		{"extend", body{"reason": "complexity"}}, {"decide", body{"outcome": "refused", "explanation": "because of our records", "grounds": []body{{"ground": "disputed_accuracy"}}}},
		{"disagree", body{"statement": "He said no.", "came_by": "telephone"}},
	} {
		r.expect(r.act(q, step.action, step.body), http.StatusOK, "")
	}
	want := "received verification_asked verified asked answered extended refused disagreed"
	if got := r.history(q.ID); got != want {
		t.Errorf("%s", got)
	}
	if q := r.file(q.ID).Request; q.Source != intake.FromOfficer || q.Kinds[0] != deadline.Correction || q.Decision.Answers[0].Grounds[0].Clause != "Art. 16 GDPR" {
		t.Errorf("%+v", q)
	}
}
