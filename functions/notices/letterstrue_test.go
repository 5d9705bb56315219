package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

// says wants pieces in the last mail, and others not.
func (r *rig) says(name string, pieces, not []string) {
	r.t.Helper()
	text := oneLine(r.last())
	for _, piece := range pieces {
		if !strings.Contains(text, piece) {
			r.t.Errorf("%s: %q is missing in\n%s", name, piece, r.last().Text)
		}
	}
	for _, piece := range not {
		if strings.Contains(text, piece) {
			r.t.Errorf("%s: %q stands in\n%s", name, piece, r.last().Text)
		}
	}
}

// Who verified the person is known from the history; and what a mail of its
// own asks for is not asked for in half.
func TestAcknowledgementSaysHow(t *testing.T) {
	const shown, known, answer = "Our link has shown", "We called you back at a number that we already knew.", "Please answer by"
	agent := func(r *rig) request.Request {
		in := r.intake(germany, deadline.Access)
		in.OnBehalfOf = intake.Agent
		return r.opened(in)
	}
	for name, c := range map[string]struct {
		of          func(*rig) request.Request
		pieces, not []string
	}{
		"by our link": {func(r *rig) request.Request { return r.opened(r.intake(germany, deadline.Access)) }, []string{shown}, []string{known, answer}},
		"by an officer": {func(r *rig) request.Request {
			return r.ok(r.rights.Verify(background, r.open(r.intake(germany, deadline.Access)).ID, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}}))
		}, []string{known}, []string{shown, answer}},
		"an agent, whose proof it asks for": {agent, []string{shown, "signed written authority", answer}, nil},
	} {
		r := newRig(t)
		c.of(r)
		r.run()
		r.says(name, c.pieces, c.not)
	}
	r := newRig(t)
	q := r.opened(r.intake(germany, deadline.Access))
	r.ok(r.rights.Ask(background, q.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Proofs: []intake.Proof{intake.WrittenAuthority}}))
	r.run()
	asked := r.post.mails[len(r.post.mails)-1]
	if !strings.Contains(oneLine(asked), answer) || !strings.Contains(asked.Subject, "need something") {
		t.Errorf("the mail that asks: %s", asked.Text)
	}
	r.post.mails = r.post.mails[:len(r.post.mails)-1]
	r.says("asked before it left", []string{shown}, []string{answer, "signed written authority"})
}

// Each mail about a closed request says truly until when its page shows it: by
// the schedule, to the end of the last day.
func TestMailsSayHowLongThePageIsThere(t *testing.T) {
	whole := "You can see your request on this page until 22 November 2028:"
	log := "Until 22 November 2036 this page shows that there was a request"
	grant := func(kinds ...intake.Kind) func(*rig) request.Request {
		return func(r *rig) request.Request {
			return r.ok(r.rights.Decide(background, r.opened(r.intake(germany, kinds...)).ID, "dpo", decision.Answer{Outcome: decision.Grant}))
		}
	}
	for name, c := range map[string]struct {
		of          func(*rig) request.Request
		pieces, not []string
	}{
		"nobody confirmed it": {eachMail["expired"].of, []string{"You can see your request on this page until 22 December 2026. Then we delete it:"}, []string{"2028", "2036", "year"}},
		"it was let go unconfirmed": {func(r *rig) request.Request {
			return r.ok(r.rights.Withdraw(background, r.open(r.intake(germany, deadline.Access)).ID, audit.ByPerson))
		}, []string{"You can see your request on this page until 22 December 2026."}, []string{"2028", "2036"}},
		"it was withdrawn":  {eachMail["withdrawn"].of, []string{whole}, nil},
		"in effect already": {eachMail["opted_out"].of, []string{whole}, nil},
		"answered":          {grant(deadline.Access), []string{whole}, []string{"erase"}},
		"erased at once":    {grant(deadline.Erasure), []string{log, "We erase your data at once", "under a pseudonym", "Backup copies until 7 December 2026", "The log of this request until 22 November 2036"}, []string{"2028", "you find your request with"}},
		"fetched, then erased": {grant(deadline.Access, deadline.Erasure), []string{
			"You can see your request on this page until 27 November 2026", "We erase your data on 28 November 2026", "under a pseudonym", "Backup copies until 13 December 2026"}, []string{"at once", "2028"}},
	} {
		r := newRig(t)
		q := c.of(r)
		r.run()
		if r.file(q.ID).Request.State == lifecycle.Expired && r.clock.Sub(q.ReceivedAt) < 7*24*time.Hour {
			t.Fatalf("%s: too early", name)
		}
		r.says(name, c.pieces, c.not)
	}
}

// What holds already is no lie beside the rest, which waits.
func TestVerificationSaysWhatHolds(t *testing.T) {
	r := newRig(t)
	r.open(r.intake(germany, deadline.Erasure, deadline.OptOutOfSale))
	r.run()
	r.says("with an opt-out", []string{"we do nothing more"}, []string{"show, change and delete nothing"})
	r = newRig(t)
	r.open(r.intake(germany, deadline.Access))
	r.run()
	r.says("without", []string{"show, change and delete nothing"}, []string{"in effect already"})
}

// A letter reads well without a clause.
func TestRefusalWithoutAClause(t *testing.T) {
	r := newRig(t)
	q := r.opened(r.intake(deadline.Jurisdiction{Country: "US", Region: "VA"}, deadline.Access))
	r.ok(r.rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Refuse, Explanation: "Nothing under this address.", Grounds: []decision.Given{{Ground: decision.NoDataFound}}}))
	r.run()
	r.says("Virginia", []string{"We have looked and found no data about you. In our own words: > Nothing under this address. If you do not agree", "You can appeal", "Attorney General"}, []string{"Legal basis", "CCR", "judicial", "GDPR", "review"})
}

// What was sent stands in the file, word for word but for the links that open
// something: whoever reads the records must not be able to act as the person.
func TestLettersAreKeptAsSent(t *testing.T) {
	r := newRig(t)
	q := r.opened(r.intake(germany, deadline.Access))
	r.ok(r.rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	r.run()
	sent, kept := r.last(), r.file(q.ID).Letters
	last := kept[len(kept)-1]
	if want := tokenInMail.ReplaceAllStringFunc(sent.Text, func(link string) string { return link[:strings.LastIndex(link, "/")+1] + "…" }); last.Subject != sent.Subject || last.Text != want || last.Text == sent.Text || last.Template != requestmail.Decision {
		t.Errorf("%s: %s\n%s\nwant\n%s", last.Template, last.Subject, last.Text, want)
	}
	for _, l := range kept {
		if tokenInMail.MatchString(l.Text) || l.State == outbox.Sent && l.Text == "" {
			t.Errorf("%s keeps %q", l.Template, l.Text)
		}
	}
}

// Nothing goes that could not be kept, and what may have gone is kept.
func TestWhatIsNotKeptDoesNotGo(t *testing.T) {
	r := newRig(t)
	q := r.open(r.intake(germany, deadline.Access))
	r.outbox.Queue = keepsNothing{r.optOuts.Outbox}
	r.run()
	if r.post.tries != 0 || r.states(q.ID) != "verify pending" {
		t.Errorf("%d tries, %s", r.post.tries, r.states(q.ID))
	}
	r.outbox.Queue, r.clock = r.optOuts.Outbox, r.clock.Add(2*time.Minute)
	r.post.err = fault.Wrap(fault.Unavailable, ses.ErrUnsure, "send a mail")
	r.run()
	if l := r.file(q.ID).Letters[0]; l.State != outbox.Unknown || !strings.Contains(l.Text, q.ID) {
		t.Errorf("%+v", l)
	}
}

type keepsNothing struct{ *testkit.Outbox }

func (keepsNothing) Keep(context.Context, outbox.Letter) error {
	return fault.New(fault.Unavailable, "throttled")
}

// A hold that was placed between the decision and its letter makes no untruth of it.
func TestAHoldSinceTheDecision(t *testing.T) {
	const now, since = "We erase your data at once", "Since we decided, a legal duty has arisen"
	for _, held := range []bool{false, true} {
		r := newRig(t)
		q := r.opened(r.intake(germany, deadline.Erasure))
		r.ok(r.rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
		if held {
			r.held = []request.KeptBack{{Hold: "H-1"}}
		}
		r.run()
		if text := strings.Join(strings.Fields(r.last().Text), " "); strings.Contains(text, now) == held || strings.Contains(text, since) != held {
			t.Errorf("held %v: %s", held, text)
		}
	}
}

// While another request of the person is open, their erasure waits for it: no letter says
// that it comes at once, and none names a day that nobody knows.
func TestAnErasureBesideAnotherRequest(t *testing.T) {
	const now, open, longer = "We erase your data at once", "We erase your data when that has ended.", "If that takes longer, we erase"
	unknown := []string{"Backup copies. They expire", "The log of this request: its dates", "Your request has a page of its own:"}
	grant := decision.Answer{Outcome: decision.Grant}
	for name, c := range map[string]struct {
		kinds       []intake.Kind
		other       func(*rig, string)
		pieces, not []string
	}{
		"open":             {nil, nil, append(unknown, open), []string{now, longer}},
		"open, and a date": {[]intake.Kind{deadline.Access}, nil, append(unknown[:2:2], "We erase your data on 28 November 2026", longer), []string{now, open}},
		"answered":         {nil, func(r *rig, id string) { r.ok(r.rights.Decide(background, id, "dpo", grant)) }, []string{now, "Backup copies until"}, []string{open, longer}},
		"fetched, by a day": {nil, func(r *rig, id string) {
			r.ok(r.rights.Amend(background, id, "dpo", request.Amendment{Kinds: []intake.Kind{deadline.Access}}))
			r.ok(r.rights.Decide(background, id, "dpo", grant))
		}, []string{"We erase your data on 28 November 2026. Until then we keep it for another request of yours"}, []string{now, open, longer}},
	} {
		r := newRig(t)
		other := r.opened(r.intake(germany, deadline.Correction))
		erasure := r.opened(r.intake(germany, append(c.kinds, deadline.Erasure)...))
		r.run()
		r.ok(r.rights.Decide(background, erasure.ID, "dpo", grant))
		if c.other != nil { // since the decision, too
			c.other(r, other.ID)
		}
		r.lastAbout(name, erasure.ID, c.pieces, c.not)
	}
}

// lastAbout sends what waits, and wants pieces in the letter of a decision, and others not.
func (r *rig) lastAbout(name, id string, pieces, not []string) {
	r.t.Helper()
	r.run()
	i := slices.IndexFunc(r.post.mails, func(m ses.Mail) bool {
		return strings.Contains(oneLine(m), "Reference: "+id) && strings.Contains(oneLine(m), "What we erase, and when")
	})
	if i < 0 {
		r.t.Fatalf("%s: no letter of the erasure", name)
	}
	r.post.mails = append(r.post.mails, r.post.mails[i])
	r.says(name, pieces, not)
}

// Every answer to a person in the United Kingdom names the way to complain to us, and no other answer does.
func TestEveryBritishAnswerNamesTheComplaint(t *testing.T) {
	way := []string{"You can complain to us about this answer", "section 164A", "within 30 days", "/requests?kind=complaint"}
	for name, d := range map[string]decision.Answer{
		"granted": {Outcome: decision.Grant}, "refused": {Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: decision.NoDataFound}}, Explanation: "We looked."},
	} {
		for country, has := range map[string]bool{"GB": true, "DE": false, "": false} {
			r := newRig(t)
			q := r.opened(r.intake(deadline.Jurisdiction{Country: country}, deadline.Access))
			r.ok(r.rights.Decide(background, q.ID, "dpo", d))
			r.run()
			if has {
				r.says(name+" "+country, way, nil)
			} else {
				r.says(name+" "+country, nil, way)
			}
		}
	}
}

// A letter to a place whose law we do not know says so, and cites nobody's.
func TestAcknowledgementCitesNobodysLaw(t *testing.T) {
	for country, says := range map[string]string{"": "We do not know where you live, so we can name no law.", "JP": "We know of no law where you live that sets a date for this."} {
		r := newRig(t)
		r.opened(r.intake(deadline.Jurisdiction{Country: country}, deadline.Access))
		r.run()
		r.says("to "+country, []string{says, "strictest period"}, []string{"LGPD", "GDPR", "CCPA", "CCR", "Art."})
	}
}

// A correction that moves the date goes in the language that holds now. It costs
// nobody nothing who is asked for a fee.
func TestCorrectionInTheirLanguage(t *testing.T) {
	const free = "Es kostet Sie nichts"
	r := newRig(t)
	q := r.opened(r.intake(germany, deadline.Access))
	r.run()
	place := california
	r.ok(r.rights.Amend(background, q.ID, "dpo", request.Amendment{Place: &place, Language: "de"}))
	r.run()
	r.says("moved", []string{"California, Vereinigte Staaten (bisher: Deutschland)", "Vor der Berichtigung war es der 22. Dezember 2026.", "7. Januar 2027"}, []string{free, "DSGVO"})
	for asked, says := range map[bool]string{false: "It costs you nothing.", true: ""} {
		r = newRig(t)
		q = r.opened(r.intake(germany, deadline.Access))
		if asked {
			fee := waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.Excessive}
			r.ok(r.rights.Ask(background, q.ID, "dpo", waiting.Waiting{Cause: deadline.Fee, Fee: &fee, Question: "Five copies."}))
		}
		r.run()
		text := ""
		for _, m := range r.post.mails {
			text += oneLine(m)
		}
		if strings.Contains(text, "costs you nothing") != (says != "") {
			t.Errorf("asked %v: %s", asked, text)
		}
	}
}

// Of a child, or of whom an agent acts for, it is not said that the data are "yours".
func TestNobodyElsesDataAreYours(t *testing.T) {
	for behalf, own := range map[intake.Behalf]bool{intake.Self: true, intake.Parent: false, intake.Agent: false} {
		r := newRig(t)
		in := r.intake(germany, deadline.Correction)
		in.OnBehalfOf = behalf
		q := r.opened(in)
		if q.Waiting != nil {
			q = r.ok(r.rights.Answer(background, q.ID, "dpo", time.Time{}))
		}
		r.ok(r.rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
		r.run()
		if text := oneLine(r.last()); !strings.Contains(text, "We grant this.") || strings.Contains(text, "We have corrected your data.") != own {
			t.Errorf("%s: %s", behalf, text)
		}
	}
}
