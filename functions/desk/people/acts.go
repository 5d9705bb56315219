package people

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/domain/waiting"
)

// acts are all acts that have a form.
var acts map[string]act

func init() {
	acts = map[string]act{
		"note":   {do: note},
		"assign": {do: assign, offers: mayHave, filled: assigned},
		"verify": {
			do:    verify,
			tried: func(f *request.File, _ string) deskpage.Typed { return triedVerification(f) },
		},
		"ask": {
			of: []string{"identity", "clarification", "fee"}, do: ask,
			tried: triedQuestion,
		},
		"answer": {do: answer, tried: nothing},
		"extend": {
			do: extend, offers: reasons,
			tried: func(_ *request.File, of string) deskpage.Typed {
				return deskpage.Typed{"reason": {cmp.Or(of, string(deadline.Complexity))}}
			},
		},
		"amend": {do: amend, filled: presentFacts, tried: triedAmendment, shows: func(f *request.File, o casework.Outcome) []deskpage.Change { return changes(&f.Request, &o.Request) }},
		"join":  {do: join, filled: joinedBefore, shows: whatStays},
		"reopen": {
			do:    reopen,
			tried: func(*request.File, string) deskpage.Typed { return deskpage.Typed{"reason": {"…"}} },
		},
		"expire":   {do: expire, tried: nothing},
		"spam":     {do: spam, tried: nothing},
		"withdraw": {do: withdraw, tried: nothing},
		"seen":     {do: seen, tried: nothing},
		"disagree": {
			do: disagree,
			tried: func(*request.File, string) deskpage.Typed {
				return deskpage.Typed{"statement": {"…"}, "came_by": {"post"}}
			},
		},
		"appeal": {
			do: appeal,
			tried: func(*request.File, string) deskpage.Typed {
				return deskpage.Typed{"reasons": {"…"}, "came_by": {"post"}}
			},
		},
		"mail": {
			do: mailAgain, offers: unsent,
			tried: func(_ *request.File, of string) deskpage.Typed { return deskpage.Typed{"mail": {of}} },
		},
		"posted": {
			do: postedOn, offers: toPost,
			tried: func(_ *request.File, of string) deskpage.Typed { return deskpage.Typed{"letter": {of}} },
		},
		"resend": {do: resend, tried: nothing},
		"erase":  {do: erase, tried: nothing},
		"system": {do: setSystem, offers: systemTasks("system", deskpage.Typed{"outcome": {"done"}, "why": {"…"}})},
		"tell":   {do: tellSystem, offers: systemTasks("tell", nil)},

		"file":    {do: addFile, offers: whom, tried: triedFile, quiet: true},
		"replace": {do: replaceFile, offers: filesFor("replace")},
		"remove":  {do: removeFile, offers: filesFor("remove")},
	}
}

func nothing(*request.File, string) deskpage.Typed { return deskpage.Typed{} }

func note(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, err := text(w.typed, "note")
	if err != nil {
		return request.Request{}, err
	}
	return s.Note(ctx, w.id, w.officer, words)
}

func assign(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	if _, chosen := w.typed["to"]; !chosen {
		return request.Request{}, fault.Field("to", "unchosen", "to must be a person at the desk, or nobody")
	}
	to := w.typed.First("to")
	if to == nobody {
		to = ""
	}
	return s.Assign(ctx, w.id, w.officer, to)
}

// nobody is the choice of no assignee; a field that is empty is not sent.
const nobody = "nobody"

func assigned(f *request.File) deskpage.Typed {
	if f.Request.Assignee == "" {
		return nil
	}
	return deskpage.Typed{"to": {f.Request.Assignee}}
}

// mayHave are those to whom a file can be given: who asks, who is signed in, whoever has worked on it, and nobody.
func mayHave(v *visit, f *request.File) []deskpage.Choice {
	var all []deskpage.Choice
	add := func(officer string) {
		known := slices.ContainsFunc(all, func(c deskpage.Choice) bool { return c.Value == officer })
		if name := nameOf(officer); name != "" && !known {
			all = append(all, deskpage.Choice{Value: officer, Text: name})
		}
	}
	add(v.officer())
	add(f.Request.Assignee)
	colleagues, err := v.colleagues()
	if err != nil {
		logFailure(v.r, err) // the others can be chosen all the same
	}
	for _, c := range colleagues {
		if c.Role.May(staff.Handle) {
			add(staff.Account{ID: c.Account, Name: c.Name}.Officer())
		}
	}
	for _, e := range f.Events {
		add(audit.Officer(e))
	}
	return append(all, deskpage.Choice{Value: nobody})
}

func verify(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Verify(ctx, w.id, w.officer, intake.Verification{Checked: codes[intake.Check](w.typed, "checked"), Kinds: codes[intake.Kind](w.typed, "kinds")})
}

func triedVerification(f *request.File) deskpage.Typed {
	tried := deskpage.Typed{"checked": {string(intake.Document)}}
	if f.Request.KindsUnsure {
		tried["kinds"] = []string{string(deadline.Access)}
	}
	return tried
}

func ask(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, err := text(w.typed, "question")
	if err != nil {
		return request.Request{}, err
	}
	q := waiting.Waiting{Cause: deadline.Cause(w.typed.First("of")), Question: words}
	switch q.Cause {
	case deadline.Identity:
		q.Proofs = codes[intake.Proof](w.typed, "evidence")
	case deadline.Fee:
		q.Fee = &waiting.Fee{
			Amount: strings.ReplaceAll(w.typed.First("amount"), ",", "."), Currency: w.typed.First("currency"), Because: decision.Ground(w.typed.First("because")),
		}
	}
	return s.Ask(ctx, w.id, w.officer, q)
}

func triedQuestion(f *request.File, of string) deskpage.Typed {
	because := decision.Excessive
	if f.Request.Repeated {
		because = decision.RepeatedRequest
	}
	return deskpage.Typed{"of": {of}, "question": {"…"}, "amount": {"1"}, "currency": {"EUR"}, "because": {string(because)}}
}

func answer(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	at, err := intake.Moment("at", w.typed.First("at"), s.Law.Zone())
	if err != nil {
		return request.Request{}, err
	}
	return s.Answer(ctx, w.id, w.officer, at)
}

func extend(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, err := text(w.typed, "explanation")
	switch {
	case err != nil:
		return request.Request{}, err
	case w.typed.First("reason") == "":
		return request.Request{}, fault.Field("reason", "unchosen", "reason must be one that the law knows")
	}
	return s.Extend(ctx, w.id, w.officer, deadline.Reason(w.typed.First("reason")), words)
}

// reasons are those for which the law lets the date move, each with the date that follows.
func reasons(v *visit, f *request.File) []deskpage.Choice {
	var all []deskpage.Choice
	for _, r := range []deadline.Reason{deadline.Complexity, deadline.Number, deadline.Necessary, deadline.Interference, deadline.Consultation} {
		o, err := v.try(f, acts["extend"], deskpage.Typed{"reason": {string(r)}})
		if err == nil {
			all = append(all, deskpage.Choice{Value: string(r), DueAt: o.DueAt})
		}
	}
	return all
}

func reopen(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, err := text(w.typed, "reason")
	if err != nil {
		return request.Request{}, err
	}
	return s.Reopen(ctx, w.id, w.officer, words)
}

func expire(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Expire(ctx, w.id, w.actor())
}

func spam(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Expire(ctx, w.id, w.actor(), lifecycle.Spam)
}

func withdraw(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Withdraw(ctx, w.id, w.actor())
}

func seen(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Seen(ctx, w.id, w.officer)
}

func mailAgain(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	if w.template() == "" {
		return request.Request{}, fault.Field("mail", "unchosen", "mail must name a letter that can be sent again")
	}
	return s.MailAgain(ctx, w.id, w.officer, w.template())
}

// unsent are the letters that may be queued again.
func unsent(v *visit, f *request.File) []deskpage.Choice {
	var all []deskpage.Choice
	for _, template := range requestmail.Templates {
		if _, err := v.try(f, acts["mail"], deskpage.Typed{"mail": {string(template)}}); err == nil {
			all = append(all, deskpage.Choice{Value: string(template)})
		}
	}
	return all
}

func postedOn(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	seq, template, named := strings.Cut(cmp.Or(w.typed.First("letter"), w.typed.First("of")), "-")
	n, err := strconv.Atoi(seq)
	if !named || err != nil {
		return request.Request{}, fault.Field("letter", "unchosen", "letter must name a letter to post")
	}
	on, err := intake.Moment("posted_on", w.typed.First("posted_on"), s.Law.Zone())
	if err != nil {
		return request.Request{}, err
	}
	return s.Posted(ctx, w.id, w.officer, n, outbox.Template(template), on, w.typed.First("not_posted") != "")
}

// toPost are the letters that wait to be posted.
func toPost(_ *visit, f *request.File) []deskpage.Choice {
	var all []deskpage.Choice
	for _, l := range f.Letters {
		if l.State == outbox.ToPost {
			all = append(all, deskpage.Choice{Value: deskpage.LetterName(l), Text: string(l.Template)})
		}
	}
	return all
}

func resend(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Resend(ctx, w.id, w.actor())
}

func erase(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Erase(ctx, w.id, w.officer)
}
