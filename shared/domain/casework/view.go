package casework

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// View is a choice of the requests that a queue shows.
type View string

// The views. All but the last seven show what is confirmed and not answered.
const (
	ViewNext           View = "next"
	ViewMine           View = "mine"
	ViewNobodys        View = "nobodys"
	ViewOverdue        View = "overdue"
	ViewWeek           View = "week" // due this week, and not overdue
	ViewWaiting        View = "waiting"
	ViewAppeals        View = "appeals" // and complaints
	ViewChildrenAgents View = "children_agents"
	ViewSystems        View = "systems"     // other systems have still to do something
	ViewReplies        View = "replies"     // what an officer must look at, oldest first
	ViewToSign         View = "to_sign"     // what waits for the signature of another
	ViewToPost         View = "to_post"     // letters on paper that wait to be posted
	ViewUnsent         View = "unsent"      // letters that did not go, or came back
	ViewUnconfirmed    View = "unconfirmed" // by anybody
	ViewClosed         View = "closed"      // latest first
)

// Views lists all views, in the order in which they are offered.
var Views = []View{
	ViewNext, ViewMine, ViewNobodys, ViewOverdue, ViewWeek, ViewWaiting, ViewAppeals, ViewChildrenAgents, ViewSystems, ViewReplies, ViewToSign, ViewToPost, ViewUnsent, ViewUnconfirmed, ViewClosed,
}

// Query is what a queue is asked for.
type Query struct {
	View     View            // "": ViewNext
	Officer  string          // who looks, "name/id": whose ViewMine is
	State    lifecycle.State // "" as all filters: any
	Kind     intake.Kind
	Place    string    // "US-CA"; "US" is all its regions too
	Law      string    // the regime whose clock sets the date, as law.yaml names it, "strictest" or "own"
	From, To civil.Day // received, both days included, the organisation's; zero: any
	Held     bool      // only what a legal hold keeps
	After    string    // Page.Next of the page before
	Size     int       // rows; 0: 50
}

// The rows of a page.
const (
	usualSize = 50
	maxSize   = 200
)

// check refuses what is unknown, and fills in what is not given.
func (q *Query) check() error {
	q.View, q.Size = cmp.Or(q.View, ViewNext), cmp.Or(q.Size, usualSize)
	switch {
	case !slices.Contains(Views, q.View):
		return fault.Unknown("view", "view", Views...)
	case q.State != "" && !slices.Contains(lifecycle.States, q.State):
		return fault.Unknown("state", "state", lifecycle.States...)
	case q.Kind != "" && !slices.Contains(intake.Kinds(), q.Kind):
		return fault.Unknown("kind", "kind", intake.Kinds()...)
	case q.Law != "" && lawOf(q.Law+"/").ID == "":
		return fault.Field("law", "unknown", "law must be a regime of the law table, strictest or own")
	case !q.From.IsZero() && !q.To.IsZero() && q.To < q.From:
		return fault.Field("to", "early", "to must not be before from")
	case q.View == ViewMine && foureyes.Caller(q.Officer) == "":
		return fault.New(fault.Internal, "nobody asks for what is theirs")
	case q.Size < 1 || q.Size > maxSize:
		return fault.Field("size", "invalid", "size must be from 1 to 200")
	}
	return nil
}

// view says where its requests are found, and which of those it shows.
type view struct {
	lists   []List
	beside  []List    // read for the counts alone
	until   time.Time // of what is later nothing is shown; zero: there is no such time
	matches func(*request.Summary) bool
}

var (
	open        = List{Watch: lifecycle.WatchOpen}
	underWay    = []List{open, {Watch: lifecycle.WatchPaused}}
	special     = []List{{Special: true}}
	unconfirmed = []List{{Watch: lifecycle.WatchUnverified}}
	toLookAt    = []List{{Watch: lifecycle.WatchLook}}
)

// inSpecial are the views of few requests. Those are a list of their own: nobody
// reads all that is under way to find them.
var inSpecial = map[View]func(*request.Summary) bool{
	ViewWaiting: func(s *request.Summary) bool { return s.State == lifecycle.WaitingForPerson },
	ViewAppeals: func(s *request.Summary) bool { return !s.State.Closed() && appealOrComplaint(s) },
	ViewChildrenAgents: func(s *request.Summary) bool {
		return !s.State.Closed() && (cmp.Or(s.OnBehalfOf, intake.Self) != intake.Self || slices.Contains(s.Kinds, deadline.ChildErasure))
	},
	ViewToSign: func(s *request.Summary) bool { return s.Draft == draft.StageToSign },
}

// Special reports whether a request is in the list of those, given what is waited for in it.
func Special(w lifecycle.Watch, s *request.Summary) bool {
	if w != lifecycle.WatchOpen && w != lifecycle.WatchPaused && w != lifecycle.WatchSign {
		return false
	}
	for _, matches := range inSpecial {
		if matches(s) {
			return true
		}
	}
	return false
}

func (d *Desk) view(q *Query, now time.Time) view {
	v := view{lists: underWay, matches: func(*request.Summary) bool { return true }}
	if matches := inSpecial[q.View]; matches != nil {
		return view{lists: special, beside: []List{open}, matches: matches}
	}
	switch q.View {
	case ViewMine:
		v.lists, v.beside = []List{{Assignee: foureyes.Caller(q.Officer)}}, underWay
	case ViewNobodys:
		v.matches = func(s *request.Summary) bool { return s.Assignee == "" }
	case ViewOverdue:
		v.until = now
		v.matches = func(s *request.Summary) bool { return overdue(s, now) }
	case ViewWeek:
		v.until = d.endOfWeek(now)
		v.matches = func(s *request.Summary) bool { return dueBy(s, v.until) && !overdue(s, now) }
	case ViewSystems:
		v.matches = func(s *request.Summary) bool { return s.Outstanding > 0 }
	case ViewReplies:
		v.lists, v.matches = toLookAt, func(s *request.Summary) bool {
			return s.Look != nil && !unsent(s.Look) && s.Look.Why != lifecycle.LookToPost
		}
	case ViewToPost:
		v.lists, v.matches = toLookAt, func(s *request.Summary) bool { return !s.ToPost.IsZero() }
	case ViewUnsent:
		v.lists, v.matches = toLookAt, func(s *request.Summary) bool {
			return s.LetterFailed || s.Draft == draft.StageStopped || s.Look != nil && unsent(s.Look)
		}
	case ViewUnconfirmed:
		v.lists = unconfirmed
	case ViewClosed:
		v.lists = []List{{Watch: lifecycle.WatchClosed, Latest: true}}
	}
	return v
}

// filter reports whether a request is what the filters ask for.
func (d *Desk) filter(q *Query, s *request.Summary) bool {
	day := civil.Of(s.ReceivedAt, d.Requests.Law.Zone())
	place := s.Place.String()
	return (q.State == "" || s.State == q.State) &&
		(q.Kind == "" || slices.Contains(s.Kinds, q.Kind)) &&
		(q.Place == "" || place == q.Place || strings.HasPrefix(place, q.Place+"-")) &&
		(q.Law == "" || regimeOf(s.DueRule) == q.Law) &&
		(q.From.IsZero() || day >= q.From) && (q.To.IsZero() || day <= q.To)
}

// overdue reports whether our answer is: while the clock stands still none is.
func overdue(s *request.Summary, now time.Time) bool { return running(s) && now.After(s.DueAt) }

func dueBy(s *request.Summary, by time.Time) bool { return running(s) && !s.DueAt.After(by) }

// running reports whether our clock runs.
func running(s *request.Summary) bool {
	return !s.State.Closed() && s.State != lifecycle.Unverified && !s.Paused
}

func appealOrComplaint(s *request.Summary) bool {
	return s.AppealOf != "" || slices.Contains(s.Kinds, deadline.Complaint)
}

// unsent reports whether what must be looked at is a letter that did not go, or came back.
func unsent(l *lifecycle.Look) bool {
	return l.Why == lifecycle.LookUndelivered || l.Why == lifecycle.LookUnsent
}

// endOfWeek is the last second of the organisation's Sunday.
func (d *Desk) endOfWeek(now time.Time) time.Time {
	law := d.Requests.Law
	return law.EndOfDay(now, (7-int(civil.Of(now, law.Zone()).Weekday()))%7)
}
