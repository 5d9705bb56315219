package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// The officer takes for the person's words only what the person confirmed.
func TestWhoseWordsTheFileShows(t *testing.T) {
	sent := request.Intake{
		Kinds: []intake.Kind{deadline.Access}, Name: "Zaphod", Details: "brain the size of a planet", OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	}
	type shown struct {
		Name        string
		Details     string
		WordsAre    string `json:"words_are"`
		Unconfirmed map[string]string
	}
	for name, c := range map[string]struct {
		then func(*rig, request.Request)
		want shown
		gone []string
	}{
		"nobody's yet": {
			then: func(*rig, request.Request) {},
			want: shown{WordsAre: "unconfirmed", Unconfirmed: map[string]string{"name": "Zaphod", "details": "brain the size of a planet"}},
		},
		"confirmed as sent": {
			then: func(r *rig, q request.Request) { r.confirm(q) },
			want: shown{Name: "Zaphod", Details: "brain the size of a planet", WordsAre: "as_sent"},
		},
		"confirmed without them": {
			then: func(r *rig, q request.Request) { q.Name, q.Details = "", ""; r.confirm(q) },
			want: shown{WordsAre: "changed"}, gone: []string{"Zaphod", "planet"},
		},
		"confirmed in others": {
			then: func(r *rig, q request.Request) { q.Details = "only my orders"; r.confirm(q) },
			want: shown{Name: "Zaphod", Details: "only my orders", WordsAre: "changed"}, gone: []string{"planet"},
		},
		"by an officer": {
			then: func(r *rig, q request.Request) {
				r.ok(r.Rights.Verify(background, q.ID, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}}))
			},
			want: shown{Name: "Zaphod", Details: "brain the size of a planet", WordsAre: "verified"},
		},
	} {
		r := newRig(t)
		sent.Address = testkit.Address(t, marvin)
		q := r.ok(r.Rights.Open(background, sent))
		c.then(r, q)
		a := r.expect(r.call(http.MethodGet, "/api/requests/"+q.ID, nil), http.StatusOK, "")
		var got shown
		if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
			t.Fatal(err)
		}
		if was, _ := json.Marshal(got); string(was) != jsonOf(t, c.want) {
			t.Errorf("%s: %s, want %s", name, was, jsonOf(t, c.want))
		}
		for _, word := range c.gone {
			if strings.Contains(a.Body, word) {
				t.Errorf("%s: the file still shows %q", name, word)
			}
		}
	}
}

// What a mail asks for is named by the officer who verified its author, where
// its text does not say.
func TestVerifyNamesUnsureKinds(t *testing.T) {
	r := newRig(t)
	q := r.ok(r.Rights.Open(background, request.Intake{Address: testkit.Address(t, marvin), KindsUnsure: true, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromMail}))
	path := "/api/requests/" + q.ID
	a := r.expect(r.call(http.MethodGet, path, nil), http.StatusOK, `"kinds_unsure":true`)
	if !strings.Contains(a.Body, `"kinds":[]`) {
		t.Error(a.Body)
	}
	r.expect(r.call(http.MethodPost, path+"/verify", body{"checked": []string{"account"}}), http.StatusUnprocessableEntity, `"kinds"`)
	r.expect(r.call(http.MethodPost, path+"/verify", body{"checked": []string{"account"}, "kinds": []string{"access", "world"}}), http.StatusUnprocessableEntity, "unknown kind of request; must be one of access, ")
	r.expect(r.call(http.MethodPost, path+"/decide", body{"outcome": "fulfilled"}), http.StatusConflict, "not known yet")
	r.expect(r.call(http.MethodPost, path+"/verify", body{"checked": []string{"account"}, "kinds": []string{"access"}}), http.StatusOK, `"kinds":["access"]`)
	other := r.open(germany, deadline.Erasure)
	r.expect(r.call(http.MethodPost, "/api/requests/"+other.ID+"/verify", body{"checked": []string{"account"}, "kinds": []string{"access"}}), http.StatusUnprocessableEntity, "only where it does not")
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
