package casework

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// Input that the rules accept for every request, so that what refuses a trial is
// the state of the file and not the input. Nobody ever reads it.

const anyWords = "…"

// sampleAnswer answers every kind alike.
func sampleAnswer(o decision.Outcome) decision.Answer {
	a := decision.Answer{Outcome: o, Explanation: anyWords}
	if o != decision.Grant {
		a.Grounds = []decision.Given{{Ground: decision.Exemption, Clause: anyWords}}
	}
	return a
}

// sampleQuestions ask once for each cause.
func sampleQuestions(r *request.Request) []waiting.Waiting {
	because := decision.Excessive
	if r.Repeated {
		because = decision.RepeatedRequest
	}
	return []waiting.Waiting{
		{Cause: deadline.Identity, Question: anyWords},
		{Cause: deadline.Clarification, Question: anyWords},
		{Cause: deadline.Fee, Question: anyWords, Fee: &waiting.Fee{Amount: "1", Currency: "USD", Because: because}},
	}
}

// usual is the index of the act that is next for most such files; -1: none is.
func usual(f *request.File, acts []Act, now time.Time) int {
	for _, code := range next(f, now) {
		if i := slices.IndexFunc(acts, func(a Act) bool { return a.Code == code && a.Possible }); i >= 0 {
			return i
		}
	}
	return -1
}

// next are the acts that are next, the best first: the first that is possible is.
func next(f *request.File, now time.Time) []string {
	r := &f.Request
	switch {
	case r.State == lifecycle.Unverified && r.NoEmail:
		return []string{"verify"}
	case r.Draft.ToSign():
		return []string{"sign", "callback"}
	case r.Draft.OnItsWay():
		return []string{"callback"}
	case r.State.Closed() && !r.ToPost.IsZero(), r.State == lifecycle.WaitingForPerson && r.Waiting != nil && r.Waiting.ToPost:
		return []string{"posted"}
	case r.State.Decided():
		if r.Look != nil && unsent(r.Look) {
			return []string{"mail", "seen"}
		}
		if r.Look != nil {
			return []string{"seen"}
		}
		if r.EraseFrom.IsZero() && r.Decision != nil && intake.Erases(r.Decision.Granted(true)) {
			return []string{"erase"}
		}
	case r.State == lifecycle.Unverified && r.AskedAt.IsZero():
		return []string{"resend", "verify"}
	case r.State == lifecycle.Unverified:
		return []string{"expire", "verify"}
	case r.State == lifecycle.WaitingForPerson && r.Waiting != nil && !r.Waiting.Replied:
		return []string{"expire", "answer"}
	case r.State == lifecycle.WaitingForPerson:
		return []string{"answer"}
	case r.State == lifecycle.Open:
		return []string{"draft"}
	}
	return nil
}

// twin is a store that has one more request: what a file could be joined into.
type twin struct {
	request.Store
	request.Request
}

// Load implements request.Store.
func (t twin) Load(ctx context.Context, id string) (request.Request, error) {
	if id == t.Request.ID {
		return t.Request, nil
	}
	return t.Store.Load(ctx, id)
}

// Save leaves the twin out: it is nowhere else.
func (t twin) Save(ctx context.Context, s request.Step) error {
	s.Also = nil
	return t.Store.Save(ctx, s)
}
