package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// What another must sign is taken, and has no effect: the answer says so.
func TestWhatWaitsForASignature(t *testing.T) {
	for name, c := range map[string]struct {
		in, action string
		body       body
		act        draft.Act
		needs      foureyes.Act
	}{
		"decide": {"open", "decide", body{"outcome": "refused", "explanation": "x", "grounds": []body{{"ground": "no_data_found"}}}, draft.Decide, foureyes.Refusal},
		"send":   {"drafted", "send", body{"when": "morning"}, draft.Decide, foureyes.Refusal},
		"ask":    {"open", "ask", body{"cause": "fee", "question": "Pay?", "fee": body{"amount": "5", "currency": "EUR", "because": "excessive"}}, draft.Ask, foureyes.Fee},
		"erase":  {"partly", "erase", body{}, draft.Erase, foureyes.Erasure},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q := r.of(c.in)
			r.Rights.Settings.FourEyes = foureyes.Acts
			r.expect(r.act(q, c.action, c.body), http.StatusAccepted, `"needs":["`+string(c.needs)+`"]`)
			now := r.file(q.ID).Request
			if !now.Draft.ToSign() || now.Draft.Way.Act != c.act || now.State != q.State || !now.EraseFrom.IsZero() || r.last(q.ID).Kind != string(lifecycle.EventSignatureAsked) {
				t.Errorf("%s, %+v", now.State, now.Draft)
			}
			r.expect(r.act(q, "note", body{"note": "looked"}), http.StatusOK, q.ID)
			r.expect(r.act(q, "sign", body{}), http.StatusConflict, "not what you have seen")
			r.expect(r.act(q, "sign", body{"of": now.Draft.Way.Seq}), http.StatusConflict, "another person") // IAM says that it is the same
			r.expect(r.act(q, "callback", body{}), http.StatusOK, q.ID)
		})
	}
}

// A hold that is to be lifted holds until another has signed that.
func TestALiftWaitsForASignature(t *testing.T) {
	r := newRig(t)
	r.disposals()
	r.Holds.FourEyes = foureyes.Acts
	r.expect(r.call(http.MethodPost, "/api/holds/hold-1/lift", body{"reason": "It is over."}), http.StatusAccepted, `"active":true,"lifting":{"by":"AIDADPO"`)
	r.expect(r.call(http.MethodPost, "/api/holds/hold-1/sign", body{}), http.StatusConflict, "not what you have seen")
	r.expect(r.call(http.MethodPost, "/api/holds/hold-1/sign", body{"of": r.lifting("hold-1")}), http.StatusConflict, "another person")
	r.expect(r.call(http.MethodPost, "/api/holds/hold-1/keep", body{}), http.StatusOK, `"active":true}`)
	r.expect(r.call(http.MethodPost, "/api/holds/hold-1/burn", body{}), http.StatusNotFound, "must be one of keep, lift, sign")
	if _, err := r.Holds.Lift(background, "hold-1", "dpo/another", "It is over."); err != nil {
		t.Fatal(err)
	}
	r.expect(r.call(http.MethodPost, "/api/holds/hold-1/sign", body{"of": r.lifting("hold-1")}), http.StatusOK, `"signed_by":"AIDADPO","active":false`)
}

// lifting is when it was asked for that a hold is lifted.
func (r *rig) lifting(id string) time.Time {
	hold, err := r.Holds.Store.Hold(background, id)
	if err != nil || hold.Lifting == nil {
		r.t.Fatal(hold, err)
	}
	return hold.Lifting.At
}

// A preview shows what an answer does and its letter, and does nothing.
func TestPreview(t *testing.T) {
	r := newRig(t)
	r.Letter = func(_ context.Context, after request.Request, language string) (string, string, error) {
		return "Re: " + after.ID, language + " " + string(after.State), nil
	}
	q := r.of("open")
	var said preview
	for _, c := range []struct {
		given  body
		clean  bool
		letter string
	}{
		{body{"outcome": "refused"}, false, ""},
		{body{"outcome": "fulfilled", "explanation": "x", "language": "es"}, true, "es fulfilled"},
		{body{"outcome": "fulfilled", "explanation": "x"}, true, q.Language + " fulfilled"},
	} {
		a := r.expect(r.act(q, "preview", c.given), http.StatusOK, `"checks":[`)
		said = preview{}
		if err := json.Unmarshal([]byte(a.Body), &said); err != nil || said.Plan.Clean() != c.clean || (said.Letter != nil) != (c.letter != "") {
			t.Fatalf("%+v: %v\n%s", c.given, err, a.Body)
		}
		if said.Letter != nil && (said.Letter.Text != c.letter || !strings.Contains(said.Letter.Subject, q.ID)) {
			t.Errorf("%+v", said.Letter)
		}
	}
	if now := r.file(q.ID); now.Request.Version != q.Version {
		t.Error("it was written to")
	}
}
