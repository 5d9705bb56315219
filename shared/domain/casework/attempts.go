package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// attempt is an act as it is tried, with input that is good whatever the file is.
type attempt struct {
	code, of string
	do       func(context.Context, *request.Service) (request.Request, error)
}

// trying is whose acts on what are tried.
type trying struct {
	*request.File
	id, officer, actor string
}

// attempts are all acts, those with a variant once for each that they have.
func attempts(f *request.File, officer string) []attempt {
	t := trying{f, f.Request.ID, officer, audit.AsOfficer(officer)}
	return slices.Concat(t.deciding(), t.asking(), t.extending(), t.mending(), t.mailing(), t.ending(), t.telling(), t.noting())
}

func (t trying) deciding() []attempt {
	all := []attempt{
		{"verify", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Verify(ctx, t.id, t.officer, sampleCheck(&t.Request))
		}},
		{"draft", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.SaveDraft(ctx, t.id, t.officer, decision.Answer{Outcome: decision.Grant, Explanation: t.id})
		}},
		{"callback", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.CallBack(ctx, t.id, t.officer)
		}},
		{"sign", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Sign(ctx, t.id, t.officer, t.Request.Draft.Asked())
		}},
	}
	for _, when := range draft.Whens {
		all = append(all, attempt{"send", string(when), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Send(ctx, t.id, t.officer, when)
		}})
	}
	for _, o := range []decision.Outcome{decision.Grant, decision.Partly, decision.Refuse} {
		all = append(all, attempt{"decide", string(o), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Decide(ctx, t.id, t.officer, sampleAnswer(o))
		}})
	}
	return all
}

func (t trying) asking() []attempt {
	all := []attempt{{"answer", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Answer(ctx, t.id, t.officer, time.Time{})
	}}}
	for _, w := range sampleQuestions(&t.Request) {
		all = append(all, attempt{"ask", string(w.Cause), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Ask(ctx, t.id, t.officer, w)
		}})
	}
	return all
}

// reasons are those that laws know for an extension.
var reasons = []deadline.Reason{deadline.Complexity, deadline.Number, deadline.Necessary, deadline.Interference, deadline.Consultation}

func (t trying) extending() []attempt {
	var all []attempt
	for _, reason := range reasons {
		all = append(all, attempt{"extend", string(reason), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Extend(ctx, t.id, t.officer, reason, anyWords)
		}})
	}
	return all
}

func (t trying) mending() []attempt {
	return []attempt{
		{"amend", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Amend(ctx, t.id, t.officer, request.Amendment{Language: t.Request.Language + "-x"})
		}},
		{"join", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			earlier := t.Request
			earlier.ID, earlier.ClockFrom, earlier.ReceivedAt = t.id+"-", earlier.ClockFrom.Add(-time.Second), earlier.ReceivedAt.Add(-time.Second)
			own := *s
			own.Store = twin{s.Store, earlier}
			return own.Join(ctx, t.id, t.officer, earlier.ID, anyWords)
		}},
		{"erase", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Erase(ctx, t.id, t.officer)
		}},
		{"reopen", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Reopen(ctx, t.id, t.officer, anyWords)
		}},
	}
}

func (t trying) mailing() []attempt {
	all := []attempt{{"resend", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Resend(ctx, t.id, t.actor)
	}}}
	for _, l := range t.Letters {
		if l.State == outbox.ToPost {
			all = append(all, attempt{"posted", fmt.Sprintf("%d-%s", l.Seq, l.Template), func(ctx context.Context, s *request.Service) (request.Request, error) {
				return s.Posted(ctx, t.id, t.officer, l.Seq, l.Template, s.Now(), false)
			}})
		}
	}
	for _, template := range t.letters() {
		all = append(all, attempt{"mail", string(template), func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.MailAgain(ctx, t.id, t.officer, template)
		}})
	}
	return all
}

// letters are those that could go again, each once.
func (t trying) letters() []outbox.Template {
	var all []outbox.Template
	for _, l := range t.Letters {
		if !slices.Contains(all, l.Template) {
			all = append(all, l.Template)
		}
	}
	return all
}

func (t trying) ending() []attempt {
	return []attempt{
		{"expire", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Expire(ctx, t.id, t.actor)
		}},
		{"spam", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Expire(ctx, t.id, t.actor, lifecycle.Spam)
		}},
		{"withdraw", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Withdraw(ctx, t.id, t.actor)
		}},
	}
}

// telling are the acts on what other systems must do, where one has something to do.
func (t trying) telling() []attempt {
	open := ledger.Unended(t.Systems)
	if len(open) == 0 {
		return nil
	}
	d := ledger.Deed{System: open[0].System, Task: open[0].Task, State: ledger.Done, Outcome: ledger.Outcome{Why: anyWords}, By: t.officer}
	does := func(act ledger.Act) func(context.Context, *request.Service) (request.Request, error) {
		d.Act = act
		d := d
		return func(ctx context.Context, s *request.Service) (request.Request, error) { return s.Ledger(ctx, t.id, d) }
	}
	return []attempt{{"system", "", does(ledger.Set)}, {"tell", "", does(ledger.Again)}}
}

func (t trying) noting() []attempt {
	return []attempt{
		{"disagree", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Disagree(ctx, t.id, t.actor, t.Request.Statement+anyWords)
		}},
		{"appeal", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Appeal(ctx, t.id, anyWords, intake.Entered{Officer: t.officer, By: intake.Channels[0]})
		}},
		{"seen", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Seen(ctx, t.id, t.officer)
		}},
		{"note", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Note(ctx, t.id, t.officer, anyWords)
		}},
		{"assign", "", func(ctx context.Context, s *request.Service) (request.Request, error) {
			return s.Assign(ctx, t.id, t.officer, "desk/"+foureyes.Caller(t.Request.Assignee)+"-")
		}},
	}
}

// sampleCheck verifies whoever asks; of what is unsure it names the kind that does
// the least.
func sampleCheck(r *request.Request) intake.Verification {
	v := intake.Verification{Checked: intake.Checks[:1]}
	if r.KindsUnsure {
		v.Kinds = []intake.Kind{deadline.Information}
	}
	return v
}
