// Package export gathers all that the desk holds about a person, for a request
// for access or portability, in parts that one answer can hold, and writes it as
// JSON, as tables for a page, and as CSV. It must not decide who may fetch an
// export: package request does. It must not import AWS, net/http or HTML.
package export

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// Export is all that this system holds about a person (Art. 15(3), 20(1)
// GDPR; 11 CCR 7024). Its JSON form is the documented schema
// "privacydesk-export/v1": times are RFC 3339 in UTC, missing members are not
// held, histories are as package audit writes them.
type Export struct {
	Schema    string        `json:"schema"`
	MadeAt    time.Time     `json:"made_at"`
	Reference string        `json:"reference"` // of the request that asked for it
	Address   string        `json:"address"`
	Language  string        `json:"-"`          // of the request; what shows the export speaks it
	PersonRef string        `json:"person_ref"` // the keyed reference by which records are found
	OptOuts   []OptOut      `json:"opt_outs"`
	OptIns    []OptIn       `json:"opt_ins"`
	Requests  []RequestFile `json:"requests"`
	Counters  []Counter     `json:"counters"`
	// Histories are those of the requests, in their order, each to be verified
	// by package audit.
	Histories []json.RawMessage `json:"histories"`
	// Next is where the next part begins, "" in the last. All but requests is in
	// the first part.
	Next string `json:"next,omitempty"`
	// Parts are what other systems gave, and the files of the answer.
	Parts []access.Listed `json:"parts,omitempty"`
	// About is what the law wants told with the data, in words.
	About []access.Section `json:"about,omitempty"`

	Answer []access.Part `json:"-"` // Parts, with all that is known of their files
	Told   access.Told   `json:"-"` // what About must say
}

// A part of an export is a little larger than maxPart bytes as JSON and has the
// files of maxFiles requests at most: an answer of Lambda holds 6 MB
// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), in
// which each "<" of a page takes six, and takes seconds.
const (
	maxPart  = 1 << 20
	maxFiles = 100
)

// OptOut is one choice with its evidence.
type OptOut struct {
	Scope              string    `json:"scope"`
	State              string    `json:"state"`
	Version            int       `json:"version"`
	FirstAt            time.Time `json:"first_at,omitzero"`
	OutSince           time.Time `json:"out_since,omitzero"`
	ChangedAt          time.Time `json:"changed_at,omitzero"`
	Until              time.Time `json:"until,omitzero"`
	Source             string    `json:"source"`
	Campaign           string    `json:"campaign,omitempty"`
	Form               string    `json:"form,omitempty"`
	Detail             string    `json:"detail,omitempty"` // SES's word for a bounce or complaint, or what an officer was told
	Name               string    `json:"name,omitempty"`
	SoftDays           []string  `json:"soft_bounce_days,omitempty"`
	LiftedAt           time.Time `json:"lifted_at,omitzero"` // no bounce up to then counts
	ErasureRequestedAt time.Time `json:"erase_wanted_at,omitzero"`
	ErasureLanguage    string    `json:"erase_language,omitempty"`
	ReducedAt          time.Time `json:"reduced_at,omitzero"` // the evidence was disposed of
	ErasedAt           time.Time `json:"erased_at,omitzero"`
	SES                string    `json:"ses_suppression,omitempty"`
	SESAt              time.Time `json:"ses_told_at,omitzero"`
	SESReason          string    `json:"ses_reason,omitempty"`

	// While an import can be undone: its id, and what stood there before.
	Import        string    `json:"import,omitempty"`
	ImportFirstAt time.Time `json:"first_at_before_import,omitzero"`
	Before        *OptOut   `json:"before_import,omitempty"`
}

// OptIn is an opt-in confirmation: one that asks the person to confirm
// it, or one that has still to tell them that they are back.
type OptIn struct {
	AskedAt  time.Time `json:"asked_at,omitzero"`
	Scopes   []string  `json:"scopes"`
	Language string    `json:"language,omitempty"`
	Back     bool      `json:"is_back"`
}

// RequestFile is one request with its history and mails.
type RequestFile struct {
	Reference  string             `json:"reference"`
	Kinds      []intake.Kind      `json:"kinds"`
	State      lifecycle.State    `json:"state"`
	Name       string             `json:"name,omitempty"`
	Post       string             `json:"post,omitempty"` // the postal address, where one was given
	Telephone  string             `json:"telephone,omitempty"`
	Details    string             `json:"details,omitempty"`
	Place      string             `json:"place,omitempty"`
	OnBehalfOf intake.Behalf      `json:"on_behalf_of"`
	Language   string             `json:"language,omitempty"`
	Source     intake.Source      `json:"source"`
	ReceivedAt time.Time          `json:"received_at"`
	VerifiedAt time.Time          `json:"verified_at,omitzero"`
	ClosedAt   time.Time          `json:"closed_at,omitzero"`
	ReducedAt  time.Time          `json:"reduced_at,omitzero"` // all but the log was disposed of
	Statement  string             `json:"statement,omitempty"`
	Decision   *decision.Decision `json:"decision,omitempty"`
	Mails      []Mail             `json:"mails"`
}

// Mail is one mail to the person.
type Mail struct {
	Template outbox.Template `json:"template"`
	State    outbox.State    `json:"state"`
	SentAt   time.Time       `json:"sent_at,omitzero"`
	SESID    string          `json:"ses_message,omitempty"`
	outbox.Words
}

// Counter is one running rate limit of the person.
type Counter struct {
	Name  string    `json:"name"`
	Count int       `json:"count"`
	Since time.Time `json:"since"`
}

const schema = "privacydesk-export/v1"

// Holdings are what else is held about a person, beside requests.
type Holdings interface {
	// OptOutsOf returns all choices of a person.
	OptOutsOf(context.Context, person.Ref) ([]optout.Record, error)
	// ConfirmationsOf returns the opt-in confirmations that are kept of a person.
	ConfirmationsOf(context.Context, person.Ref) ([]optout.OptInConfirmation, error)
	// CountersOf returns the running rate limits of a mailbox.
	CountersOf(context.Context, person.Address) ([]Counter, error)
}

// Requests are those of the table that an export reads.
type Requests interface {
	// Load returns a request. NotFound: there is none.
	Load(ctx context.Context, id string) (request.Request, error)
	// OfPerson returns a summary of all requests of a person.
	OfPerson(context.Context, person.Ref) ([]request.Summary, error)
	// File returns a request with its history and mails. NotFound: there is none.
	File(ctx context.Context, id string) (request.File, error)
}

// Exporter makes exports.
type Exporter struct {
	Requests Requests
	Holdings Holdings
	Law      *deadline.Engine
	Now      func() time.Time
}

// Part gathers what is held about the person of a request. Part is the Next of
// the part before; "" is the first part. Expired: the time to fetch the export
// is over, or there never was any. Invalid: no part begins there.
func (x *Exporter) Part(ctx context.Context, id, part string) (Export, error) {
	r, err := x.Requests.Load(ctx, id)
	if err != nil {
		return Export{}, err
	}
	if !r.ExportOpen(x.Now()) {
		return Export{}, fault.New(fault.Expired, "This export is not available any more.")
	}
	from, err := readCursor(part)
	if err != nil {
		return Export{}, err
	}
	e := Export{
		Schema: schema, MadeAt: x.Now().UTC().Truncate(time.Second), Reference: id, Address: r.Address.Reveal(), Language: r.Language, PersonRef: string(r.Ref),
		OptOuts: []OptOut{}, OptIns: []OptIn{}, Requests: []RequestFile{}, Counters: []Counter{}, Histories: []json.RawMessage{},
	}
	if part == "" {
		if err := e.addHoldings(ctx, &r, x.Holdings); err != nil {
			return Export{}, err
		}
		if err := x.addAnswer(ctx, id, &e); err != nil {
			return Export{}, err
		}
	}
	err = x.addRequests(ctx, r.Ref, from, &e)
	return e, err
}

// addHoldings adds what is held beside requests.
func (e *Export) addHoldings(ctx context.Context, r *request.Request, held Holdings) error {
	records, err := held.OptOutsOf(ctx, r.Ref)
	if err != nil {
		return err
	}
	for _, o := range records {
		e.OptOuts = append(e.OptOuts, optOutOf(o))
	}
	confirmations, err := held.ConfirmationsOf(ctx, r.Ref)
	if err != nil {
		return err
	}
	for _, a := range confirmations {
		e.OptIns = append(e.OptIns, OptIn{a.QueuedAt.UTC(), intake.Codes(optin.Subjects(a.Versions)), a.Language, a.Confirmed})
	}
	if r.Address.IsZero() {
		return nil // limits are a mailbox's
	}
	counters, err := held.CountersOf(ctx, r.Address)
	e.Counters = append(e.Counters, counters...)
	return err
}

// addAnswer adds what is answered beside the data that is held here.
func (x *Exporter) addAnswer(ctx context.Context, id string, e *Export) error {
	f, err := x.Requests.File(ctx, id)
	if err != nil {
		return err
	}
	e.Answer = access.Parts(f.Systems, f.Files)
	e.Parts = access.List(e.Answer)
	e.Told = access.About(x.Law, f.Request.Decision.Granted(true), f.Request.Place, f.Request.ReceivedAt)
	return nil
}

func (x *Exporter) addRequests(ctx context.Context, ref person.Ref, from cursor, e *Export) error {
	all, err := x.Requests.OfPerson(ctx, ref)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s request.Summary) bool { return cursorOf(s).compare(from) <= 0 })
	slices.SortFunc(all, func(a, b request.Summary) int { return cursorOf(a).compare(cursorOf(b)) })
	size := 0
	for i, one := range all {
		n, err := x.addRequest(ctx, one, e)
		if err != nil {
			return err
		}
		if size += n; (size >= maxPart || len(e.Histories) == maxFiles) && i < len(all)-1 {
			e.Next = cursorOf(one).String()
			return nil
		}
	}
	return nil
}

// addRequest adds a request and returns how many bytes it takes.
func (x *Exporter) addRequest(ctx context.Context, one request.Summary, e *Export) (int, error) {
	if one.VerifiedAt.IsZero() && one.State != lifecycle.Fulfilled {
		// Anybody can send a request in this person's name: what nobody has
		// confirmed is told, its words are not given out, and a thousand of
		// them cost one read.
		return e.add(RequestFile{Reference: one.ID, Kinds: one.Kinds, State: one.State, ReceivedAt: one.ReceivedAt.UTC(), Mails: []Mail{}}, nil)
	}
	file, err := x.Requests.File(ctx, one.ID)
	if fault.CodeOf(err) == fault.NotFound {
		return 0, nil // disposed of meanwhile
	}
	if err != nil {
		return 0, err
	}
	history, err := audit.History{Head: file.Request.Head, Entries: file.ForPerson()}.Encode()
	if err != nil {
		return 0, fault.Wrap(fault.Internal, err, "export a history")
	}
	return e.add(fileOf(file), history)
}

func (e *Export) add(r RequestFile, history json.RawMessage) (int, error) {
	e.Requests = append(e.Requests, r)
	if history != nil {
		e.Histories = append(e.Histories, history)
	}
	text, err := json.Marshal(r)
	return len(text) + len(history), err
}
