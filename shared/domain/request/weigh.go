package request

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// weighed is an answer with what it is judged by, and the judgement. The preview
// and the act use the same one.
type weighed struct {
	draft.Plan
	decision *decision.Decision // nil: it is not complete
	faults   []decision.Fault
	held     []KeptBack // of the person's erasure, where it is asked for and granted
	asked    bool       // a proof was asked for before
}

// weigh reads what an answer of an officer's is judged by, and judges it.
func (t *step) weigh(ctx context.Context, officer string, answers []decision.Answer) (weighed, error) {
	var w weighed
	if err := t.readSystems(ctx); err != nil {
		return w, err
	}
	if !t.Request.KindsUnsure {
		w.decision, w.faults = DecisionFacts(&t.Request).Review(answers, t.at)
	}
	if d := w.decision; d != nil {
		d.By = officer
		var err, askedErr error
		if intake.Erases(d.Granted(true)) {
			err = t.readOthers(ctx)
			if t.Holds != nil && err == nil {
				w.held, err = t.Holds.KeptBack(ctx, &t.Request)
			}
		}
		if t.Request.Waiting == nil && d.Gives(decision.EvidenceMissing) {
			w.asked, askedErr = t.askedBefore(ctx, deadline.Identity)
		}
		if err == nil && intake.Exports(d.Granted(true)) {
			err = t.readFiles(ctx, officer)
		}
		if err := errors.Join(err, askedErr); err != nil {
			return w, err
		}
	}
	return w, t.judge(&w, officer)
}

// DecisionFacts is what an answer to a request is judged by. It is no method: every
// function that writes requests as JSON would have the rules of decisions in it.
func DecisionFacts(r *Request) decision.Facts {
	return decision.Facts{Kinds: r.unanswered(), Place: r.Place, Repeated: r.Repeated, Others: !r.OwnData()}
}

// judge says what happens when the answer goes, and whether it may. It reads
// nothing but what it is given.
func (t *step) judge(w *weighed, officer string) error {
	w.Checks = []draft.Check{t.kindsKnown()}
	if !t.Request.KindsUnsure {
		w.Checks = append(w.Checks, answerChecks(w.faults)...)
	}
	w.Checks = append(w.Checks, t.mayBe(w.decision), t.byAnother(officer))
	if d := w.decision; d != nil {
		w.Outcome, w.Answers, w.Needs = d.Outcome, d.Answers, t.signatures(d, w.held)
		w.Checks = append(w.Checks, t.timesGiven(d, w.asked)...)
		w.Checks = append(w.Checks, holdCheck(d, w.held), t.gatheredCheck(d))
		w.Checks = append(w.Checks, t.withheldChecks(d)...)
	}
	w.Checks = append(w.Checks, t.warnings(w)...)
	return t.foresee(w)
}

// check is one check, with the error by which an act is refused: it says by the
// check's code and facts why (fault.BecauseOf), unless it says so itself.
func check(code draft.CheckCode, err error, facts ...string) draft.Check {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Why.Code == "" {
		f.Why = fault.Because{Code: string(code), Facts: pairs(facts)}
	}
	return draft.Check{Code: code, OK: err == nil, Blocks: true, Facts: pairs(facts), Err: err}
}

// pairs makes facts of names and values; what is empty is left out.
func pairs(facts []string) map[string]string {
	all := map[string]string{}
	for i := 0; i < len(facts); i += 2 {
		if facts[i+1] != "" {
			all[facts[i]] = facts[i+1]
		}
	}
	return all
}

func (t *step) kindsKnown() draft.Check {
	if !t.Request.KindsUnsure {
		return check(draft.KindsKnown, nil)
	}
	return check(draft.KindsKnown, fault.New(fault.Conflict, "it is not known yet what the person asks for: they choose when they confirm, or verify names the kinds"))
}

// answerChecks are those of the words of the answer: each kind has one, with its
// grounds and its explanation.
func answerChecks(faults []decision.Fault) []draft.Check {
	var all []draft.Check
	for _, code := range []draft.CheckCode{draft.Answered, draft.Grounds, draft.Explained} {
		found := false
		for _, f := range faults {
			if of, reason := faultOf(f); of == code {
				all, found = append(all, check(code, f.Err, "kind", string(f.Kind), "reason", reason)), true
			}
		}
		if !found {
			all = append(all, check(code, nil))
		}
	}
	return all
}

// faultOf is the check that a fault belongs to, and why.
func faultOf(f decision.Fault) (code draft.CheckCode, reason string) {
	code = draft.Answered
	for _, field := range fault.FieldsOf(f.Err) {
		reason = field.Reason
		switch field.Field {
		case "grounds":
			code = draft.Grounds
		case "explanation":
			code = draft.Explained
		}
	}
	return code, reason
}

// mayBe reports whether the request can be answered so in its state; of an
// answer that is not complete, whether it can be answered at all.
func (t *step) mayBe(d *decision.Decision) draft.Check {
	event := lifecycle.EventRefused
	if d != nil {
		event = lifecycle.Event(d.Outcome)
	}
	_, err := lifecycle.Next(t.Request.State, event)
	return check(draft.State, err, "state", string(t.Request.State))
}

// byAnother refuses that whoever decided on a request decides on the appeal
// against it, or who signed that. It is the caller that counts, not the role that
// they give.
func (t *step) byAnother(officer string) draft.Check {
	r := &t.Request
	same := foureyes.Caller(r.AnsweredBy) == foureyes.Caller(officer) || r.AnsweredSigned != "" && foureyes.Caller(r.AnsweredSigned) == foureyes.Caller(officer)
	if r.AppealOf == "" || !t.Settings.OtherEyes || !same {
		return check(draft.AnotherOfficer, nil, "request", r.AppealOf)
	}
	return check(draft.AnotherOfficer, decidedBefore(r.AppealOf), "request", r.AppealOf)
}

func decidedBefore(request string) error {
	return fault.New(fault.Conflict, "you decided on request %s: another officer must decide on the appeal against it (requests.appeal_by_another)", request).
		Because(string(draft.AnotherOfficer), "request", request)
}

// holdCheck refuses that an erasure is granted which a legal hold keeps back: the
// letter would say what is not true.
func holdCheck(d *decision.Decision, held []KeptBack) draft.Check {
	if len(held) == 0 || !intake.Erases(d.Granted(false)) {
		return check(draft.Hold, nil)
	}
	return check(draft.Hold, fault.New(fault.Conflict, "legal hold %s keeps this person's data: answer the erasure with %q, a ground and words of why it is kept (the rest follows when the hold is lifted), or lift the hold first",
		names(held), decision.Partly), "holds", names(held))
}

// signatures are the acts of a decision that another must sign.
func (t *step) signatures(d *decision.Decision, held []KeptBack) []foureyes.Act {
	var acts []foureyes.Act
	if d.Outcome == decision.Refuse {
		acts = append(acts, foureyes.Refusal)
	}
	if t.ordersErasure(d, held) {
		acts = append(acts, foureyes.Erasure)
	}
	return t.Settings.FourEyes.Of(acts...)
}

// warnings are what an officer should know, and does not keep the answer back.
func (t *step) warnings(w *weighed) []draft.Check {
	r := &t.Request
	var needs []string
	for _, act := range w.Needs {
		needs = append(needs, string(act))
	}
	warn := func(code draft.CheckCode, ok bool, facts ...string) draft.Check {
		return draft.Check{Code: code, OK: ok, Facts: pairs(facts)}
	}
	w.Times = map[draft.When]string{draft.Now: stamp(t.sendAt(draft.Now)), draft.Morning: stamp(t.sendAt(draft.Morning))}
	var late []string
	for _, when := range draft.Whens {
		if t.sendAt(when).After(r.DueAt) && !r.State.Decided() {
			late = append(late, string(when))
		}
	}
	reply := warn(draft.Reply, r.Look == nil)
	if r.Look != nil {
		reply.Facts["why"] = string(r.Look.Why)
	}
	all := []draft.Check{
		warn(draft.Signature, len(needs) == 0, "needs", strings.Join(needs, " ")),
		warn(draft.Due, len(late) == 0, "due_at", stamp(r.DueAt), "late", strings.Join(late, " ")),
	}
	if !r.Paper {
		return append(all, warn(draft.Mail, r.MailFailedAt.IsZero(), "failed_at", stamp(r.MailFailedAt)), reply)
	}
	encloses := w.decision != nil && r.OwnData() && intake.Exports(w.decision.Granted(true))
	return append(all, reply, warn(draft.Enclosure, !encloses))
}

// compare adds whether the answer is still what was sent: its words, and what it
// was judged by.
func (t *step) compare(w *weighed, way *draft.Way) {
	err := error(nil)
	if w.decision != nil && t.changed(w, way) {
		err = fault.New(fault.Conflict, "the request, or what is held of the person, has changed since: look at the answer again").Because("changed")
	}
	i := slices.IndexFunc(w.Checks, func(c draft.Check) bool { return !c.Blocks })
	w.Checks = slices.Insert(w.Checks, i, check(draft.Changed, err))
}

// changed reports whether an answer was judged by something else when it was sent.
// What the person has written since counts where we say that nothing came, and every
// file that has come since: nobody has looked at it.
func (t *step) changed(w *weighed, way *draft.Way) bool {
	nothingCame := w.decision.Gives(decision.EvidenceMissing) || w.decision.Gives(decision.FeeUnpaid)
	unsigned := slices.ContainsFunc(w.Needs, func(a foureyes.Act) bool { return !slices.Contains(way.Needs, a) })
	came := slices.ContainsFunc(t.given(), func(a attachment.File) bool { return a.StoredAt.After(way.At) })
	return came || unsigned || !draft.Same(w.Answers, way.Answers) || len(w.held) > 0 != way.Held || t.Request.State != way.State || nothingCame && t.replied() != way.Replied
}

// refusal is the error of the first check that keeps the answer back.
func (w *weighed) refusal() error {
	if c := w.Plan.Refusal(); c != nil {
		return c.Err
	}
	return nil
}

// stamp is a time as facts have it, "" for none.
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(civil.Stamp)
}
