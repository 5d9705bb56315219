package request_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// world is a desk to which random people do random things.
type world struct {
	*desk
	*rapid.T
	notifier *outbox.Drain
	post     *post
	steps    map[string]int          // saved, by request
	before   map[string]request.File // as each request was last seen
	order    []string
	hold     *holds
}

var (
	people = []string{marvin, marvin, "trillian@example.com"}
	often  = []intake.Kind{deadline.Access, deadline.Access, deadline.Access, deadline.Erasure, deadline.Erasure}
	places = []deadline.Jurisdiction{nowhere, california, germany, britain, {Country: "US", Region: "CO"}, {Country: "BR"}, {Country: "CA", Region: "QC"}, {Country: "JP"}}
)

func newWorld(t *testing.T, rt *rapid.T) *world {
	w := &world{desk: newDeskFor(t, rt), T: rt, steps: map[string]int{}, before: map[string]request.File{}}
	w.store.saved = func(id string) { w.steps[id]++ }
	w.notifier, w.post = w.desk.notifier()
	w.caps.PerMailbox = 3
	w.hold = &holds{}
	w.Holds, w.Settings.FourEyes = w.hold, rapid.SampledFrom([]foureyes.Rule{nil, foureyes.Acts}).Draw(rt, "four eyes")
	w.post.fail = func(int) (error, bool) { return w.badMail() }
	w.store.before = func(string) error {
		if rapid.IntRange(0, 19).Draw(rt, "the table fails") == 13 {
			return errDown
		}
		return nil
	}
	return w
}

func (w *world) badMail() (err error, sent bool) {
	switch rapid.IntRange(0, 9).Draw(w.T, "the mail") {
	case 0:
		return outbox.ErrUnsure, rapid.Bool().Draw(w.T, "went")
	case 1:
		return fault.New(fault.Unavailable, "busy"), false
	case 2:
		return fault.New(fault.Invalid, "no such mailbox"), false
	}
	return nil, true
}

// intake is somebody's request, often a second or third one for the same.
func (w *world) intake() request.Intake {
	in := w.asks(rapid.SampledFrom(places).Draw(w.T, "place"), w.kinds()...)
	if in.KindsUnsure = rapid.IntRange(0, 19).Draw(w.T, "unsure") == 13; in.KindsUnsure && rapid.Bool().Draw(w.T, "none") {
		in.Kinds = nil
	}
	in.Kept = rapid.IntRange(0, 9).Draw(w.T, "kept") == 7
	in.Address = w.address(rapid.SampledFrom(people).Draw(w.T, "person"))
	in.Details = rapid.SampledFrom([]string{"", "reasons"}).Draw(w.T, "details")
	in.OnBehalfOf = rapid.SampledFrom([]intake.Behalf{intake.Self, intake.Self, intake.Parent, intake.Agent}).Draw(w.T, "behalf")
	return in
}

func (w *world) kinds() []intake.Kind {
	return rapid.SliceOfN(rapid.SampledFrom(slices.Concat(often, intake.Kinds())), 1, 3).Draw(w.T, "kinds")
}

// mended is what the person makes of a request, mostly nothing else than it says.
func (w *world) mended(r request.Request) request.Words {
	words := r.Words()
	if rapid.IntRange(0, 3).Draw(w.T, "mends") > 0 {
		return words
	}
	words.Kinds, words.Details = w.kinds(), rapid.SampledFrom([]string{"", "planet"}).Draw(w.T, "other details")
	words.Place = rapid.SampledFrom(places).Draw(w.T, "other place")
	return words
}

func (w *world) some() string {
	if len(w.order) == 0 {
		return "PD-0000-0000-0000-0000"
	}
	// The latest are the likeliest to be under way.
	return w.order[max(0, len(w.order)-1-rapid.IntRange(0, 5).Draw(w.T, "back"))]
}

func (w *world) verdict() decision.Answer {
	v := decision.Answer{Outcome: rapid.SampledFrom([]decision.Outcome{decision.Grant, decision.Partly, decision.Refuse}).Draw(w.T, "outcome")}
	if v.Outcome != decision.Grant {
		g := rapid.SampledFrom(decision.AllGrounds()).Draw(w.T, "ground")
		v.Grounds, v.Explanation = []decision.Given{{Ground: g, Clause: "a clause"}}, "because"
	}
	return v
}

func (w *world) wait() waiting.Waiting {
	cause := rapid.SampledFrom([]deadline.Cause{deadline.Identity, deadline.Clarification, deadline.Fee}).Draw(w.T, "cause")
	wait := waiting.Waiting{Cause: cause, Question: "?"}
	if cause == deadline.Fee {
		wait.Fee = &waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.Excessive}
	}
	return wait
}

// acts are all that can be done to requests.
func (w *world) acts() map[string]func(*rapid.T) {
	one := func(f func(id string) (request.Request, error)) func(*rapid.T) {
		return func(*rapid.T) {
			_, err := f(w.some())
			w.allowed(err)
		}
	}
	actor := audit.ByOfficer + ":dpo"
	all := map[string]func(*rapid.T){
		"open": func(*rapid.T) {
			r, err := w.Open(background, w.intake())
			if w.allowed(err) {
				w.order = append(w.order, r.ID)
			}
		},
		"open and confirm": func(*rapid.T) {
			r, err := w.Open(background, w.intake())
			if !w.allowed(err) {
				return
			}
			w.order = append(w.order, r.ID)
			_, _, err = w.Confirm(background, r.ID, w.mended(r))
			w.allowed(err)
		},
		"appeal": func(*rapid.T) {
			r, err := w.Appeal(background, w.some(), "reasons")
			if w.allowed(err) && !slices.Contains(w.order, r.ID) {
				w.order = append(w.order, r.ID)
			}
		},
		"confirm": one(func(id string) (request.Request, error) {
			q, err := w.store.Load(background, id)
			if err != nil {
				return q, err
			}
			r, _, err := w.Confirm(background, id, w.mended(q))
			return r, err
		}),
		"verify": one(func(id string) (request.Request, error) {
			return w.Verify(background, id, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}})
		}),
		"ask":    one(func(id string) (request.Request, error) { return w.Ask(background, id, "dpo", w.wait()) }),
		"answer": one(func(id string) (request.Request, error) { return w.Answer(background, id, "dpo", time.Time{}) }),
		"extend": one(func(id string) (request.Request, error) {
			return w.Extend(background, id, "dpo", rapid.SampledFrom([]deadline.Reason{deadline.Complexity, deadline.Number, deadline.Necessary}).Draw(w.T, "reason"), "")
		}),
		"amend": one(func(id string) (request.Request, error) {
			place := rapid.SampledFrom([]deadline.Jurisdiction{germany, california, britain}).Draw(w.T, "place")
			return w.Amend(background, id, "dpo", request.Amendment{Place: &place})
		}),
		"join": one(func(id string) (request.Request, error) { return w.Join(background, id, "dpo", w.some(), "why") }),
		"open again and join": one(func(id string) (request.Request, error) {
			r, err := w.Open(background, w.intake())
			if err != nil {
				return r, err
			}
			w.order = append(w.order, r.ID)
			if _, _, err = w.Confirm(background, r.ID, w.mended(r)); err != nil {
				return r, err
			}
			return w.Join(background, r.ID, "dpo", id, "why")
		}),
		"reopen":   one(func(id string) (request.Request, error) { return w.Reopen(background, id, "dpo", "a mistake") }),
		"decide":   one(func(id string) (request.Request, error) { return w.Decide(background, id, w.officer(), w.verdict()) }),
		"withdraw": one(func(id string) (request.Request, error) { return w.Withdraw(background, id, audit.ByPerson) }),
		"expire":   one(func(id string) (request.Request, error) { return w.Expire(background, id, audit.BySystem) }),
		"lapse": func(*rapid.T) {
			_, err := w.Lapse(background, w.some())
			w.allowed(err)
		},
		"a month":  func(*rapid.T) { w.later(31 * day) },
		"disagree": one(func(id string) (request.Request, error) { return w.Disagree(background, id, actor, "No.") }),
		"resend":   one(func(id string) (request.Request, error) { return w.Resend(background, id, actor) }),
		"moved":    one(func(id string) (request.Request, error) { return w.TellNewAddress(background, id, "new@example.com") }),
		"note":     one(func(id string) (request.Request, error) { return w.Note(background, id, "dpo", "hm") }),
		"again": one(func(id string) (request.Request, error) {
			return w.MailAgain(background, id, "dpo", rapid.SampledFrom([]outbox.Template{requestmail.Acknowledge, requestmail.Decision}).Draw(w.T, "template"))
		}),
		"bounce": one(func(id string) (request.Request, error) {
			return request.Request{}, w.MailBounced(background, id, "ses-0")
		}),
		"reply": one(func(id string) (request.Request, error) {
			m := request.Mail{From: w.address(rapid.SampledFrom(people).Draw(w.T, "from")), Proven: rapid.Bool().Draw(w.T, "proven"), At: w.now}
			return w.Replied(background, id, m)
		}),
		"seen":     one(func(id string) (request.Request, error) { return w.Seen(background, id, "dpo") }),
		"download": one(func(id string) (request.Request, error) { return request.Request{}, w.Exported(background, id, "csv") }),
		"mail": func(*rapid.T) {
			_, err := w.notifier.Run(background, never)
			w.allowed(err)
		},
		"wait": func(*rapid.T) {
			w.later(time.Duration(rapid.IntRange(1, 10*24*60).Draw(w.T, "minutes")) * time.Minute)
		},
		"": func(*rapid.T) { w.checkAll() },
	}
	maps.Copy(all, w.answers(one))
	return all
}

// allowed reports whether an act was done; whatever refuses it is nobody's
// bug.
func (w *world) allowed(err error) bool {
	switch fault.CodeOf(err) {
	case "":
		return true
	case fault.Conflict, fault.Expired, fault.TooMany, fault.Invalid, fault.Unavailable, fault.NotFound:
		return false
	}
	w.Errorf("%v", err)
	return false
}

func (w *world) checkAll() {
	fails := w.store.before
	w.store.before = nil
	defer func() { w.store.before = fails }()
	for _, id := range w.order {
		f := w.file(id) // the history verifies, and replays to the state
		w.checkKept(w.before[id], f)
		w.checkDue(f.Request)
		w.checkDraft(f)
		if f.Request.Version != w.steps[id] {
			w.Errorf("%s has version %d after %d steps", id, f.Request.Version, w.steps[id])
		}
		if to := f.Request.LinkedTo; to != "" {
			earlier := w.file(to).Request
			if earlier.VerifiedAt.IsZero() || earlier.Ref != f.Request.Ref || f.Request.State != lifecycle.Joined && f.Request.ClockFrom.After(earlier.ClockFrom) {
				w.Errorf("%s is linked to %+v", id, earlier)
			}
		}
		w.before[id] = f
	}
	for notice, n := range w.post.sent {
		if n > 1 {
			w.Errorf("%s went %d times", notice, n)
		}
	}
}

// checkKept checks that what was is still so.
func (w *world) checkKept(before, now request.File) {
	was, is := before.Request, now.Request
	again := slices.ContainsFunc(now.Events[len(before.Events):], func(e audit.Entry) bool { return e.Kind == string(lifecycle.EventReopened) })
	if was.State.Closed() && !again && (is.State != was.State || !is.ClosedAt.Equal(was.ClosedAt)) {
		w.Errorf("%s was %q and is %q", is.ID, was.State, is.State)
	}
	if len(now.Events) < len(before.Events) || len(now.Letters) < len(before.Letters) {
		w.Errorf("%s has lost a row", is.ID)
	}
	for i, e := range before.Events {
		if now.Events[i].Hash != e.Hash {
			w.Errorf("%s: entry %d was changed", is.ID, i+1)
		}
	}
	for i, n := range before.Letters {
		if s := n.State; s != outbox.Pending && s != outbox.Sending && now.Letters[i] != n {
			w.Errorf("%s: a settled notice was changed: %+v", is.ID, now.Letters[i])
		}
	}
}

// checkDue asks the law itself, of the facts that the request tells.
func (w *world) checkDue(r request.Request) {
	if r.State == lifecycle.Unverified && !r.DueAt.Equal(r.VerifyBy) {
		w.Errorf("%s is due %v, to be confirmed by %v", r.ID, r.DueAt, r.VerifyBy)
	}
	if r.State.Closed() || r.State == lifecycle.Unverified {
		return
	}
	all, err := w.Law.Deadlines(deadline.Case{
		Kinds: owed(r), Place: r.Place, ReceivedAt: r.ReceivedAt, Appeal: r.AppealOf != "", Pauses: r.Pauses, Extension: r.Extension,
	})
	if err != nil {
		w.Fatalf("%v", err)
	}
	for _, d := range all {
		if d.Purpose != deadline.Acknowledge && r.DueAt.After(d.Due) {
			w.Errorf("%s (%q in %q) is due %v, by %s on %v", r.ID, r.Kinds, r.Place, r.DueAt, d.Rule, d.Due)
		}
	}
	if r.ClockFrom.After(r.ReceivedAt) || r.DueAt.Before(r.ClockFrom) {
		w.Errorf("%s: clock from %v, received %v, due %v", r.ID, r.ClockFrom, r.ReceivedAt, r.DueAt)
	}
}

// owed are the kinds that a human answers.
func owed(r request.Request) []intake.Kind {
	if r.AppealOf != "" {
		return r.Kinds
	}
	return slices.DeleteFunc(slices.Clone(r.Kinds), func(k intake.Kind) bool {
		return k == deadline.OptOutOfSale || k == deadline.Objection && r.Details == ""
	})
}

// Whatever people, officers, mails and the clock do, in whatever order.
func TestRandomLives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rt)
		rt.Repeat(w.acts())
	})
}

// What random lives reach: a property of nothing would hold too.
func TestRandomLivesReachEveryState(t *testing.T) {
	reached := map[string]bool{}
	for seed := range 600 {
		lives := rapid.Custom(func(rt *rapid.T) string {
			w := newWorld(t, rt)
			rt.Repeat(w.acts())
			var seen []string
			for _, id := range w.order {
				f, _ := w.store.File(context.Background(), id)
				seen = append(seen, string(f.Request.State), fmt.Sprint("linked ", f.Request.LinkedTo != ""), fmt.Sprint("appeal ", f.Request.AppealOf != ""),
					fmt.Sprint("repeated ", f.Request.Repeated), fmt.Sprint("extended ", f.Request.Extension != nil))
				if d := f.Request.Decision; d != nil && d.Seq > 0 {
					seen = append(seen, fmt.Sprint("carried out ", f.Events[d.Seq-1].Kind == string(lifecycle.EventScheduled)))
				}
				for _, e := range f.Events {
					seen = append(seen, "event "+e.Kind)
				}
				if l := f.Request.Look; l != nil {
					seen = append(seen, "look "+string(l.Why))
				}
				for _, n := range f.Letters {
					seen = append(seen, string(n.State))
				}
			}
			return strings.Join(seen, ",")
		})
		for one := range strings.SplitSeq(lives.Example(seed), ",") {
			reached[one] = true
		}
	}
	for _, want := range []string{
		"awaiting_verification", "open", "waiting_for_person", "fulfilled", "partly_fulfilled", "refused", "withdrawn", "expired", "joined",
		"linked true", "appeal true", "repeated true", "extended true", "look reply", "look mention", "look kept", "carried out true", "event drafted", "event signature_asked", "event signed", "event scheduled", "event called_back", "event not_sent", "sent", "unknown", "pending",
	} {
		if !reached[want] {
			t.Errorf("no life came to %q", want)
		}
	}
}
