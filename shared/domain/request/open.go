package request

import (
	"cmp"
	"context"
	"encoding/base32"
	"errors"
	"io"
	"strings"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/requestmail"
)

// Intake is what a person asks for.
//
// KindsUnsure says that the text does not tell for sure what is asked for, as
// in a mail "Do NOT delete my account, send me my data". Kinds are then those
// beyond doubt, usually none: a guess must not stand there, for Kinds are told
// as fact, and opt-outs among them take effect at once. The person chooses on
// the confirmation page, beside their own words in Details; until then the
// request is of no kind.
type Intake struct {
	Address     person.Address
	Contact     person.Contact // where there is no Address, or beside it: letters then go on paper
	Checked     []intake.Check // how the officer who enters it has verified the person; none: they are asked
	Kinds       []intake.Kind
	KindsUnsure bool
	Name        string
	Details     string
	Place       deadline.Jurisdiction
	OnBehalfOf  intake.Behalf
	Language    string
	Source      intake.Source
	GPC         bool
	OptOuts     []optout.Scope // beside those of the kinds: "unsubscribe and delete my data"
	Evidence    optout.Evidence
	Limits      []quota.Limit
	Sending     string         // names this sending where its channel does, as a mail's Message-ID: the same is never taken in twice
	Authentic   bool           // of a mail: its author is shown to have sent it
	ReceivedAt  time.Time      // of a mail, its arrival; zero, or later than now: now
	Kept        bool           // nobody is mailed for it: an officer must look first
	Recorded    bool           // its opt-outs have been recorded, as of its arrival
	Officer     string         // who entered it; "" where the person sent it
	Pending     *optout.Record // an opt-out that came with a request for erasure, which becomes this one
}

// Instant reports whether nothing but opt-outs is asked for.
func (in Intake) Instant() bool {
	return (&Request{Kinds: in.Kinds, Details: in.Details}).instant()
}

// scopes are what is opted out of at once.
func (in *Intake) scopes() []optout.Scope {
	return append(intake.Stopped(in.Kinds, !in.Address.IsZero()), in.OptOuts...)
}

// check refuses what nobody can be written to about.
func (in *Intake) check() error {
	switch {
	case len(inOrder(in.Kinds)) == 0 && !in.KindsUnsure:
		return intake.NothingAsked("kind")
	case len(in.Checked) > 0:
		return cmp.Or(intake.CheckReach(in.Address, in.Contact, in.Name), intake.Verification{Checked: in.Checked}.Check(false))
	}
	return intake.CheckReach(in.Address, in.Contact, in.Name)
}

// Open takes a request in: opt-outs take effect at once, everything else
// waits for the confirmation mail. It is one transaction after one read, and
// the same for known and unknown addresses. What was sent before is the same
// request (see sending.go). TooMany: a limit is used up, and nothing was taken in.
func (s *Service) Open(ctx context.Context, in Intake) (Request, error) {
	if err := in.check(); err != nil {
		return Request{}, err
	}
	instead := ""
	for range tries {
		r, err := s.open(ctx, in, instead)
		repeated, ok := errors.AsType[*RepeatedError](err)
		if !ok {
			return r, err
		}
		earlier, same, err := s.repeat(ctx, in, repeated.ID)
		if err != nil {
			return Request{}, err
		}
		if same {
			r.ID, r.Head = earlier.Request.ID, earlier.opened()
			return r, nil
		}
		instead = repeated.ID
	}
	return Request{}, fault.New(fault.Unavailable, "the same request was sent many times at once")
}

func (s *Service) open(ctx context.Context, in Intake, instead string) (Request, error) {
	id, err := newID(s.Random)
	if err != nil {
		return Request{}, err
	}
	t := s.begin(Request{
		ID: id, Ref: s.ref(in), Kinds: inOrder(in.Kinds), KindsUnsure: in.KindsUnsure, Address: in.Address, Name: in.Name,
		Details: in.Details, Place: in.Place, OnBehalfOf: in.OnBehalfOf, Language: in.Language, Source: in.Source, GPC: in.GPC,
		NoEmail: in.Address.IsZero(),
	})
	t.reachBy(in.Contact)
	t.authentic, t.Request.ReceivedAt = in.Authentic, t.past(in.ReceivedAt) // the clock runs from the arrival, by whatever channel (11 CCR 7020(e))
	if in.Pending != nil {
		t.Request.ReceivedAt = in.Pending.ErasureRequestedAt // the clock runs from the day when the erasure was requested
	}
	t.Request.ClockFrom = t.Request.ReceivedAt
	t.Request.Head = audit.Genesis(id)
	others, err := s.Store.ConfirmedOf(ctx, t.Request.Ref)
	if err != nil {
		return Request{}, err
	}
	if err := t.receive(ctx, in, others); err != nil {
		return Request{}, err
	}
	sending := Sending{Key: in.key(t.Request.Ref), At: t.at, Instead: instead}
	return t.Request, s.Store.Create(ctx, Creation{Step: t.Step, Limits: in.Limits, Sending: &sending})
}

// ref is the person's reference. An opt-out that came with a request for erasure has it
// already, so that picking it up needs no key.
func (s *Service) ref(in Intake) person.Ref {
	if in.Pending != nil {
		return in.Pending.Ref
	}
	if in.Address.IsZero() {
		return s.Key.ContactRef(in.Name, in.Contact)
	}
	return s.Key.Ref(in.Address)
}

func (t *step) receive(ctx context.Context, in Intake, others []Summary) error {
	t.Request.Repeated = t.repeated(others)
	if in.Pending != nil {
		t.PendingErasure = &in.Pending.Key
	}
	facts := map[string]string{
		"kinds": joined(t.Request.Kinds), "source": string(in.Source), "place": in.Place.String(),
		"on_behalf_of": string(in.OnBehalfOf), "repeated": yes(t.Request.Repeated), "gpc": yes(in.GPC),
	}
	if in.KindsUnsure {
		facts["kinds_unsure"] = yes(true)
	}
	err := t.happen(lifecycle.EventReceived, audit.ByPerson, facts, map[string]string{
		"address": in.Address.Reveal(), "post": in.Contact.Post(), "telephone": in.Contact.Telephone(), "name": in.Name, "details": in.Details, audit.FactOfficer: in.Officer,
	})
	if err != nil {
		return err
	}
	if err := t.optOut(in.scopes(), in.Evidence); err != nil {
		return err
	}
	if in.Recorded {
		t.OptOuts = nil
	}
	switch {
	case in.Kept:
		t.Request.Look = &lifecycle.Look{Why: lifecycle.LookKept, Since: t.Request.ReceivedAt}
	case intake.Unconfirmed(t.Request.Kinds):
		t.Request.Look = &lifecycle.Look{Why: lifecycle.LookCounts, Since: t.Request.ReceivedAt}
	}
	if t.Request.instant() {
		return t.finishInstant()
	}
	t.Request.VerifyBy = t.VerifyUntil(t.at) // of the mail, when that goes: see mailed
	if len(in.Checked) > 0 {
		t.Request.Checked = in.Checked
		return t.verify(ctx, audit.AsOfficer(in.Officer), map[string]string{"checked": joined(in.Checked)}, nil)
	}
	if in.Kept || t.Request.NoEmail {
		if err := t.happen(lifecycle.EventKept, audit.BySystem, nil, nil); err != nil {
			return err
		}
		if t.Request.NoEmail {
			t.Request.lookOn()
		}
		return t.date()
	}
	t.Request.AskedAt = t.at
	if err := t.happen(lifecycle.EventVerificationAsked, audit.BySystem, nil, nil); err != nil {
		return err
	}
	t.mail(requestmail.Verify)
	return t.date()
}

// finishInstant ends a request for nothing but opt-outs, which are in effect.
func (t *step) finishInstant() error {
	if err := t.happen(lifecycle.EventFulfilled, audit.BySystem, nil, nil); err != nil {
		return err
	}
	t.Request.Decision = &decision.Decision{Outcome: decision.Grant, At: t.at}
	if l := t.Request.Look; l == nil || l.Why != lifecycle.LookKept {
		t.mail(requestmail.OptedOut)
	}
	return t.date()
}

// alphabet is Crockford's base 32: no letter that is taken for a digit.
var alphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newID makes a reference of 80 random bits that can be read out on the
// telephone: "PD-7K3M-9QXT-40BZ-1HNE".
func newID(random io.Reader) (string, error) {
	var b [10]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fault.Wrap(fault.Internal, err, "make a reference")
	}
	text := alphabet.EncodeToString(b[:])
	return "PD-" + text[0:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16], nil
}

func joined[S ~string](list []S) string { return strings.Join(intake.Codes(list), " ") }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
