package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

func TestList(t *testing.T) {
	r := newRig(t)
	unverified := r.open(germany, deadline.Access)
	open, late := r.confirm(r.open(germany, deadline.Erasure)), r.confirm(r.open(california, deadline.Correction))
	closed := r.ok(r.Rights.Withdraw(background, r.open(germany, deadline.Restriction).ID, audit.ByPerson))
	extended := r.confirm(r.open(california, deadline.Erasure))
	extended = r.ok(r.Rights.Extend(background, extended.ID, "dpo", deadline.Number, "so many"))
	a := r.expect(r.call(http.MethodGet, "/api/requests", nil), http.StatusOK, `"more":false`)
	if got := ids(a); got != unverified.ID+" "+open.ID+" "+late.ID+" "+extended.ID || strings.Contains(a.Body, closed.ID) || strings.Contains(a.Body, `"next"`) {
		t.Errorf("all that is not closed, in order of their dates: %s", got)
	}
	a = r.expect(r.call(http.MethodGet, "/api/requests?by=2027-01-01T00:00:00%2B02:00", nil), http.StatusOK, `"more":false`)
	if got := ids(a); got != unverified.ID+" "+open.ID {
		t.Errorf("until the new year: %s", got)
	}
	first := a.said.Requests[0]
	if first.State != lifecycle.Unverified || !first.DueAt.Equal(unverified.VerifyBy) || !first.ReceivedAt.Equal(testkit.T0) || first.Kinds[0] != deadline.Access {
		t.Errorf("%+v", first)
	}
	if strings.Contains(a.Body, marvin) || strings.Contains(a.Body, "Marvin") {
		t.Error("the list names people")
	}
	for query, field := range map[string]string{"by=tomorrow": "by", "after=%21": "after", "after=e30x": "after", "after=bnVsbA": "after"} {
		if a := r.call(http.MethodGet, "/api/requests?"+query, nil); a.StatusCode != 422 || a.fields() != field {
			t.Errorf("%s: %s", query, a.Body)
		}
	}
	if a := newRig(t).call(http.MethodGet, "/api/requests", nil); !strings.Contains(a.Body, `"requests":[]`) {
		t.Errorf("nothing: %s", a.Body)
	}
}

func ids(a reply) string {
	var list []string
	for _, s := range a.said.Requests {
		list = append(list, s.Reference)
	}
	return strings.Join(list, " ")
}

func TestShow(t *testing.T) {
	r := newRig(t)
	q := r.of("waiting")
	a := r.expect(r.call(http.MethodGet, "/api/requests/"+q.ID, nil), http.StatusOK, "")
	var shown map[string]any
	if err := json.Unmarshal([]byte(a.Body), &shown); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"reference": q.ID, "state": "waiting_for_person", "address": marvin, "name": "Marvin", "details": "brain the size of a planet",
		"place": "DE", "on_behalf_of": "self", "language": "en", "source": "form", "repeated": false, "mail_failed": false,
	} {
		if shown[name] != want {
			t.Errorf("%s is %v, want %v", name, shown[name], want)
		}
	}
	deadlines := shown["deadlines"].([]any)
	first := deadlines[0].(map[string]any)
	if first["rule"] != "gdpr/respond" || first["paused"] != true || !strings.Contains(first["because"].(string), "Art. 12(3) GDPR") || shown["due_at"] != first["due_at"] {
		t.Errorf("%v, due %v", first, shown["due_at"])
	}
	mails := shown["mails"].([]any)
	if len(mails) != 3 || mails[0].(map[string]any)["template"] != "verify" || mails[0].(map[string]any)["state"] != "pending" {
		t.Errorf("%v", mails)
	}
	// The history verifies as it is shown; what is personal stands beside it.
	text, _ := json.Marshal(shown["history"])
	h, err := audit.DecodeHistory(text)
	if err != nil || h.Verify() != nil || strings.Contains(string(text), "planet") || strings.Contains(string(text), "Who?") {
		t.Errorf("%v, %v: %s", err, h.Verify(), text)
	}
	if _, broken := shown["history_broken"]; broken {
		t.Error(shown["history_broken"])
	}
	// … by its entry's number, but what was sent before it was confirmed.
	words := shown["words"].(map[string]any)
	if got := fmt.Sprint(words["1"], words["4"]); got != "map[address:"+marvin+"] map[question:Who?]" || len(words) != 2 {
		t.Errorf("words: %v", words)
	}

	closed := r.of("refused")
	a = r.expect(r.call(http.MethodGet, "/api/requests/"+closed.ID, nil), http.StatusOK, `"deadlines":[]`)
	if strings.Contains(a.Body, "due_at") || !strings.Contains(a.Body, `"clause":"Art. 16 GDPR"`) || !strings.Contains(a.Body, `"closed_at":"2026-11-22T12:00:00Z"`) {
		t.Error(a.Body)
	}
	r.expect(r.call(http.MethodGet, "/api/requests/PD-0000-0000-0000-0000", nil), http.StatusNotFound, "not_found")
}

// What an officer notes, they can read.
func TestNotesCanBeRead(t *testing.T) {
	r := newRig(t)
	q := r.of("open")
	a := r.expect(r.act(q, "note", body{"note": "He said: call me.", "officer": "dpo-1"}), http.StatusOK, `"note":"He said: call me."`)
	var shown struct {
		Officers map[int]string
		Words    map[int]map[string]string
	}
	if err := json.Unmarshal([]byte(a.Body), &shown); err != nil || shown.Words[4]["note"] != "He said: call me." || shown.Officers[4] != "dpo-1/AIDADPO" || shown.Words[4]["officer"] != "" {
		t.Errorf("%v: %s", err, a.Body)
	}
}

// An officer sees at once that somebody has been at the rows.
func TestShowSaysThatAHistoryIsBroken(t *testing.T) {
	r := newRig(t)
	q := r.of("open")
	r.Rights.Store = tampered{r.store}
	r.expect(r.call(http.MethodGet, "/api/requests/"+q.ID, nil), http.StatusOK, `"history_broken":"entry 2: it is missing`)
	if !strings.Contains(r.log.String(), "history verification failed") {
		t.Error("nobody hears of it")
	}
}

type tampered struct{ *store }

func (s tampered) File(ctx context.Context, id string) (request.File, error) {
	f, err := s.store.File(ctx, id)
	f.Events = append(f.Events[:1], f.Events[2:]...)
	return f, err
}

func TestEnter(t *testing.T) {
	r := newRig(t)
	a := r.expect(r.call(http.MethodPost, "/api/requests", body{
		"address": " Marvin@Example.com ", "kinds": []string{"access", "erasure", "access"}, "name": "Marvin\n\x00 the\u202e Robot", "details": "a letter by hand:\r\nline two",
		"country": "us", "region": "ca", "on_behalf_of": "agent", "language": "de",
	}), http.StatusOK, `"status":"received"`)
	q := r.file(a.said.Reference).Request
	if q.State != lifecycle.Unverified || q.Source != intake.FromOfficer || q.Address.Reveal() != marvin || q.Name != "Marvin the Robot" || q.Details != "a letter by hand:\nline two" ||
		q.Place != california || q.OnBehalfOf != intake.Agent || q.Language != "de" || len(q.Kinds) != 2 {
		t.Errorf("%+v", q)
	}
	a = r.expect(r.call(http.MethodPost, "/api/requests", body{"address": marvin, "kinds": []string{"opt_out_of_sale"}, "language": "<script>"}), http.StatusOK, "")
	if q := r.file(a.said.Reference).Request; q.State != lifecycle.Fulfilled || q.Language != "en" {
		t.Errorf("%+v", q)
	}
}

// A letter of three weeks ago has been on its clock for three weeks.
func TestEnterOfEarlier(t *testing.T) {
	r := newRig(t)
	came := r.clock.AddDate(0, 0, -21)
	a := r.expect(r.call(http.MethodPost, "/api/requests", body{"address": marvin, "kinds": []string{"access"}, "received_at": came}), http.StatusOK, `"status":"received"`)
	if q := r.file(a.said.Reference).Request; !q.ReceivedAt.Equal(came) || !q.ClockFrom.Equal(came) || !q.VerifyBy.After(r.clock) {
		t.Errorf("%+v", q)
	}
	r.expect(r.call(http.MethodPost, "/api/requests", body{"address": marvin, "kinds": []string{"access"}, "received_at": r.clock.Add(time.Hour)}), 422, "received_at")
}

func TestEnterWhatIsNone(t *testing.T) {
	good := func(change body) body {
		b := body{"address": marvin, "kinds": []string{"access"}}
		for k, v := range change {
			b[k] = v
		}
		return b
	}
	for name, c := range map[string]struct {
		body   any
		status int
		fields string
	}{
		"nothing":            {body{}, 422, "address kinds"},
		"no address":         {good(body{"address": ""}), 422, "address"},
		"two addresses":      {good(body{"address": "a@example.com, b@example.com"}), 422, "address"},
		"no kind":            {good(body{"kinds": []string{}}), 422, "kinds"},
		"another kind":       {good(body{"kinds": []string{"access", "revenge", "spite"}}), 422, "kinds"},
		"no country":         {good(body{"country": "Narnia"}), 422, "country"},
		"for a neighbour":    {good(body{"on_behalf_of": "neighbour"}), 422, "on_behalf_of"},
		"all of it":          {body{"address": "x", "kinds": []string{"x"}, "country": "x", "on_behalf_of": "x"}, 422, "address kinds country on_behalf_of"},
		"a book":             {good(body{"details": strings.Repeat("x", intake.MaxOfficerText+1)}), 422, "details"},
		"a name like a book": {good(body{"name": strings.Repeat("x", 201)}), 422, "name"},
		"no time":            {good(body{"received_at": "yesterday"}), 422, "received_at"},
		"a number":           {good(body{"received_at": 5}), 422, "received_at"},
		"one kind":           {good(body{"kinds": "access"}), 422, "kinds"},
		"a misspelt field":   {good(body{"adress": "x"}), 422, "adress"},
		"broken JSON":        {`{"address":`, 422, "body"},
		"over 1 MiB":         {`{"details":"` + strings.Repeat("x", 1<<20) + `"}`, 413, ""},
	} {
		r := newRig(t)
		a := r.call(http.MethodPost, "/api/requests", c.body)
		if a.StatusCode != c.status || a.fields() != c.fields || r.store.writes != 0 {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.Body)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	r := newRig(t)
	q := r.of("open")
	for _, c := range [][2]string{
		{"GET", "/"}, {"GET", "/desk"}, {"GET", "/api/requests/" + q.ID + "/withdraw"}, {"PUT", "/api/requests/" + q.ID}, {"DELETE", "/api/requests/" + q.ID},
		{"POST", "/api/requests/" + q.ID}, {"OPTIONS", "/api/requests"}, {"GET", "/requests"},
	} {
		a := r.call(c[0], c[1], nil)
		if a.StatusCode != http.StatusNotFound || a.said.Status != "not_found" {
			t.Errorf("%s %s: %d %s", c[0], c[1], a.StatusCode, a.Body)
		}
	}
	if r.file(q.ID).Request.Version != q.Version {
		t.Error(r.history(q.ID))
	}
}
