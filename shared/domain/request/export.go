package request

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Export is all that this system holds about a person (Art. 15(3), 20(1)
// GDPR; 11 CCR 7024). Its JSON form is the documented schema
// "privacydesk-export/v1": times are RFC 3339 in UTC, missing members are not
// held, histories are as package register writes them.
type Export struct {
	Schema    string          `json:"schema"`
	MadeAt    time.Time       `json:"made_at"`
	Reference string          `json:"reference"` // of the request that asked for it
	Address   string          `json:"address"`
	PersonRef string          `json:"person_ref"` // the keyed reference by which records are found
	OptOuts   []ExportOptOut  `json:"opt_outs"`
	OptIns    []ExportOptIn   `json:"opt_ins"`
	Requests  []ExportRequest `json:"requests"`
	Counters  []ExportCounter `json:"counters"`
	// Histories are those of the requests, in their order, each to be verified
	// by package register.
	Histories []json.RawMessage `json:"histories"`
	// Next is where the next part begins, "" in the last. All but requests is in
	// the first part.
	Next string `json:"next,omitempty"`
}

// A part of an export is a little larger than maxPart bytes as JSON and has the
// files of maxFiles requests at most: an answer of Lambda holds 6 MB
// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), in
// which each "<" of a page takes six, and takes seconds.
const (
	maxPart  = 1 << 20
	maxFiles = 100
)

// ExportOptOut is one choice with its evidence.
type ExportOptOut struct {
	Scope         string     `json:"scope"`
	State         string     `json:"state"`
	Version       int        `json:"version"`
	FirstAt       *time.Time `json:"first_at,omitempty"`
	OutSince      *time.Time `json:"out_since,omitempty"`
	ChangedAt     *time.Time `json:"changed_at,omitempty"`
	Until         *time.Time `json:"until,omitempty"`
	Source        string     `json:"source"`
	Campaign      string     `json:"campaign,omitempty"`
	Form          string     `json:"form,omitempty"`
	Detail        string     `json:"detail,omitempty"` // SES's word for a bounce or complaint
	Name          string     `json:"name,omitempty"`
	SoftDays      []string   `json:"soft_bounce_days,omitempty"`
	EraseWantedAt *time.Time `json:"erase_wanted_at,omitempty"`
	EraseLanguage string     `json:"erase_language,omitempty"`
	ReducedAt     *time.Time `json:"reduced_at,omitempty"` // the evidence was disposed of
	ErasedAt      *time.Time `json:"erased_at,omitempty"`
	SES           string     `json:"ses_suppression,omitempty"`
	SESAt         *time.Time `json:"ses_told_at,omitempty"`
	SESReason     string     `json:"ses_reason,omitempty"`

	// While an import can be undone: its id, and what stood there before.
	Import        string        `json:"import,omitempty"`
	ImportFirstAt *time.Time    `json:"first_at_before_import,omitempty"`
	Before        *ExportOptOut `json:"before_import,omitempty"`
}

// ExportOptIn is a mail about coming back: one that asks the person to confirm
// it, or one that has still to tell them that they are back.
type ExportOptIn struct {
	AskedAt  *time.Time `json:"asked_at"`
	Scopes   []string   `json:"scopes"`
	Language string     `json:"language,omitempty"`
	Back     bool       `json:"is_back"`
}

// ExportRequest is one request with its history and mails.
type ExportRequest struct {
	Reference  string       `json:"reference"`
	Kinds      []Kind       `json:"kinds"`
	State      State        `json:"state"`
	Name       string       `json:"name,omitempty"`
	Details    string       `json:"details,omitempty"`
	Place      string       `json:"place,omitempty"`
	OnBehalfOf Behalf       `json:"on_behalf_of"`
	Language   string       `json:"language,omitempty"`
	Source     Source       `json:"source"`
	ReceivedAt *time.Time   `json:"received_at"`
	VerifiedAt *time.Time   `json:"verified_at,omitempty"`
	ClosedAt   *time.Time   `json:"closed_at,omitempty"`
	ReducedAt  *time.Time   `json:"reduced_at,omitempty"` // all but the log was disposed of
	Statement  string       `json:"statement,omitempty"`
	Decision   *Decision    `json:"decision,omitempty"`
	Mails      []ExportMail `json:"mails"`
}

// ExportMail is one mail to the person.
type ExportMail struct {
	Template Template    `json:"template"`
	State    NoticeState `json:"state"`
	SentAt   *time.Time  `json:"sent_at,omitempty"`
	SESID    string      `json:"ses_message,omitempty"`
}

// ExportCounter is one running rate limit of the person.
type ExportCounter struct {
	Name  string    `json:"name"`
	Count int       `json:"count"`
	Since time.Time `json:"since"`
}

const exportSchema = "privacydesk-export/v1"

// Holdings are what else is held about a person, beside requests.
type Holdings interface {
	// OptOutsOf returns all choices of a person.
	OptOutsOf(context.Context, person.Ref) ([]optout.Record, error)
	// AsksOf returns the mails to a person about coming back that are kept.
	AsksOf(context.Context, person.Ref) ([]optout.Ask, error)
	// CountersOf returns the running rate limits of a mailbox.
	CountersOf(context.Context, person.Address) ([]ExportCounter, error)
}

// Export gathers all that is held about the person of a request, from where a
// part says that the next begins; "" is the first. Expired: the time to fetch
// it is over, or it was never open. Invalid: no part begins there.
func (s *Service) Export(ctx context.Context, id, part string, held Holdings) (Export, error) {
	r, err := s.Store.Load(ctx, id)
	if err != nil {
		return Export{}, err
	}
	if !r.Exports() || r.Reduced() || !s.Now().Before(r.ExportUntil) {
		return Export{}, fault.New(fault.Expired, "This export is not available any more.")
	}
	from, err := readMark(part)
	if err != nil {
		return Export{}, err
	}
	e := Export{
		Schema: exportSchema, MadeAt: s.Now().UTC().Truncate(time.Second), Reference: id, Address: r.Address.Reveal(), PersonRef: string(r.Ref),
		OptOuts: []ExportOptOut{}, OptIns: []ExportOptIn{}, Requests: []ExportRequest{}, Counters: []ExportCounter{}, Histories: []json.RawMessage{},
	}
	if part == "" {
		if err := e.hold(ctx, &r, held); err != nil {
			return Export{}, err
		}
	}
	err = s.exportRequests(ctx, r.Ref, from, &e)
	return e, err
}

// hold adds what is held beside requests.
func (e *Export) hold(ctx context.Context, r *Request, held Holdings) error {
	records, err := held.OptOutsOf(ctx, r.Ref)
	if err != nil {
		return err
	}
	for _, o := range records {
		e.OptOuts = append(e.OptOuts, exportOptOut(o))
	}
	asks, err := held.AsksOf(ctx, r.Ref)
	if err != nil {
		return err
	}
	for _, a := range asks {
		e.OptIns = append(e.OptIns, ExportOptIn{when(a.AskedAt), Codes(optout.Subjects(a.Versions)), a.Language, a.Back})
	}
	counters, err := held.CountersOf(ctx, r.Address)
	e.Counters = append(e.Counters, counters...)
	return err
}

func (s *Service) exportRequests(ctx context.Context, ref person.Ref, from mark, e *Export) error {
	all, err := s.Store.OfPerson(ctx, ref)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s Summary) bool { return markOf(s).compare(from) <= 0 })
	slices.SortFunc(all, func(a, b Summary) int { return markOf(a).compare(markOf(b)) })
	size := 0
	for i, one := range all {
		n, err := s.exportOne(ctx, one, e)
		if err != nil {
			return err
		}
		if size += n; (size >= maxPart || len(e.Histories) == maxFiles) && i < len(all)-1 {
			e.Next = markOf(one).String()
			return nil
		}
	}
	return nil
}

// exportOne adds a request and returns how many bytes it takes.
func (s *Service) exportOne(ctx context.Context, one Summary, e *Export) (int, error) {
	if one.VerifiedAt.IsZero() && one.State != Fulfilled {
		// Anybody can send a request in this person's name: what nobody has
		// confirmed is told, its words are not given out, and a thousand of
		// them cost one read.
		return e.add(ExportRequest{Reference: one.ID, Kinds: one.Kinds, State: one.State, ReceivedAt: when(one.ReceivedAt), Mails: []ExportMail{}}, nil)
	}
	file, err := s.Store.File(ctx, one.ID)
	if fault.CodeOf(err) == fault.NotFound {
		return 0, nil // disposed of meanwhile
	}
	if err != nil {
		return 0, err
	}
	history, err := audit.History{Head: file.Request.Head, Entries: forPerson(file.Events)}.Encode()
	if err != nil {
		return 0, fault.Wrap(fault.Internal, err, "export a history")
	}
	return e.add(exportRequest(file), history)
}

func (e *Export) add(r ExportRequest, history json.RawMessage) (int, error) {
	e.Requests = append(e.Requests, r)
	if history != nil {
		e.Histories = append(e.Histories, history)
	}
	text, err := json.Marshal(r)
	return len(text) + len(history), err
}

func exportOptOut(o optout.Record) ExportOptOut {
	out := ExportOptOut{
		Scope: string(o.Scope), State: string(o.State), Version: o.Version, FirstAt: when(o.FirstAt), OutSince: when(o.OutSince),
		ChangedAt: when(o.ChangedAt), Until: when(o.Until), Source: string(o.Evidence.Source), Campaign: o.Evidence.Campaign,
		Form: o.Evidence.Form, Detail: o.Evidence.Detail, Name: o.Name, SoftDays: o.SoftDays,
		EraseWantedAt: when(o.EraseWantedAt), EraseLanguage: o.EraseLanguage,
		SES: string(o.Projection.Status), SESAt: when(o.Projection.At), SESReason: o.Projection.Reason,
		ReducedAt: when(o.ReducedAt), ErasedAt: when(o.ErasedAt), Import: o.Trace.Import, ImportFirstAt: when(o.Trace.FirstAt),
	}
	if o.Trace.Before != nil {
		before := exportOptOut(*o.Trace.Before)
		out.Before = &before
	}
	return out
}

func exportRequest(f File) ExportRequest {
	r := f.Request
	out := ExportRequest{
		Reference: r.ID, Kinds: r.Kinds, State: r.State, Name: r.Name, Details: r.Details, Place: r.Place.String(),
		OnBehalfOf: r.OnBehalfOf, Language: r.Language, Source: r.Source, ReceivedAt: when(r.ReceivedAt),
		VerifiedAt: when(r.VerifiedAt), ClosedAt: when(r.ClosedAt), ReducedAt: when(r.ReducedAt), Statement: r.Statement, Decision: r.Decision,
		Mails: []ExportMail{},
	}
	for _, n := range f.Notices {
		out.Mails = append(out.Mails, ExportMail{n.Template, n.State, when(n.SentAt), n.MessageID})
	}
	return out
}

// forPerson blanks what an officer noted for the officers, and what somebody
// wrote who is not shown to be the person: the chain still holds.
func forPerson(events []audit.Entry) []audit.Entry {
	shown := slices.Clone(events)
	for i, e := range shown {
		shown[i] = audit.Blank(e, factOfficer)
		if e.Kind == string(EventNoted) || e.Kind == string(EventReplied) && e.Actor != ByPerson {
			shown[i] = audit.Blank(e)
		}
	}
	return shown
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
