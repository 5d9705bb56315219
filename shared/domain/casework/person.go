package casework

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Person is what the desk has of a person. The address stands in none of it.
type Person struct {
	Ref     person.Ref `json:"person"`
	Choices []Choice   `json:"choices"`  // by channel and topic
	Reports []Choice   `json:"reports"`  // bounces and complaints that SES reported
	Rows    []Row      `json:"requests"` // requests that they confirmed, latest first
	// Unconfirmed are requests in their name, the latest: anybody can send those.
	Unconfirmed []Row           `json:"unconfirmed"`
	More        bool            `json:"more,omitempty"`     // there are more requests than are listed
	Holds       []disposal.Hold `json:"holds,omitempty"`    // in force, on the person or on one of the listed requests
	ErasedAt    time.Time       `json:"erased_at,omitzero"` // when the person was last erased; zero: never
}

// Choice is what holds for one scope, and how it came about.
type Choice struct {
	Scope    optout.Scope  `json:"scope"`
	State    optout.State  `json:"state"`
	Stops    bool          `json:"stops"` // nothing is sent to the person in this scope now
	Since    time.Time     `json:"since"`
	Until    time.Time     `json:"until,omitzero"` // end of a pause
	Source   optout.Source `json:"source,omitempty"`
	Campaign string        `json:"campaign,omitempty"`
	Detail   string        `json:"detail,omitempty"`  // of a report: SES's own word for it, or why an officer lifted it
	Officer  string        `json:"officer,omitempty"` // who recorded or lifted it at the desk, "name/id"
	Synced   bool          `json:"synced"`            // SES's list agrees with it, where it must
	Reduced  bool          `json:"reduced,omitempty"` // only that they left is kept
}

// reported are the scopes of what SES reports of a mailbox.
var reported = []optout.Scope{optout.Bounce.Scope(), optout.Complaint.Scope()}

// Person reads what is a person's: nothing, of somebody whom nobody knows. NotFound:
// nobody can have this reference.
func (d *Desk) Person(ctx context.Context, ref person.Ref) (Person, error) {
	if !ref.Whole() {
		return Person{}, fault.New(fault.NotFound, "There is no such person.")
	}
	p, now := Person{Ref: ref, Choices: []Choice{}, Reports: []Choice{}, Rows: []Row{}, Unconfirmed: []Row{}}, d.Requests.Now()
	records, err := d.OptOuts.OfPerson(ctx, ref)
	if err != nil {
		return p, err
	}
	for _, r := range records {
		c := Choice{
			Scope: r.Scope, State: r.State, Stops: r.Suppresses(now), Since: r.ChangedAt, Until: r.Until, Source: r.Evidence.Source, Campaign: r.Evidence.Campaign, Detail: r.Evidence.Detail, Officer: r.Evidence.Officer,
			Synced: r.Projection.DueAt.IsZero(), Reduced: !r.ReducedAt.IsZero(),
		}
		if slices.Contains(reported, r.Scope) {
			p.Reports = append(p.Reports, c)
		} else {
			p.Choices = append(p.Choices, c)
		}
		if r.ErasedAt.After(p.ErasedAt) {
			p.ErasedAt = r.ErasedAt
		}
	}
	holds, err := d.holds(ctx, now, 0) // whoever places one looks here next
	if err != nil {
		return p, err
	}
	confirmed, more, err := d.Store.NewestOf(ctx, ref, true, maxSize)
	if err != nil {
		return p, err
	}
	others, moreOthers, err := d.Store.NewestOf(ctx, ref, false, maxFound)
	p.Rows, p.Unconfirmed, p.More = d.rows(confirmed, holds), d.rows(others, holds), more || moreOthers
	for _, h := range holds {
		if h.Active(now) && (h.Ref == ref || slices.ContainsFunc(p.Rows, func(r Row) bool { return r.Reference == h.Request })) {
			p.Holds = append(p.Holds, h)
		}
	}
	return p, err
}
