package request_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
)

// teller is a world in which whoever says something says it in words that can
// be found again.
type teller struct {
	*world
	said []string
}

// says is a text that nobody else has said.
func (w *teller) says(what string) string {
	text := fmt.Sprintf("%s number %d of somebody", what, len(w.said))
	w.said = append(w.said, text)
	return text
}

// acts are those of a world in which anybody says anything.
func (w *teller) acts() map[string]func(*rapid.T) {
	act := func(f func(id string) error) func(*rapid.T) {
		return func(*rapid.T) { w.allowed(f(w.some())) }
	}
	acts := w.world.acts()
	for _, silent := range []string{"open", "open and confirm", "ask", "extend", "decide", "disagree", "note", "appeal", "bounce"} {
		delete(acts, silent)
	}
	open := func() (request.Request, bool) {
		in := w.intake()
		in.Name, in.Details = w.says("name"), w.says("details")
		r, err := w.Open(background, in)
		if w.allowed(err) {
			w.order = append(w.order, r.ID)
		}
		return r, err == nil
	}
	acts["tell"] = func(*rapid.T) { open() }
	acts["tell and confirm"] = func(*rapid.T) {
		if r, ok := open(); ok {
			_, _, err := w.Confirm(background, r.ID, r.Words())
			w.allowed(err)
		}
	}
	officer := func() string { return w.says("officer") }
	acts["ask"] = act(func(id string) error {
		wait := w.wait()
		wait.Question = w.says("question")
		_, err := w.Ask(background, id, officer(), wait)
		return err
	})
	acts["extend"] = act(func(id string) error {
		_, err := w.Extend(background, id, officer(), deadline.Complexity, w.says("why"))
		return err
	})
	decide := act(func(id string) error {
		v := w.verdict()
		v.Explanation = w.says("explanation")
		_, err := w.Decide(background, id, officer(), v)
		return err
	})
	acts["decide"], acts["decide something"], acts["decide at last"] = decide, decide, decide
	acts["erase"] = act(func(id string) error { _, err := w.Erase(background, id, officer()); return err })
	acts["disagree"] = act(func(id string) error {
		_, err := w.Disagree(background, id, audit.ByPerson, w.says("statement"))
		return err
	})
	acts["note"] = act(func(id string) error { _, err := w.Note(background, id, officer(), w.says("note")); return err })
	acts["appeal"] = act(func(id string) error {
		r, err := w.Appeal(background, id, w.says("reasons"))
		if err == nil && !slices.Contains(w.order, r.ID) {
			w.order = append(w.order, r.ID)
		}
		return err
	})
	acts["bounce"] = act(func(id string) error { return w.MailBounced(background, id, w.says("ses")) })
	acts["wait long"] = func(*rapid.T) { w.later(40 * day) }
	return acts
}

// rest reduces all that can be reduced and checks what is left of it.
func (w *teller) rest() (reduced []request.File) {
	w.store.before = nil
	if rapid.IntRange(0, 3).Draw(w.T, "the post") > 0 { // is delivered
		w.post.fail = nil
		w.drain(w.notifier)
		w.later(time.Hour)
		w.drain(w.notifier)
	}
	secrets := append([]string{marvin, "trillian@example.com", "ses-"}, w.said...)
	for _, id := range w.order {
		f := w.file(id)
		r, err := requestlog.Reduce(f, rapid.SampledFrom([]lifecycle.Event{lifecycle.EventReduced, lifecycle.EventErased}).Draw(w.T, "by"), w.now, w.Random)
		if err != nil {
			if f.Request.State.Closed() && !pending(f) {
				w.Errorf("%s is not reduced: %v", id, err)
			}
			continue
		}
		if pending(f) || !f.Request.State.Closed() {
			w.Errorf("%s is reduced: %+v", id, f.Request)
		}
		if err := w.store.Reduce(r); err != nil {
			w.Fatalf("%v", err)
		}
		after := w.file(id)
		text := spelled(w, after)
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				w.Errorf("%s holds %q still", id, secret)
			}
		}
		w.checkLog(f, after)
		if again, err := requestlog.Reduce(after, lifecycle.EventErased, w.now, w.Random); err == nil {
			w.Errorf("%s is reduced again: %+v", id, again)
		}
		reduced = append(reduced, f)
	}
	return reduced
}

func pending(f request.File) bool {
	return slices.ContainsFunc(f.Letters, func(n outbox.Letter) bool {
		return n.State == outbox.Pending || n.State == outbox.Sending
	})
}

// checkLog checks that what the law asks for is there: kind, dates, outcome and
// grounds (11 CCR 7101), and a history that proves them.
func (w *teller) checkLog(before, after request.File) {
	was, is := before.Request, after.Request
	if err := audit.Includes(after.Events, was.Head); err != nil {
		w.Errorf("%s: %v", is.ID, err)
	}
	if !slices.Equal(is.Kinds, was.Kinds) || is.State != was.State || is.Place != was.Place || is.Source != was.Source || is.Ref != was.Ref {
		w.Errorf("%+v became %+v", was, is)
	}
	for name, pair := range map[string][2]time.Time{
		"received": {was.ReceivedAt, is.ReceivedAt}, "clock": {was.ClockFrom, is.ClockFrom}, "asked": {was.AskedAt, is.AskedAt}, "verify": {was.VerifyBy, is.VerifyBy},
		"verified": {was.VerifiedAt, is.VerifiedAt}, "closed": {was.ClosedAt, is.ClosedAt}, "due": {was.DueAt, is.DueAt},
		"export": {was.ExportUntil, is.ExportUntil}, "failed": {was.MailFailedAt, is.MailFailedAt}, "erase": {was.EraseFrom, is.EraseFrom},
	} {
		if !pair[0].Equal(pair[1]) {
			w.Errorf("%s: %s %v became %v", is.ID, name, pair[0], pair[1])
		}
	}
	if (was.Decision == nil) != (is.Decision == nil) {
		w.Fatalf("%s: the decision %+v became %+v", is.ID, was.Decision, is.Decision)
	}
	if d := was.Decision; d != nil && (d.Outcome != is.Decision.Outcome || !d.At.Equal(is.Decision.At) || !slices.EqualFunc(d.Answers, is.Decision.Answers, func(a, b decision.Answer) bool {
		return a.Kind == b.Kind && a.Outcome == b.Outcome && slices.Equal(a.Grounds, b.Grounds) && b.Explanation == ""
	})) {
		w.Errorf("%s: the decision %+v became %+v", is.ID, d, is.Decision)
	}
	for i, n := range before.Letters {
		if m := after.Letters[i]; m.Template != n.Template || m.State != n.State || !m.SentAt.Equal(n.SentAt) {
			w.Errorf("%s: %+v became %+v", is.ID, n, m)
		}
	}
}

// Whatever anybody has said, in whatever life of a request: when it is reduced
// its log is there and nobody's words are.
func TestNobodysWordsAreLeft(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &teller{world: newWorld(t, rt)}
		rt.Repeat(w.acts())
		w.rest()
	})
}

// What the property reaches: one of nothing would hold too.
func TestEveryClosedStateIsReduced(t *testing.T) {
	reached := map[string]bool{}
	for seed := range 600 {
		lives := rapid.Custom(func(rt *rapid.T) string {
			w := &teller{world: newWorld(t, rt)}
			rt.Repeat(w.acts())
			var seen []string
			for _, f := range w.rest() {
				seen = append(seen, string(f.Request.State), fmt.Sprint("mailed ", len(f.Letters) > 0), fmt.Sprint("ordered ", !f.Request.EraseFrom.IsZero()))
				for _, e := range f.Events {
					seen = append(seen, e.Kind)
				}
			}
			return strings.Join(seen, ",")
		})
		for one := range strings.SplitSeq(lives.Example(seed), ",") {
			reached[one] = true
		}
	}
	for _, want := range []string{
		"fulfilled", "partly_fulfilled", "refused", "withdrawn", "expired", "mailed true", "ordered true",
		"asked", "extended", "disagreed", "noted", "appealed", "mail_failed",
	} {
		if !reached[want] {
			t.Errorf("no request was reduced that was %q", want)
		}
	}
}
