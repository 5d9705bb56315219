package request

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// systemEvents tell of what happened to an entry of the ledger.
var systemEvents = map[ledger.Act]lifecycle.Event{
	ledger.Taken: lifecycle.EventSystemTold, ledger.Fetched: lifecycle.EventSystemFetched, ledger.Answered: lifecycle.EventSystemAnswered,
	ledger.Reminded: lifecycle.EventSystemReminded, ledger.HandedOver: lifecycle.EventSystemHandedOver, ledger.Set: lifecycle.EventSystemSet, ledger.Again: lifecycle.EventSystemAgain,
}

// Ledger does a deed to what another system must do about a request, and ends the
// request where it waited for nothing else. The same twice is once. NotFound: the
// system has no such task. Invalid and Conflict: as ledger.Entry.Do.
func (s *Service) Ledger(ctx context.Context, id string, d ledger.Deed) (Request, error) {
	event, known := systemEvents[d.Act]
	if !known {
		return Request{}, fault.New(fault.Internal, "nobody does that to a system: %q", d.Act)
	}
	return s.act(ctx, id, func(t *step) error {
		if err := t.readSystems(ctx); err != nil {
			return err
		}
		e, err := ledger.Find(t.systems, d.System, d.Task)
		if err != nil {
			return err
		}
		system := s.system(d.System)
		if d.Files, err = t.filesOf(ctx, d); err != nil {
			return err
		}
		changed, err := e.Do(t.at, d, system)
		switch {
		case err != nil:
			return err
		case !changed:
			return errDone
		}
		t.putSystems(e)
		facts, private := deedFacts(d, e)
		mail := ownerMails[d.Act]
		if mail != "" && e.OfOwner(system) {
			facts["notice"], private["owner"] = e.ID(), system.Owner
		}
		if err := t.happen(event, doer(d.By), facts, private); err != nil {
			return err
		}
		if facts["notice"] != "" {
			t.mail(mail)
		}
		return t.complete()
	})
}

// filesOf counts the files that a system has sent with its answer to an access request.
func (t *step) filesOf(ctx context.Context, d ledger.Deed) (n int, err error) {
	if d.Act != ledger.Answered || d.Task != ledger.Access {
		return 0, nil
	}
	f, err := t.Store.File(ctx, t.Request.ID)
	for _, a := range f.Files {
		if a.Answers(d.System) && a.State == attachment.Stored {
			n++
		}
	}
	return n, err
}

func doer(officer string) string {
	if officer == "" {
		return audit.BySystem
	}
	return audit.AsOfficer(officer)
}

// deedFacts are what the history says of a deed. The words of others may name somebody.
func deedFacts(d ledger.Deed, e ledger.Entry) (facts, private map[string]string) {
	facts = map[string]string{"system": e.System, "task": string(e.Task)}
	private = map[string]string{}
	if d.Act != ledger.Answered && d.Act != ledger.Set {
		return facts, private
	}
	facts["outcome"] = string(e.State)
	if e.Records > 0 {
		facts["records"] = strconv.Itoa(e.Records)
	}
	private["ground"], private["why"] = e.Ground, e.Why
	return facts, private
}

// Whom says whom an entry is about, as far as its system needs it. Of a request for a
// child, or by an agent, the mailbox is not theirs. NotFound: it was disposed of, or the
// entry has ended.
func (s *Service) Whom(ctx context.Context, e ledger.Entry, of ledger.System) (ledger.Person, error) {
	r, err := s.Store.Load(ctx, e.Request)
	switch {
	case err != nil:
		return ledger.Person{}, err
	case r.Reduced() || e.Ended():
		return ledger.Person{}, fault.New(fault.NotFound, "nobody is to be named any more")
	}
	p := ledger.Person{}
	for need, give := range map[string]func(){
		"name": func() { p.Name = r.Name }, "kinds": func() { p.Kinds = intake.Codes(r.Kinds) }, "place": func() { p.Place = r.Place.String() },
		"language": func() { p.Language = r.Language }, "details": func() { p.Details = r.Details },
		"email": func() {
			if r.OwnData() {
				p.Email = r.Address
			}
		},
	} {
		if slices.Contains(of.Needs, need) {
			give()
		}
	}
	if !r.OwnData() {
		p.OnBehalfOf = string(r.OnBehalfOf)
	}
	return p, nil
}

// system is a system of desk.yaml; one that is gone from there has no days.
func (s *Service) system(id string) ledger.System {
	i := slices.IndexFunc(s.Settings.Systems, func(one ledger.System) bool { return one.ID == id })
	if i < 0 {
		return ledger.System{ID: id}
	}
	return s.Settings.Systems[i]
}

// readSystems reads what other systems must do, where there can be any.
func (t *step) readSystems(ctx context.Context) (err error) {
	if t.systems == nil && (len(t.Settings.Systems) > 0 || t.Request.Outstanding > 0) {
		t.systems, err = t.Store.Systems(ctx, t.Request.ID)
	}
	return err
}

// putSystems makes entries part of the step.
func (t *step) putSystems(entries ...ledger.Entry) {
	for _, e := range entries {
		t.Systems, t.systems = ledger.Put(t.Systems, e), ledger.Put(t.systems, e)
	}
	t.Request.Outstanding = len(ledger.Unended(t.systems))
}

// complete ends a request that waited for other systems alone: the person is told what
// was done where (Art. 19 GDPR). Their erasure here may begin, which takes the address
// away.
func (t *step) complete() error {
	r := &t.Request
	if r.Outstanding == 0 && !r.EraseFrom.IsZero() && r.EraseFrom.Before(t.at) {
		r.EraseFrom = t.at
	}
	if r.State != lifecycle.CarryingOut || len(ledger.Outstanding(t.systems)) > 0 {
		return nil
	}
	facts := map[string]string{}
	for _, e := range t.systems {
		facts[string(e.State)] = strings.TrimSpace(facts[string(e.State)] + " " + e.System)
	}
	event := lifecycle.Event(r.Decision.Outcome)
	if len(ledger.Undone(t.systems)) > 0 {
		event = lifecycle.EventPartlyFulfilled
		r.ObjectUntil = t.through(t.at, time.Duration(t.Law.ReviewDays)*aDay)
		if !r.EraseFrom.IsZero() && r.EraseFrom.Before(r.ObjectUntil) {
			r.EraseFrom = r.ObjectUntil
		}
	}
	if err := t.happen(event, audit.BySystem, facts, nil); err != nil {
		return err
	}
	t.mail(requestmail.CarriedOut)
	return nil
}
