package request_test

import (
	"errors"
	"slices"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
)

func (w *world) officer() string {
	return rapid.SampledFrom([]string{"dpo/A", "head/A", "dpo/B"}).Draw(w.T, "officer")
}

// answers are the acts by which an answer waits.
func (w *world) answers(one func(func(id string) (request.Request, error)) func(*rapid.T)) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"draft": one(func(id string) (request.Request, error) {
			return w.SaveDraft(background, id, w.officer(), w.verdict())
		}),
		"draft and send": one(func(id string) (request.Request, error) {
			if r, err := w.SaveDraft(background, id, w.officer(), w.verdict()); err != nil {
				return r, err
			}
			return w.Send(background, id, w.officer(), rapid.SampledFrom(draft.Whens).Draw(w.T, "when"))
		}),
		"call back": one(func(id string) (request.Request, error) { return w.CallBack(background, id, w.officer()) }),
		"sign":      one(func(id string) (request.Request, error) { return w.signs(id, w.officer()) }),
		"erase":     one(func(id string) (request.Request, error) { return w.Erase(background, id, w.officer()) }),
		"hold": func(*rapid.T) {
			w.hold.kept, w.hold.err = nil, nil
			if rapid.IntRange(0, 5).Draw(w.T, "cannot be read") == 5 {
				w.hold.err = errDown
			}
			if rapid.IntRange(0, 2).Draw(w.T, "held") == 0 {
				w.hold.kept = []request.KeptBack{{Hold: "H-1", Of: "person", Keeps: "erasure"}}
			}
		},
		"it is due": one(func(id string) (request.Request, error) {
			r, err := w.store.Load(background, id)
			if err == nil && rapid.IntRange(0, 2).Draw(w.T, "second thoughts") == 0 {
				_, err = w.Withdraw(background, id, audit.ByPerson)
			}
			if r.Draft.OnItsWay() && r.Draft.Way.SendAt.After(w.now) {
				w.now = r.Draft.Way.SendAt
			}
			_, runErr := w.notifier.Run(background, never)
			return r, errors.Join(err, runErr)
		}),
		"minutes": func(*rapid.T) { w.later(10 * time.Minute) },
	}
}

// checkDraft checks what holds of every answer: what is on its way has its letter,
// what went was decided, and what two must do two have done.
func (w *world) checkDraft(f request.File) {
	r := f.Request
	if d := r.Draft; d.OnItsWay() && !d.ToSign() && !slices.ContainsFunc(f.Letters, func(l outbox.Letter) bool {
		return l.Template == requestmail.Decision && l.Seq == d.Way.Seq && l.UnderWay()
	}) {
		w.Errorf("%s is on its way without a letter: %+v, %+v", r.ID, d.Way, f.Letters)
	}
	if r.Draft.ToSign() && r.State.Closed() && r.Draft.Way.Act != draft.Erase {
		w.Errorf("%s is %q and waits for a signature", r.ID, r.State)
	}
	if d := r.Decision; d != nil && len(w.Settings.FourEyes) > 0 && d.By != "" && (d.Outcome == decision.Refuse || !r.EraseFrom.IsZero() && d.Signed != "") &&
		(d.Signed == "" || foureyes.Caller(d.Signed) == foureyes.Caller(d.By)) {
		w.Errorf("%s was decided by %q and signed by %q", r.ID, d.By, d.Signed)
	}
	for _, l := range f.Letters {
		went := l.State == outbox.Sent || l.State == outbox.Unknown || l.State == outbox.Refused
		if l.Template == requestmail.Decision && went && !decidedAfter(f.Events, l) {
			w.Errorf("%s: the letter of entry %d is %s, and nothing was decided", r.ID, l.Seq, l.State)
		}
	}
}

// decidedAfter reports whether something was decided at the entry of a letter, or
// since, or was before it was sent again.
func decidedAfter(events []audit.Entry, l outbox.Letter) bool {
	return slices.ContainsFunc(events, func(e audit.Entry) bool {
		switch lifecycle.Event(e.Kind) {
		case lifecycle.EventFulfilled, lifecycle.EventPartlyFulfilled, lifecycle.EventRefused:
			return e.Seq >= l.Seq || events[l.Seq-1].Kind == string(lifecycle.EventNoted)
		}
		return false
	})
}
