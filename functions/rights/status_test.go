package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

var background = context.Background()

func TestConfirmPage(t *testing.T) {
	r := newRig(t)
	q := r.open(germany, deadline.Access, deadline.Erasure)
	a := r.Expect(get(r.to(link.Confirm, q), browser...), http.StatusOK, q.ID)
	if !strings.Contains(a.Text, `<button`) || !strings.Contains(a.Text, "m***@e***.com") || strings.Contains(a.Text, marvin) {
		t.Error(a.Brief())
	}
	a = r.Expect(post(r.to(link.Confirm, q), asSent(q), browser...), http.StatusOK, "/requests/status/")
	if r.history(q.ID) != "received verification_asked verified" || !strings.Contains(a.Text, "Art. 12(3) GDPR") {
		t.Errorf("%s:\n%s", r.history(q.ID), a.Brief())
	}
	r.Expect(post(r.to(link.Confirm, q), asSent(q), browser...), http.StatusOK, "already confirmed")
	got := r.Expect(post(r.to(link.Confirm, q), asSent(q), script...), http.StatusOK, "").JSON(t)
	if got.Status != "confirmed" || got.Reference != q.ID {
		t.Errorf("%+v", got)
	}
	receipt, err := audit.Check(got.Receipt, r.signer.PublicKeys())
	if err != nil || receipt.Head.Seq != 3 || !receipt.DueAt.Equal(r.file(q.ID).Request.DueAt.UTC().Truncate(time.Millisecond)) {
		t.Errorf("%+v, %v", receipt, err)
	}
	if q := r.file(q.ID).Request; q.Version != 2 {
		t.Errorf("confirmed %d times", q.Version-1)
	}
}

func TestConfirmAsksForEvidence(t *testing.T) {
	r := newRig(t)
	q := r.open(germany, deadline.ChildErasure)
	r.Expect(post(r.to(link.Confirm, q), asSent(q), browser...), http.StatusOK, "parent")
	if q = r.file(q.ID).Request; q.State != lifecycle.WaitingForPerson {
		t.Errorf("%s", q.State)
	}
	r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "our time limit is paused")
}

// Where no law stops our clock, the page says by when and what follows, too;
// and of an extension it tells the person, not an officer. (The rig writes dates in
// UTC, where the last second is of the next day.)
func TestStatusSaysByWhen(t *testing.T) {
	r := newRig(t)
	q := r.open(california, deadline.Access)
	r.Expect(post(r.to(link.Confirm, q), asSent(q), browser...), http.StatusOK, "")
	r.ok(r.rights.Extend(background, q.ID, "dpo", deadline.Complexity, "Many files."))
	r.ok(r.rights.Ask(background, q.ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "Which one?"}))
	a := r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "Please answer by 23 December 2026: our time limit keeps running.")
	if !strings.Contains(a.Text, "or, after 21 February 2027, close your request") || strings.Contains(a.Text, "time limit is paused") ||
		!strings.Contains(a.Text, "you were told on 22 November 2026") {
		t.Error(a.Text)
	}
}

func TestConfirmTooLate(t *testing.T) {
	r := newRig(t)
	q := r.open(germany, deadline.Access)
	path := r.to(link.Confirm, q)
	r.clock = q.VerifyBy
	r.Expect(get(path, browser...), http.StatusGone, "")
	a := r.Expect(post(path, "", browser...), http.StatusGone, "/requests")
	if !strings.HasPrefix(a.Headers["content-type"], "text/html") {
		t.Error("people get no page")
	}
	if got := r.Expect(post(path, "", script...), http.StatusGone, "").JSON(t); got.Status != "expired" {
		t.Errorf("%+v", got)
	}
	r.Expect(post(path, "", mailClient...), http.StatusGone, "expired")
	if r.history(q.ID) != "received verification_asked" {
		t.Error(r.history(q.ID))
	}

	// The link ends with the request's own time even where it says otherwise.
	late := r.toRequest("/requests/confirm/", link.Confirm, q.ID, r.clock.Add(time.Hour))
	r.Expect(post(late, "", browser...), http.StatusGone, "")
	r.Expect(post(late, "", script...), http.StatusGone, "expired")
}

// The old link of a closed request says when it was closed, and leads to its page.
func TestConfirmWhatIsClosed(t *testing.T) {
	r := newRig(t)
	q := r.open(germany, deadline.Access)
	r.ok(r.rights.Withdraw(background, q.ID, audit.ByPerson))
	for _, c := range []call{get(r.to(link.Confirm, q), browser...), post(r.to(link.Confirm, q), "", browser...)} {
		a := r.Expect(c, http.StatusConflict, "Withdrawn on 22 November 2026")
		if !strings.Contains(a.Body, "/requests/status/") || strings.Contains(a.Text, "we begin") || strings.Contains(a.Body, "<button") {
			t.Error(a.Brief())
		}
	}
	late := r.mailed(r.open(germany, deadline.Erasure))
	r.clock = late.VerifyBy.Add(-time.Minute)
	path := r.toRequest("/requests/confirm/", link.Confirm, late.ID, r.clock.Add(48*time.Hour))
	r.Note(path)
	r.clock = late.VerifyBy.Add(time.Hour)
	r.ok(r.rights.Expire(background, late.ID, audit.BySystem))
	r.Expect(get(path, browser...), http.StatusGone, "Closed on "+r.file(late.ID).Request.ClosedAt.Format("2 January 2006"))
	r.clock = testkit.T0
	if got := r.Expect(post(r.to(link.Confirm, q), "", script...), http.StatusConflict, "").JSON(t); got.Status != "conflict" || !strings.Contains(got.Message, "withdrawn") {
		t.Errorf("%+v", got)
	}
}

// The JSON of a status link is part of what is promised.
func TestStatusForScripts(t *testing.T) {
	r := newRig(t)
	q := r.opened(california, deadline.Access, deadline.Portability)
	a := r.Expect(get(r.to(link.Status, q), "Accept", "application/json"), http.StatusOK, "")
	var got map[string]any
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"reference": q.ID, "state": "open", "received_at": "2026-11-22T12:00:00Z", "due_at": "2027-01-07T07:59:59Z",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if why, _ := json.Marshal(got["due_because"]); !strings.Contains(string(why), "11 CCR 7021(b)") {
		t.Errorf("due_because is %s", why)
	}
	if kinds, _ := json.Marshal(got["kinds"]); string(kinds) != `["access","portability"]` {
		t.Errorf("kinds are %s", kinds)
	}
	history := got["history"].([]any)
	first := history[0].(map[string]any)
	if len(history) != 3 || first["event"] != "received" || first["at"] != "2026-11-22T12:00:00Z" || first["text"] != "Your request was received." || len(got) != 7 {
		t.Errorf("%s", a.Body)
	}
	for _, secret := range []string{marvin, "planet", "Marvin"} {
		if strings.Contains(a.Body, secret) {
			t.Errorf("it holds %s", secret)
		}
	}
	r.ok(r.rights.Withdraw(background, q.ID, audit.ByPerson))
	a = r.Expect(get(r.to(link.Status, q), "Accept", "application/json"), http.StatusOK, `"due_at":null`)
	if !strings.Contains(a.Body, `"due_because":[]`) {
		t.Errorf("%s", a.Body)
	}
}

func TestStatusIsOneRead(t *testing.T) {
	r := newRig(t)
	for name, q := range map[string]request.Request{
		"open": r.opened(germany, deadline.Access), "waiting": r.opened(germany, deadline.ChildErasure),
		"answered": r.decided(granted, germany, deadline.Access), "refused": r.decided(refused, germany, deadline.Erasure),
	} {
		for _, headers := range [][]string{browser, script} {
			r.store.reads, r.store.writes = nil, nil
			r.Expect(get(r.to(link.Status, q), headers...), http.StatusOK, q.ID)
			if !slices.Equal(r.store.reads, []string{"file"}) || len(r.store.writes) != 0 {
				t.Errorf("%s: reads %q, writes %q", name, r.store.reads, r.store.writes)
			}
		}
	}
}

// The person sees their own words and the officer's answer, and no note that
// officers make for each other.
func TestStatusPage(t *testing.T) {
	r := newRig(t)
	q := r.opened(germany, deadline.Correction)
	r.ok(r.rights.Note(background, q.ID, "dpo", "very depressed"))
	r.ok(r.rights.Ask(background, q.ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "Which <b>planet</b>?"}))
	a := r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "Which <b>planet</b>?")
	for _, piece := range []string{q.ID, "Marvin", "brain the size of a planet", "m***@e***.com", "22 November 2026", `name="action" value="withdraw"`} {
		if !strings.Contains(a.Text, piece) {
			t.Errorf("%q is missing:\n%s", piece, a.Brief())
		}
	}
	for _, piece := range []string{"depressed", "<b>planet", "dpo", marvin, `value="appeal"`, `value="disagree"`} {
		if strings.Contains(a.Body, piece) {
			t.Errorf("%q is shown", piece)
		}
	}
	js := r.Expect(get(r.to(link.Status, q), script...), http.StatusOK, "").Body
	if strings.Contains(js, "depressed") || strings.Contains(js, "noted") {
		t.Errorf("%s", js)
	}
}

func TestStatusSpeaksTheLanguageOfTheRequest(t *testing.T) {
	r := newRig(t)
	in := request.Intake{Address: testkit.Address(t, marvin), Kinds: []intake.Kind{deadline.Access}, OnBehalfOf: intake.Self, Language: "de"}
	q := r.ok(r.rights.Open(background, in))
	q, _, _ = r.rights.Confirm(background, q.ID, q.Words())
	r.Expect(get(r.to(link.Status, q), append([]string{"Accept-Language", "es"}, browser...)...), http.StatusOK, `<html lang="de"`)
	// … unless the person switches the page, and its forms with it.
	for _, p := range []link.Purpose{link.Status, link.Confirm} {
		r.Expect(get(r.to(p, q)+"?lang=es", browser...), http.StatusOK, `<html lang="es"`)
		r.Expect(post(r.to(p, q), "lang=es", browser...), http.StatusUnprocessableEntity, `<html lang="es"`)
	}
}

func TestWithdraw(t *testing.T) {
	for name, body := range map[string]string{"a button": "action=withdraw&lang=en", "a script": "action=withdraw"} {
		r := newRig(t)
		q := r.opened(germany, deadline.Access, deadline.OptOutOfSale)
		path := r.to(link.Status, q)
		r.Expect(post(path, body, browser...), http.StatusOK, q.ID)
		if r.file(q.ID).Request.State != lifecycle.Withdrawn || r.rows(marvin) != "sale" {
			t.Errorf("%s: %s", name, r.history(q.ID))
		}
		version := r.file(q.ID).Request.Version
		if got := r.Expect(post(path, body, script...), http.StatusOK, "").JSON(t); got.Status != "withdrawn" || got.Reference != q.ID {
			t.Errorf("%+v", got)
		}
		if r.file(q.ID).Request.Version != version {
			t.Error("withdrawn twice")
		}
		a := r.Expect(get(path, browser...), http.StatusOK, "withdr")
		if strings.Contains(a.Body, `value="withdraw"`) {
			t.Error("it can be withdrawn again")
		}
	}
}

// The page of a closed request says how long it can be read, and what is left then.
func TestClosedRequestsSayHowLongTheyAreShown(t *testing.T) {
	r := newRig(t)
	q := r.decided(granted, germany, deadline.Access)
	r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "You can see all of this until 22 November 2028.")
	r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "From then until 22 November 2036 this page shows only")
	a := r.Expect(get(r.to(link.Status, r.opened(germany, deadline.Erasure)), browser...), http.StatusOK, "")
	if strings.Contains(a.Text, "You can see all of this until") {
		t.Error("an open request is said to go")
	}
}

func TestStatusActsThatCannotBe(t *testing.T) {
	r := newRig(t)
	open, answered := r.opened(germany, deadline.Access), r.decided(refused, germany, deadline.Correction)
	for name, c := range map[string]struct {
		of     request.Request
		body   string
		status int
		piece  string
	}{
		"an unknown act":         {open, "action=explode", 422, "action must be"},
		"no act":                 {open, "", 422, "action must be"},
		"an act of another page": {open, "action=confirm", 422, "action must be"},
		"withdraw what is over":  {answered, "action=withdraw", 409, "not possible any more"},
		"disagree with nothing":  {open, "action=disagree&statement=No", 409, "not possible any more"},
		"say nothing":            {answered, "action=disagree&statement=+", 422, "statement"},
		"say far too much":       {answered, "action=disagree&statement=" + strings.Repeat("x", 4001), 422, "statement"},
		"appeal at length":       {answered, "action=appeal&reasons=" + strings.Repeat("x", 4001), 422, "reasons"},
		"appeal to nothing":      {open, "action=appeal", 409, "not possible any more"},
		"over 256 KiB":           {open, "action=withdraw&x=" + strings.Repeat("x", 256<<10), 413, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := r.to(link.Status, c.of)
			got := r.Expect(post(path, c.body, script...), c.status, c.piece).JSON(t)
			if got.Code != c.status || got.Message == "" {
				t.Errorf("%+v", got)
			}
			a := r.Expect(post(path, c.body, browser...), c.status, "")
			if c.status != http.StatusRequestEntityTooLarge && !strings.Contains(a.Text, c.of.ID) {
				t.Error("people lose the page that they were on")
			}
			if q := r.file(c.of.ID).Request; q.Version != c.of.Version {
				t.Error(r.history(q.ID))
			}
		})
	}
}

// A new address is told on the status page, and changes nothing by itself.
func TestNewAddress(t *testing.T) {
	r := newRig(t)
	q := r.opened(germany, deadline.Access)
	path := r.to(link.Status, q)
	r.Expect(get(path, browser...), http.StatusOK, `name="new_address"`)
	told := url.Values{"action": {"moved"}, "new_address": {"Marvin, <b>new</b>@example.org"}}.Encode()
	a := r.Expect(post(path, told, browser...), http.StatusOK, "Your new address is noted")
	if !strings.Contains(a.Body, "/requests/status/") || strings.Contains(a.Body, "<b>") {
		t.Error(a.Brief())
	}
	r.Expect(get(path, browser...), http.StatusOK, "You told us a new address.")
	if now := r.file(q.ID); now.Request.Address != q.Address || !strings.HasSuffix(r.history(q.ID), "address_told") {
		t.Error(r.history(q.ID))
	}
	a = r.Expect(post(path, "action=moved&new_address=", browser...), http.StatusUnprocessableEntity, "Write your new address.")
	if !strings.Contains(a.Body, `href="#new_address"`) || !strings.Contains(a.Body, "<details open>") {
		t.Error(a.Brief())
	}
}

func TestDisagree(t *testing.T) {
	r := newRig(t)
	q := r.decided(refused, germany, deadline.Correction)
	path := r.to(link.Status, q)
	a := r.Expect(get(path, browser...), http.StatusOK, `name="statement"`)
	if !strings.Contains(a.Text, `value="disagree"`) || !strings.Contains(a.Text, "kind=restriction") || !strings.Contains(a.Text, `value="appeal"`) {
		t.Error(a.Brief())
	}
	statement := url.Values{"action": {"disagree"}, "statement": {`I am not <script>evil</script> "Paranoid".`}}.Encode()
	r.Expect(post(path, statement, browser...), http.StatusOK, q.ID)
	a = r.Expect(get(path, browser...), http.StatusOK, `I am not <script>evil</script> "Paranoid".`)
	if strings.Contains(a.Body, "<script") || strings.Contains(a.Body, `name="statement"`) {
		t.Error("it is not escaped, or asked for again")
	}
	before := r.file(q.ID).Request.Version
	r.Expect(post(path, "action=disagree&statement=And+another+thing", browser...), http.StatusConflict, "Your statement is on record already")
	r.Expect(post(path, "action=disagree&statement=And+another+thing", script...), http.StatusConflict, "on record already")
	if r.file(q.ID).Request.Version != before {
		t.Error(r.history(q.ID))
	}
	long := "action=disagree&statement=" + strings.Repeat("x", 3999) + "%3Cb%3E"
	a = r.Expect(post(path, long, browser...), http.StatusUnprocessableEntity, "")
	if strings.Contains(a.Body, "<b>") {
		t.Error("what was typed is not escaped")
	}
}

func TestAppeal(t *testing.T) {
	r := newRig(t)
	q := r.decided(refused, california, deadline.Access)
	path := r.to(link.Status, q)
	r.Expect(get(path, browser...), http.StatusOK, `value="appeal"`)
	a := r.Expect(post(path, "action=appeal&reasons=Look+again%2C+Marvin", browser...), http.StatusOK, "/requests/status/")
	var appeal request.Request
	for _, one := range r.of(marvin) {
		if one.AppealOf == q.ID {
			appeal = one
		}
	}
	if appeal.State != lifecycle.Open || !strings.Contains(a.Text, appeal.ID) {
		t.Fatalf("%+v\n%s", appeal, a.Brief())
	}
	r.Expect(get(r.to(link.Status, appeal), browser...), http.StatusOK, q.ID)
	if got := r.Expect(post(path, "action=appeal", script...), http.StatusOK, "").JSON(t); got.Reference != appeal.ID || got.Status != "open" {
		t.Errorf("a second appeal: %+v", got)
	}
	if a := r.Expect(get(path, browser...), http.StatusOK, q.ID); strings.Contains(a.Body, `value="appeal"`) {
		t.Error("another appeal is offered")
	}
	r.Expect(post(path, "action=appeal&reasons=And+more", browser...), http.StatusConflict, "You have asked before that we look at this answer again")
	r.ok(r.rights.Decide(background, appeal.ID, "dpo-2", refused))
	r.Expect(post(path, "action=appeal", script...), http.StatusConflict, "final")
	r.Expect(post(path, "action=appeal", browser...), http.StatusConflict, "Our second answer is final")
	r.Expect(post(r.to(link.Status, appeal), "action=appeal", script...), http.StatusConflict, "final")
	if a := r.Expect(get(r.to(link.Status, appeal), browser...), http.StatusOK, "Attorney General"); strings.Contains(a.Body, `value="appeal"`) {
		t.Error("an appeal of an appeal is offered")
	}
}

// Years later, and when nothing is left.
func TestStatusYearsLater(t *testing.T) {
	r := newRig(t)
	q := r.decided(granted, germany, deadline.Erasure)
	path := r.to(link.Status, q)
	r.clock = r.clock.AddDate(9, 0, 0)
	r.Expect(get(path, browser...), http.StatusOK, "Here it is.")
	r.Ring = ring(t, bothKeys) // rotated
	r.Expect(get(path, browser...), http.StatusOK, q.ID)
}

// How long the page shows a request is said when it is known: not while another request
// of the person, of which nobody knows the end, keeps their erasure waiting.
func TestStatusOfAnErasureBesideAnotherRequest(t *testing.T) {
	r := newRig(t)
	const until = "You can see all of this until"
	q := r.decided(granted, germany, deadline.Access, deadline.Erasure)
	r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, until)
	other := r.opened(germany, deadline.Correction)
	if a := r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, q.ID); strings.Contains(a.Text, until) {
		t.Errorf("while the other is open: %s", a.Brief())
	}
	r.ok(r.rights.Decide(background, other.ID, "dpo", granted))
	r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, until)
}

func TestDisposedRequests(t *testing.T) {
	r := newRig(t)
	const gone = "PD-7K3M-9QXT-40BZ-1HNE"
	until := r.clock.Add(time.Hour)
	for name, c := range map[string]call{
		"status":   get(r.toRequest("/requests/status/", link.Status, gone, time.Time{})),
		"withdraw": post(r.toRequest("/requests/status/", link.Status, gone, time.Time{}), "action=withdraw"),
		"appeal":   post(r.toRequest("/requests/status/", link.Status, gone, time.Time{}), "action=appeal"),
		"see":      get(r.toRequest("/requests/confirm/", link.Confirm, gone, until)),
		"confirm":  post(r.toRequest("/requests/confirm/", link.Confirm, gone, until), ""),
		"export":   get(r.toRequest("/requests/export/", link.Export, gone, until)),
		"download": post(r.toRequest("/requests/export/", link.Export, gone, until), "format=csv"),
	} {
		page, js := c, c
		page.Headers = slices.Concat(c.Headers, browser)
		a := r.Expect(page, http.StatusGone, "")
		if strings.Contains(a.Text, gone) || !strings.HasPrefix(a.Headers["content-type"], "text/html") {
			t.Errorf("%s: %s", name, a.Brief())
		}
		js.Headers = slices.Concat(c.Headers, script)
		if got := r.Expect(js, http.StatusGone, "deleted").JSON(t); got.Status != "expired" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
