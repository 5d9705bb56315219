package casework

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// Act is something that an officer may do with a file, or why they may not now.
type Act struct {
	Code     string // an operation of the desk: "ask", "extend", …
	Of       string // of ask the cause, of extend the reason, of decide the outcome, of send the time, of mail the template
	Possible bool
	Why      fault.Because // where it is not possible; "done" where it would change nothing
	Usual    bool          // the next step of most such files: one at most
	Outcome                // where it is possible; DueAt equals Before where the date stays
}

// attempt is an act as it is tried: with input that is good whatever the file is.
type attempt struct {
	code, of string
	do       func(context.Context, *request.Service) (request.Request, error)
}

// Acts tries every act on a file for an officer. Whether their input is good, such
// as an explanation, is for the act to say. Errors: only those of reading.
func (d *Desk) Acts(ctx context.Context, f request.File, officer string) ([]Act, error) {
	trial := d.Try(f)
	var acts []Act
	for _, a := range attempts(&f, officer) {
		o, err := trial.Act(ctx, a.do)
		if fault.CodeOf(err) == fault.Unavailable || fault.CodeOf(err) == fault.Internal {
			return nil, err
		}
		act := Act{Code: a.code, Of: a.of, Possible: err == nil && o.Did, Outcome: o}
		if a.code == "verify" && f.Request.KindsUnsure {
			act.DueAt = time.Time{} // it depends on the kinds that the officer names
		}
		switch {
		case err != nil:
			act.Why = fault.BecauseOf(err)
		case !o.Did:
			act.Why = fault.Because{Code: "done"}
		}
		acts = append(acts, act)
	}
	if i := usual(&f, acts, d.Requests.Now()); i >= 0 {
		acts[i].Usual = true
	}
	return acts, nil
}

// attempts are all acts, those with a variant once for each that they have.
func attempts(f *request.File, officer string) []attempt {
	id, actor := f.Request.ID, officerActor(officer)
	var all []attempt
	add := func(code, of string, do func(context.Context, *request.Service) (request.Request, error)) {
		all = append(all, attempt{code, of, do})
	}
	add("verify", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		v := request.Verification{Checked: intake.Checks[:1]}
		if f.Request.KindsUnsure {
			v.Kinds = []intake.Kind{deadline.Information}
		}
		return s.Verify(ctx, id, officer, v)
	})
	add("answer", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Answer(ctx, id, officer, time.Time{})
	})
	for _, o := range []decision.Outcome{decision.Grant, decision.Partly, decision.Refuse} {
		add("decide", string(o), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Decide(ctx, id, officer, sampleAnswer(o))
		})
	}
	add("draft", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.SaveDraft(ctx, id, officer, decision.Answer{Outcome: decision.Grant, Explanation: f.Request.ID})
	})
	for _, when := range draft.Whens {
		add("send", string(when), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Send(ctx, id, officer, when)
		})
	}
	add("callback", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.CallBack(ctx, id, officer)
	})
	add("sign", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Sign(ctx, id, officer, 0)
	})
	for _, w := range sampleQuestions(&f.Request) {
		add("ask", string(w.Cause), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Ask(ctx, id, officer, w)
		})
	}
	for _, reason := range reasons {
		add("extend", string(reason), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Extend(ctx, id, officer, reason, anyWords)
		})
	}
	add("amend", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Amend(ctx, id, officer, request.Amendment{Language: f.Request.Language + "-x"})
	})
	add("erase", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Erase(ctx, id, officer)
	})
	add("reopen", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Reopen(ctx, id, officer, anyWords)
	})
	add("resend", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Resend(ctx, id, actor)
	})
	for _, template := range lettersOf(f) {
		add("mail", string(template), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.MailAgain(ctx, id, officer, template)
		})
	}
	add("expire", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Expire(ctx, id, actor)
	})
	add("withdraw", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Withdraw(ctx, id, actor)
	})
	add("disagree", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Disagree(ctx, id, actor, f.Request.Statement+anyWords)
	})
	add("seen", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Seen(ctx, id, officer)
	})
	add("note", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Note(ctx, id, officer, anyWords)
	})
	add("assign", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Assign(ctx, id, officer, "desk/"+idOf(f.Request.Assignee)+"-")
	})
	return all
}

// reasons are those that laws know for an extension.
var reasons = []deadline.Reason{deadline.Complexity, deadline.Number, deadline.Necessary, deadline.Interference, deadline.Consultation}

// lettersOf are the letters that could go again, each once.
func lettersOf(f *request.File) []outbox.Template {
	var all []outbox.Template
	for _, l := range f.Letters {
		if !slices.Contains(all, l.Template) {
			all = append(all, l.Template)
		}
	}
	return all
}
