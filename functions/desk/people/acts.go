package people

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// acts are all acts that have a form.
var acts map[string]act

func init() {
	acts = map[string]act{
		"note": {do: note},
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
			tried: func(_ *request.File, of string) deskpage.Typed { return deskpage.Typed{"reason": {of}} },
		},
		"amend": {do: amend, filled: presentFacts, shows: changes},
		"reopen": {
			do:    reopen,
			tried: func(*request.File, string) deskpage.Typed { return deskpage.Typed{"reason": {"…"}} },
		},
		"expire":   {do: expire, tried: nothing},
		"withdraw": {do: withdraw, tried: nothing},
		"seen":     {do: seen, tried: nothing},
		"disagree": {
			do:    disagree,
			tried: func(*request.File, string) deskpage.Typed { return deskpage.Typed{"statement": {"…"}} },
		},
		"mail": {
			do: mailAgain, offers: unsent,
			tried: func(_ *request.File, of string) deskpage.Typed { return deskpage.Typed{"mail": {of}} },
		},
		"resend": {do: resend, tried: nothing},
		"erase":  {do: erase, tried: nothing},
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

func verify(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Verify(ctx, w.id, w.officer, request.Verification{Checked: codes[intake.Check](w.typed, "checked"), Kinds: codes[intake.Kind](w.typed, "kinds")})
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
	at, err := moment("at", w.typed.First("at"), s.Law.Zone())
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
		q, _, err := v.try(func(s *request.Service) (request.Request, error) {
			return s.Extend(v.r.Context(), f.Request.ID, v.officer(), r, "")
		})
		if err == nil {
			all = append(all, deskpage.Choice{Value: string(r), DueAt: q.DueAt})
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

func withdraw(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Withdraw(ctx, w.id, w.actor())
}

func seen(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	return s.Seen(ctx, w.id, w.officer)
}

func disagree(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	words, err := text(w.typed, "statement")
	if err != nil {
		return request.Request{}, err
	}
	return s.Disagree(ctx, w.id, w.actor(), words)
}

func mailAgain(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	if w.template() == "" {
		return request.Request{}, fault.Field("mail", "unchosen", "mail must name a letter")
	}
	return s.MailAgain(ctx, w.id, w.officer, w.template())
}

// unsent are the letters that may be queued again.
func unsent(v *visit, f *request.File) []deskpage.Choice {
	var all []deskpage.Choice
	for _, template := range requestmail.Templates {
		_, _, err := v.try(func(s *request.Service) (request.Request, error) {
			return s.MailAgain(v.r.Context(), f.Request.ID, v.officer(), template)
		})
		if err == nil {
			all = append(all, deskpage.Choice{Value: string(template)})
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

// digest names what stands in a form, so that what was shown is what is saved.
func digest(t deskpage.Typed) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if name != "shown" && name != "seq" {
			sum.Write([]byte(name + "\x00" + strings.Join(t[name], "\x00") + "\x01"))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// amend puts right what the form says otherwise than the request.
func amend(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	f, err := s.Store.Load(ctx, w.id)
	if err != nil {
		return request.Request{}, err
	}
	m, err := amendment(&f, w.typed)
	if err != nil {
		return request.Request{}, err
	}
	return s.Amend(ctx, w.id, w.officer, m)
}

func amendment(now *request.Request, t deskpage.Typed) (request.Amendment, error) {
	var m request.Amendment
	place, err := deadline.ParseJurisdiction(t.First("country"), t.First("region"))
	if err != nil {
		return m, fault.Field("country", "unknown", "country is an ISO 3166 code such as US, region one such as CA")
	}
	if place != now.Place {
		m.Place = &place
	}
	name := t.First("name")
	if err := intake.Clean("name", &name, intake.MaxName); err != nil {
		return m, err
	}
	if name != now.Name {
		m.Name = &name
	}
	if kinds := codes[intake.Kind](t, "kinds"); !slices.Equal(kinds, now.Kinds) {
		if len(kinds) == 0 {
			return m, intake.NothingAsked("kinds")
		}
		if slices.ContainsFunc(kinds, func(k intake.Kind) bool { return !slices.Contains(intake.Kinds(), k) }) {
			return m, fault.Unknown("kinds", "kind of request", intake.Kinds()...)
		}
		m.Kinds = kinds
	}
	if behalf := intake.Behalf(t.First("on_behalf_of")); behalf != now.OnBehalfOf {
		if m.OnBehalfOf, err = intake.ParseBehalf(string(behalf)); err != nil {
			return m, err
		}
	}
	if language := t.First("language"); language != now.Language {
		if !slices.Contains(catalog.Languages(), language) {
			return m, fault.Unknown("language", "language", catalog.Languages()...)
		}
		m.Language = language
	}
	return m, nil
}

// presentFacts are what the form of amend is filled with.
func presentFacts(f *request.File) deskpage.Typed {
	q := &f.Request
	t := deskpage.Typed{
		"kinds": intake.Codes(q.Kinds), "country": {q.Place.Country}, "region": {""}, "name": {q.Name},
		"on_behalf_of": {string(q.OnBehalfOf)}, "language": {q.Language},
	}
	if q.Place.Region != "" {
		t["region"] = []string{q.Place.String()}
	}
	return t
}

// changes are old and new of what an amendment puts right.
func changes(f *request.File, after *request.Request) []deskpage.Change {
	before := &f.Request
	var all []deskpage.Change
	for _, c := range []deskpage.Change{
		{What: "kinds", Before: intake.Codes(before.Kinds), After: intake.Codes(after.Kinds)},
		{What: "place", Before: some(before.Place.String()), After: some(after.Place.String())},
		{What: "name", Before: some(before.Name), After: some(after.Name)},
		{What: "on_behalf_of", Before: some(string(before.OnBehalfOf)), After: some(string(after.OnBehalfOf))},
		{What: "language", Before: some(before.Language), After: some(after.Language)},
	} {
		if !slices.Equal(c.Before, c.After) {
			all = append(all, c)
		}
	}
	return all
}

func some(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
