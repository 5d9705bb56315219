package rights

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/civil"
	"privacydesk/shared/fault"
	"privacydesk/shared/law"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/policy"
	"privacydesk/shared/quota"
	"privacydesk/shared/register"
)

// Store keeps requests with their history and notices. Every method's errors
// are faults: Unavailable when the backend does not answer, and those named.
type Store interface {
	// Create stores a new request and all that belongs to it, all or nothing,
	// in one transaction. *RepeatedError: the same was sent before. TooMany: one
	// of the limits is used up.
	Create(context.Context, Creation) error
	// Save stores what an act changed, all or nothing, on the condition that
	// the request still has the version before. Conflict: it has not.
	Save(context.Context, Step) error
	// OptOut puts opt-outs into effect that belong to no step, all or nothing.
	OptOut(context.Context, []optout.Change) error
	// Load returns a request. NotFound: there is none.
	Load(ctx context.Context, id string) (Request, error)
	// OfPerson returns a summary of all requests of a person. Anybody can send
	// those that nobody confirmed, without end: what a person waits for reads
	// ConfirmedOf.
	OfPerson(context.Context, person.Ref) ([]Summary, error)
	// ConfirmedOf returns a summary of a person's requests that were confirmed
	// or verified, and reads no other.
	ConfirmedOf(context.Context, person.Ref) ([]Summary, error)
	// File returns a request with its history and notices, in one read.
	// NotFound: there is none.
	File(ctx context.Context, id string) (File, error)
}

// Step is a change of a request with the events that tell of it and the
// notices that follow from it.
type Step struct {
	Request Request // Version is that after the change
	Events  []register.Entry
	Notices []Notice // new ones
	Done    *Notice  // one that is settled, and was NoticeTrying before
	OptOuts []optout.Change
	// PickedUp is the opt-out whose wish to be erased becomes this request. The
	// step is refused (Conflict) when the wish is there no more.
	PickedUp *optout.Key
}

// Creation is the first step of a request, with the limits that it counts
// against, the sending that it stands for and, for an appeal, the step of the
// request that it is about.
type Creation struct {
	Step
	Limits  []quota.Limit
	Sending *Sending
	About   *Step
}

// File is everything about one request.
type File struct {
	Request Request
	Events  []register.Entry
	Notices []Notice
}

// Settings are the organisation's own rules for requests.
type Settings struct {
	RepeatedWithin time.Duration // of a third request for the same
	ExportFor      time.Duration // whole days in which an export can be fetched (the schedule of retention); only who decides must set it
	Resends        int           // of the verification mail
	Waiting        map[law.Cause]WaitRule
	RemindDays     []int // working days before a due date, falling
	OverdueAgain   int   // days between reminders of what is overdue
}

// VerifyWithin is how long the confirmation link is good, in whole days after
// that of its mail. It is not how long an unverified request is kept: that is
// the schedule's (shared/retention), and longer.
const VerifyWithin = 7 * aDay

const aDay = 24 * time.Hour

// VerifyUntil is the end of a confirmation link that is mailed at a time.
func (s *Service) VerifyUntil(mailed time.Time) time.Time { return s.through(mailed, VerifyWithin) }

// through is the end of the local day that is some whole days after that of a
// moment: what we tell people by its day holds to its end.
func (s *Service) through(from time.Time, within time.Duration) time.Time {
	zone := s.Law.Zone()
	return (civil.Of(from, zone) + civil.Day(within/aDay)).End(zone).UTC()
}

// Service takes requests and carries them through their states.
type Service struct {
	Store    Store
	Key      person.Key
	Law      *law.Engine
	Settings Settings
	Now      func() time.Time
	Random   io.Reader // ids and the salts of the history
}

// step collects what one act changes.
type step struct {
	*Service
	Step
	at        time.Time
	authentic bool // the request came by a mail whose author is known
}

func (s *Service) begin(r Request) *step {
	r.Version++
	return &step{Service: s, Step: Step{Request: r}, at: s.Now().UTC().Truncate(time.Millisecond)}
}

// happen moves the request through an event and writes it into the history.
func (t *step) happen(event Event, actor string, facts map[string]string, private map[string]string) error {
	state, err := next(t.Request.State, event)
	if err != nil {
		return err
	}
	t.Request.State = state
	if state.Closed() && t.Request.ClosedAt.IsZero() {
		t.Request.ClosedAt, t.Request.Waiting = t.at, nil
	}
	personal := map[string]register.Private{}
	// Which officer acted is theirs to be forgotten too, and not the person's to know.
	actor, who, _ := strings.Cut(actor, ":")
	if actor == ByOfficer {
		t.Request.Look = nil
	}
	if who != "" {
		personal[factOfficer] = register.Personal(who)
	}
	for name, value := range private {
		if value != "" {
			personal[name] = register.Personal(value)
		}
	}
	entry, err := register.Append(t.Request.Head, register.Entry{
		At: t.at, Kind: string(event), Actor: actor, Facts: facts, Private: personal,
	}, t.Random)
	if err != nil {
		return err
	}
	t.Request.Head = entry.Head()
	t.Events = append(t.Events, entry)
	return nil
}

// factOfficer names the private fact that says which officer acted.
const factOfficer = "officer"

// Officer says which officer caused an event, "" for any other actor.
func Officer(e register.Entry) string {
	who, _ := e.Private[factOfficer].Reveal()
	return who
}

// mail queues a notice that the last event causes.
func (t *step) mail(template Template) {
	t.Notices = append(t.Notices, Notice{
		RequestID: t.Request.ID, Seq: t.Request.Head.Seq, Template: template, Cause: t.cause(), DueAt: t.at, State: NoticePending,
	})
}

// cause says by whose doing the last event happened. Who has confirmed a
// request is told all about it, and so is whom an officer writes to.
func (t *step) cause() quota.Cause {
	byOfficer := t.Request.Source == FromOfficer || len(t.Events) > 0 && t.Events[len(t.Events)-1].Actor == ByOfficer
	switch {
	case !t.Request.VerifiedAt.IsZero() || byOfficer:
		return quota.ByConfirmed
	case t.authentic:
		return quota.ByAuthor
	case t.Request.Source == FromMail:
		return quota.ByMail
	}
	return quota.ByStranger
}

// date computes the due date anew from the request's facts.
func (t *step) date() error {
	if t.Request.State == Unverified {
		t.Request.DueAt = t.Request.VerifyBy
		return nil
	}
	d, err := t.due(&t.Request)
	t.Request.DueAt = d.Due
	if err != nil || t.Request.Waiting == nil {
		return err
	}
	w := *t.Request.Waiting
	w.Stands, err = t.stands(&t.Request)
	t.Request.Waiting = &w
	return err
}

// due returns the strictest date by which the request must be answered.
func (s *Service) due(r *Request) (law.Deadline, error) {
	all, err := s.Law.Deadlines(r.lawCase())
	if err != nil {
		return law.Deadline{}, err
	}
	d, found := law.Strictest(all, r.answers()...)
	if !found {
		return law.Deadline{}, fault.Wrap(fault.Internal, law.ErrNoClock, "date a request")
	}
	return d, nil
}

// answers are the purposes of the clocks by which we must answer.
func (r *Request) answers() []law.Purpose {
	if r.AppealOf != "" {
		return []law.Purpose{law.Appeal}
	}
	return []law.Purpose{law.Respond, law.OptOut}
}

// stands reports whether all clocks stand still by which we must answer.
func (s *Service) stands(r *Request) (bool, error) {
	all, err := s.Law.Deadlines(r.lawCase())
	runs := slices.ContainsFunc(all, func(d law.Deadline) bool { return !d.Paused && slices.Contains(r.answers(), d.Purpose) })
	return err == nil && !runs, err
}

// Deadlines returns all due dates of a request, the strictest first.
func (s *Service) Deadlines(r Request) ([]law.Deadline, error) { return s.Law.Deadlines(r.lawCase()) }

// Due returns the strictest date by which a request must be answered, with
// the reasons for it.
func (s *Service) Due(r Request) (law.Deadline, error) { return s.due(&r) }

// tries is how often an act looks again when the request has changed under its
// hands: a double click is one act, and a mail that was settled meanwhile
// spoils none.
const tries = 5

// act loads a request, lets f change it, and saves the step. Conflict: f may
// not, the request was reduced, or it changes all the time.
func (s *Service) act(ctx context.Context, id string, f func(*step) error) (Request, error) {
	return s.change(ctx, id, func(t *step) error {
		if t.Request.Reduced() {
			return ErrReduced
		}
		return f(t)
	})
}

// change is act for what may be done to a reduced request too.
func (s *Service) change(ctx context.Context, id string, f func(*step) error) (r Request, err error) {
	for range tries {
		if r, err = s.Store.Load(ctx, id); err != nil {
			return Request{}, err
		}
		t := s.begin(r)
		switch err := f(t); {
		case errors.Is(err, errDone):
			return r, nil
		case err != nil:
			return r, err
		}
		if err = s.Store.Save(ctx, t.Step); !isConflict(err) {
			return t.Request, err
		}
	}
	return r, err
}

func isConflict(err error) bool { return errors.Is(err, &fault.Error{Code: fault.Conflict}) }

// errDone ends an act that was done before.
var errDone = errors.New("done before")

// New makes the service of a desk: its law counts in the controller's time
// zone and by its calendar. Settings.ExportFor is left to whoever decides.
func New(store Store, key person.Key, d *policy.Desk, now func() time.Time, random io.Reader) (*Service, error) {
	zone, err := d.Organisation.Location()
	if err != nil {
		return nil, err
	}
	engine, err := law.New(law.Default(), zone, d.Requests.Calendar)
	if err != nil {
		return nil, err
	}
	return &Service{Store: store, Key: key, Law: engine, Now: now, Random: random, Settings: Settings{
		RepeatedWithin: time.Duration(d.Requests.RepeatedWithinMonths) * 30 * 24 * time.Hour,
		Resends:        d.Requests.Resends,
		Waiting:        waitRules(d), RemindDays: d.Requests.RemindDays, OverdueAgain: d.Requests.OverdueAgainDays,
	}}, nil
}
