package people

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

var oneOfTwo = url.Values{
	"outcome.access": {"fulfilled"}, "outcome.erasure": {"refused"}, "ground.erasure": {"legal_obligation"}, "explanation.erasure": {"Rechnungen bis 2032"},
}

// One kind of two is refused, the letter looked at, sent, called back, and sent again.
func TestRefuseOneOfTwo(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Access, deadline.Erasure)
	r.shows(r.get(deskpage.DecidePath(q.ID)), http.StatusOK, `name="outcome.access"`, `name="ground.erasure" value="legal_obligation"`, "Art. 17 Abs. 3 Buchst. b DSGVO", "all of it")
	r.to(r.decide(q, "save", url.Values{"outcome.erasure": {"refused"}, "outcome.access": {"open"}, "explanation.erasure": {"unfinished"}}), "/desk/requests/"+q.ID+"#history")
	r.shows(r.get(deskpage.DecidePath(q.ID)), http.StatusOK, "unfinished", "Anna Weber", `value="refused" checked`)
	r.to(r.decide(q, "show", oneOfTwo), deskpage.LetterPath(q.ID))
	w := r.get(deskpage.LetterPath(q.ID))
	r.shows(w, http.StatusOK, "in de", "in en", `lang="de"`, "partly_fulfilled", "z***@e***.com", `name="when" value="now"`, "30 November 2026 at 09:00", "Partly fulfilled")
	if strings.Contains(w.Body.String(), zoe) {
		t.Error("the address is not masked")
	}
	r.to(r.post(q.ID, "/desk/requests/"+q.ID+"/send", url.Values{"when": {"now"}}), deskpage.LetterPath(q.ID))
	r.shows(r.get(deskpage.LetterPath(q.ID)), http.StatusOK, "can be called back", "/callback")
	r.to(r.get(deskpage.DecidePath(q.ID)), deskpage.LetterPath(q.ID))
	if now := r.file(q.ID).Request; now.State != lifecycle.Open || !now.Draft.Way.SendAt.Equal(noon.Add(10*time.Minute)) {
		t.Errorf("%s, %+v", now.State, now.Draft.Way)
	}
	r.to(r.post(q.ID, "/desk/requests/"+q.ID+"/callback", url.Values{"seq": {"1"}}), deskpage.DecidePath(q.ID))
	r.to(r.post(q.ID, "/desk/requests/"+q.ID+"/send", url.Values{"when": {"morning"}}), deskpage.LetterPath(q.ID))
	if way := r.file(q.ID).Request.Draft.Way; way.When != draft.Morning || way.By != "Anna Weber/a1" {
		t.Errorf("%+v", way)
	}
}

// What is not finished is said at its field, and kept; what is not asked for is not offered.
func TestUnfinishedAnswers(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Access, deadline.Erasure)
	for name, c := range map[string]struct {
		typed  url.Values
		fields []string
	}{
		"nothing at all":      {url.Values{}, []string{"outcome.access", "outcome.erasure"}},
		"one kind alone":      {url.Values{"outcome.access": {"fulfilled"}}, []string{"outcome.erasure"}},
		"no ground":           {with(oneOfTwo, url.Values{"ground.erasure": nil}), []string{"ground.erasure"}},
		"no words":            {with(oneOfTwo, url.Values{"explanation.erasure": nil}), []string{"explanation.erasure"}},
		"a grant with ground": {with(oneOfTwo, url.Values{"ground.access": {"no_data_found"}}), []string{"ground.access"}},
		"an exemption":        {with(oneOfTwo, url.Values{"ground.erasure": {"exemption"}}), []string{"ground.erasure"}},
		"far too many words":  {with(oneOfTwo, url.Values{"explanation.erasure": {strings.Repeat("much ", 2500)}}), []string{"explanation.erasure"}},
	} {
		head := r.file(q.ID).Request.Head
		w := r.decide(q, "show", c.typed)
		for _, field := range c.fields {
			r.shows(w, http.StatusUnprocessableEntity, `<a href="#f-`+field+`">`, `id="e-`+field+`"`)
		}
		if strings.Contains(w.Body.String(), "⟦") || strings.Count(w.Body.String(), `<a href="#f-`) != len(c.fields) || r.file(q.ID).Request.Head != head {
			t.Errorf("%s: other faults, or something was written", name)
		}
	}
	if body := r.get(deskpage.DecidePath(q.ID)).Body.String(); strings.Contains(body, `value="repeated"`) || strings.Contains(body, `value="compelling_grounds"`) {
		t.Error("a ground is offered that does not fit")
	}
}

// A text block stands below the words, in the language of the letter; one that has not this language is not offered.
func TestTextBlocks(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Erasure)
	r.shows(r.get(deskpage.DecidePath(q.ID)), http.StatusOK, `<option value="kept">We must keep the invoices.`, `<option value="searched">Wir haben überall gesucht.`)
	r.decide(q, "save", url.Values{"outcome.erasure": {"refused"}, "explanation.erasure": {"Own words."}, "block.erasure": {"kept"}})
	if got := r.file(q.ID).Request.Draft.Answers[0].Explanation; got != "Own words.\n\nDie Rechnungen müssen wir aufbewahren." {
		t.Errorf("%q", got)
	}
	q2 := r.ok(r.door.Rights.Amend(background, q.ID, "Ben/b2", request.Amendment{Language: "en"}))
	if body := r.get(deskpage.DecidePath(q2.ID)).Body.String(); strings.Contains(body, `value="searched"`) {
		t.Error("a block is offered that has no English")
	}
}

// What keeps the answer back is said, and no button sends it.
func TestLetterThatMayNotGo(t *testing.T) {
	r := answering(t)
	q := r.asked()
	r.ok(r.door.Rights.SaveDraft(background, q.ID, "Ben/b2"))
	r.decide(q, "save", url.Values{"outcome.access": {"refused"}, "ground.access": {"evidence_missing"}, "explanation.access": {"nothing came"}})
	w := r.get(deskpage.LetterPath(q.ID))
	r.shows(w, http.StatusOK, "The person still has time", "To put right")
	if strings.Contains(w.Body.String(), `name="when"`) {
		t.Error("it can be sent")
	}
	r.shows(r.post(q.ID, "/desk/requests/"+q.ID+"/send", url.Values{"when": {"now"}}), http.StatusConflict, `id="problem"`)
	none := r.confirmed(deadline.Correction)
	r.to(r.get(deskpage.LetterPath(none.ID)), deskpage.DecidePath(none.ID))
	r.shows(r.post(none.ID, "/desk/requests/"+none.ID+"/send", url.Values{"when": {"now"}}), http.StatusConflict)
}

// Two officers at once: who is second sees what the first did, and nothing goes.
func TestStaleLetterAndDraft(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Access, deadline.Erasure)
	r.decide(q, "show", oneOfTwo)
	old := url.Values{"seq": {"2"}, "when": {"now"}}
	r.shows(r.post(q.ID, "/desk/requests/"+q.ID+"/send", old), http.StatusConflict, `id="since"`)
	if r.file(q.ID).Request.Draft.OnItsWay() {
		t.Error("it goes")
	}
	w := r.decide(q, "show", with(oneOfTwo, url.Values{"seq": {"2"}, "explanation.erasure": {"my own view"}}))
	r.shows(w, http.StatusConflict, `id="since"`, "my own view")
	if r.file(q.ID).Request.Draft.Answers[1].Explanation != "Rechnungen bis 2032" {
		t.Error("the colleague's words are gone")
	}
}

// A refusal of the whole needs another: they see the letter, and sign what they have seen.
func TestSign(t *testing.T) {
	r := answering(t, foureyes.Refusal)
	q := r.confirmed(deadline.Correction)
	refusal := url.Values{"outcome.correction": {"refused"}, "ground.correction": {"disputed_accuracy"}, "explanation.correction": {"so steht es im Vertrag"}}
	r.decide(q, "show", refusal)
	r.shows(r.get(deskpage.LetterPath(q.ID)), http.StatusOK, "Ask a colleague to sign", "the refusal of a whole request")
	r.to(r.post(q.ID, "/desk/requests/"+q.ID+"/send", url.Values{"when": {"now"}}), deskpage.LetterPath(q.ID))
	own := r.get(deskpage.SignPath(q.ID))
	r.shows(own, http.StatusOK, "You cannot sign what you wrote yourself")
	if strings.Contains(own.Body.String(), `action="`+deskpage.SignPath(q.ID)) {
		t.Error("the author can sign")
	}
	ben := r.as("b2", "Ben Ito")
	r.shows(ben.get(deskpage.SignPath(q.ID)), http.StatusOK, "in de", "Anna Weber asks for a second signature", `action="`+deskpage.SignPath(q.ID))
	r.shows(ben.post(q.ID, deskpage.SignPath(q.ID), url.Values{"of": {"1"}}), http.StatusConflict, `id="problem"`)
	of := url.Values{"of": {strconv.Itoa(r.file(q.ID).Request.Draft.Way.Seq)}}
	r.shows(r.post(q.ID, deskpage.SignPath(q.ID), of), http.StatusConflict, `id="problem"`)
	r.to(ben.post(q.ID, deskpage.SignPath(q.ID), of), deskpage.LetterPath(q.ID))
	if way := r.file(q.ID).Request.Draft.Way; way.SignedBy != "Ben Ito/b2" || way.SendAt.IsZero() {
		t.Errorf("%+v", way)
	}
	r.to(ben.get(deskpage.SignPath(q.ID)), deskpage.FilePath(q.ID))
}

// Three people are enough for an appeal against an answer that two have given: the
// third decides, who signed before signs, and who decided before may do neither.
func TestSignAnAppeal(t *testing.T) {
	r := answering(t, foureyes.Refusal)
	q := r.confirmed(deadline.Correction)
	refusal := url.Values{"outcome.correction": {"refused"}, "ground.correction": {"disputed_accuracy"}, "explanation.correction": {"so steht es im Vertrag"}}
	ben, cleo := r.as("b2", "Ben Ito"), r.as("c3", "Cleo Diaz")
	r.ok(r.door.Rights.Decide(background, q.ID, "Anna Weber/a1", decision.Answer{Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: "disputed_accuracy"}}, Explanation: "so steht es im Vertrag"}))
	r.ok(r.door.Rights.Sign(background, q.ID, "Ben Ito/b2", r.file(q.ID).Request.Draft.Asked()))
	appeal, err := r.door.Rights.Appeal(background, q.ID, "look again")
	if err != nil {
		t.Fatal(err)
	}
	cleo.decide(appeal, "show", refusal)
	cleo.to(cleo.post(appeal.ID, "/desk/requests/"+appeal.ID+"/send", url.Values{"when": {"now"}}), deskpage.LetterPath(appeal.ID))
	first := r.get(deskpage.SignPath(appeal.ID))
	r.shows(first, http.StatusOK, q.ID, `id="problem"`)
	if strings.Contains(first.Body.String(), `action="`+deskpage.SignPath(appeal.ID)) {
		t.Error("who decided before can sign")
	}
	r.shows(ben.get(deskpage.SignPath(appeal.ID)), http.StatusOK, `action="`+deskpage.SignPath(appeal.ID))
	of := url.Values{"of": {strconv.Itoa(r.file(appeal.ID).Request.Draft.Way.Seq)}}
	r.to(ben.post(appeal.ID, deskpage.SignPath(appeal.ID), of), deskpage.LetterPath(appeal.ID))
}

// A fee that another must sign leads to where it waits, and shows the question.
func TestSignAFee(t *testing.T) {
	r := answering(t, foureyes.Fee)
	q := r.confirmed(deadline.Access)
	r.to(r.act(q, "ask", url.Values{"of": {"fee"}, "question": {"IBAN DE02"}, "amount": {"12,50"}, "currency": {"EUR"}, "because": {"excessive"}}), deskpage.LetterPath(q.ID))
	ben := r.as("b2", "Ben Ito")
	r.shows(ben.get(deskpage.SignPath(q.ID)), http.StatusOK, "IBAN DE02", "12.50 euros")
	r.to(ben.post(q.ID, deskpage.SignPath(q.ID), url.Values{"of": {strconv.Itoa(r.file(q.ID).Request.Draft.Way.Seq)}}), "/desk/requests/"+q.ID+"#history")
	if r.file(q.ID).Request.State != lifecycle.WaitingForPerson {
		t.Errorf("%s", r.file(q.ID).Request.State)
	}
}

// Sending and signing need a recent login; the page says so before, and calling back never does.
func TestSendingNeedsARecentLogin(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Access, deadline.Erasure)
	r.decide(q, "show", oneOfTwo)
	r.door.Sessions = one{session: staff.Session{ID: "s1", Account: staff.Account{ID: "a1", Name: "Anna Weber", Role: staff.Officer, SignedInAt: noon.Add(-time.Hour)}, StartedAt: noon.Add(-time.Hour), SeenAt: noon}}
	w := r.get(deskpage.LetterPath(q.ID))
	r.shows(w, http.StatusOK, deskpage.PathLogin+"?again")
	if strings.Contains(w.Body.String(), `name="when"`) {
		t.Error("a button that leads nowhere")
	}
	r.shows(r.post(q.ID, "/desk/requests/"+q.ID+"/send", url.Values{"when": {"now"}}), http.StatusUnauthorized)
	r.ok(r.door.Rights.Send(background, q.ID, "Anna Weber/a1", draft.Now))
	r.to(r.post(q.ID, "/desk/requests/"+q.ID+"/callback", url.Values{}), deskpage.DecidePath(q.ID))
}

// Who may not answer is told why; a request that is closed, or unclear, offers nothing to fill in.
func TestWhatCannotBeDecided(t *testing.T) {
	r := answering(t)
	closed := r.refused()
	appeal, err := r.door.Rights.Appeal(background, closed.ID, "look again")
	if err != nil {
		t.Fatal(err)
	}
	unsure := r.ok(r.door.Rights.Open(background, request.Intake{Address: testkit.Address(t, zoe), KindsUnsure: true, Source: intake.FromMail, Language: "de"}))
	for id, officer := range map[string]*rig{closed.ID: r, appeal.ID: r.as("b2", "Ben"), unsure.ID: r} {
		w := officer.get(deskpage.DecidePath(id))
		r.shows(w, http.StatusOK, `id="problem"`)
		if strings.Contains(w.Body.String(), `class="act`) {
			t.Errorf("%s offers a form", id)
		}
	}
}

func TestAnswersAsJSON(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Access, deadline.Erasure)
	call := func(method, path, body string) *httptest.ResponseRecorder {
		h := httptest.NewRequest(method, "https://desk.example"+path, strings.NewReader(body))
		h.Header.Set("Content-Type", "application/json")
		h.Header.Set("Accept", "application/json")
		return r.send(h)
	}
	seq := func() string { return `"seq":` + strconv.Itoa(r.file(q.ID).Request.Head.Seq) }
	var form deskpage.Decide
	if err := json.Unmarshal(call(http.MethodGet, deskpage.DecidePath(q.ID), "").Body.Bytes(), &form); err != nil || len(form.Kinds) != 2 || len(form.Kinds[1].Offers) == 0 {
		t.Errorf("%+v %v", form, err)
	}
	r.shows(call(http.MethodPost, deskpage.DecidePath(q.ID), `{`+seq()+`,"do":"show","outcome.access":"fulfilled"}`), http.StatusUnprocessableEntity, `"field":"outcome.erasure"`)
	r.shows(call(http.MethodPost, deskpage.DecidePath(q.ID), `{`+seq()+`,"do":"show","outcome.access":"fulfilled","outcome.erasure":"refused","ground.erasure":["legal_obligation"],"explanation.erasure":"x"}`), http.StatusOK, deskpage.LetterPath(q.ID))
	var letter deskpage.Letter
	w := call(http.MethodGet, deskpage.LetterPath(q.ID), "")
	if err := json.Unmarshal(w.Body.Bytes(), &letter); err != nil || !letter.Clean || letter.Theirs == nil || letter.Theirs.Lang != "de" || strings.Contains(w.Body.String(), zoe) {
		t.Errorf("%s %v", w.Body, err)
	}
	r.shows(call(http.MethodPost, deskpage.FilePath(q.ID)+"/send", `{`+seq()+`,"when":"never"}`), http.StatusUnprocessableEntity)
	r.shows(call(http.MethodPost, deskpage.FilePath(q.ID)+"/send", `{`+seq()+`,"when":"now"}`), http.StatusOK, `"status":"done"`)
}

// The form says beforehand where even a grant needs words of our own.
func TestTheFormSaysWhichGrantsNeedWords(t *testing.T) {
	for kind, says := range map[intake.Kind]string{
		deadline.ChildErasure: "Write which data of the child", deadline.Information: "your words are the answer", deadline.Access: "Required unless you grant it in full",
	} {
		r := answering(t)
		q := r.confirmed(kind)
		r.shows(r.get("/desk/requests/"+q.ID+"/decide"), http.StatusOK, says)
		if code := r.decide(q, "show", url.Values{"outcome." + string(kind): {"fulfilled"}}).Code; (code == http.StatusSeeOther) != (kind == deadline.Access) {
			t.Errorf("%s: %d", kind, code)
		}
	}
}

// A file that only a human can read waits, in California, until somebody has said that they have looked.
func TestFilesThatMustBeLookedAt(t *testing.T) {
	r := answering(t)
	q := r.confirmed(deadline.Access)
	r.ok(r.door.Rights.Amend(background, q.ID, "Ben/b2", request.Amendment{Place: &deadline.Jurisdiction{Country: "US", Region: "CA"}}))
	r.holding(q.ID, attachment.File{ID: "a1b2c3d4", Type: attachment.PDF}, attachment.File{ID: "e5f6a7b8", Type: attachment.CSV, Found: []string{"social_security_number"}})
	w := r.decide(q, "show", url.Values{"outcome.access": {"fulfilled"}})
	r.to(w, deskpage.LetterPath(q.ID))
	w = r.get(deskpage.LetterPath(q.ID))
	r.shows(w, http.StatusOK, "11 CCR 7024(d)", "a Social Security number", q.ID+"-e5f6a7.csv", q.ID+"-a1b2c3.pdf", `name="law" value="us-ca"`, "Added at the desk")
	if strings.Contains(w.Body.String(), `name="when"`) {
		t.Error("it can be sent")
	}
	r.shows(r.post(q.ID, "/desk/requests/"+q.ID+"/send", url.Values{"when": {"now"}}), http.StatusConflict, `id="problem"`, "Only a human can see")
	r.to(r.post(q.ID, "/desk/requests/"+q.ID+"/looked", url.Values{}), deskpage.LetterPath(q.ID))
	if r.count(q.ID, lifecycle.EventFilesChecked) != 0 {
		t.Error("nothing was ticked")
	}
	r.shows(r.post(q.ID, "/desk/requests/"+q.ID+"/looked", url.Values{"law": {"us-mn"}}), http.StatusUnprocessableEntity)
	r.to(r.post(q.ID, "/desk/requests/"+q.ID+"/looked", url.Values{"law": {"us-ca"}}), deskpage.LetterPath(q.ID))
	w = r.get(deskpage.LetterPath(q.ID))
	r.shows(w, http.StatusOK, `name="when"`)
	if strings.Contains(w.Body.String(), `name="law"`) || r.last(q.ID).Kind != string(lifecycle.EventFilesChecked) {
		t.Error("it is asked again")
	}
	r.shows(r.get("/desk/requests/"+q.ID), http.StatusOK, "nothing in them must be withheld", "11 CCR 7024(d)")
	r.to(r.post(q.ID, "/desk/requests/"+q.ID+"/send", url.Values{"when": {"now"}}), deskpage.LetterPath(q.ID))
}

// holding is a request with files for the person.
func (r *rig) holding(id string, files ...attachment.File) {
	r.t.Helper()
	q := r.file(id).Request
	q.Version++
	for i := range files {
		files[i].Request, files[i].For, files[i].State, files[i].StoredAt = id, attachment.Answer, attachment.Stored, r.door.Now()
	}
	if err := r.store.Save(background, request.Step{Request: q, Files: files}); err != nil {
		r.t.Fatal(err)
	}
}
