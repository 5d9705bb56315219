package disposal

import (
	"slices"
	"time"
)

// Task is what one call of the sweep is asked for.
type Task struct {
	DryRun bool      // look and count, and write nothing at all
	Class  Class     // this class alone; empty: all
	Until  time.Time // as if the run were at that time; zero: now
	// Continue goes on with a run that did not end, and carries out orders of
	// erasure; it begins nothing else.
	Continue bool
}

// Run is a run of the sweep as it is kept between two calls, and between two
// transactions: what it is for, with every cutoff computed once, and how far
// it has come.
type Run struct {
	ID      string     `json:"id"`
	Version int        `json:"version"`
	Nightly bool       `json:"nightly"` // of all classes, and for real
	Started time.Time  `json:"started"`
	AsOf    time.Time  `json:"as_of"`
	Owner   string     `json:"owner"`          // the call that works on it
	Lease   time.Time  `json:"lease,omitzero"` // until then nobody else does
	Classes []Progress `json:"classes"`
}

// Progress is how far a run has come with one class.
type Progress struct {
	Class  Class     `json:"class"`
	Period string    `json:"period"`
	Action Action    `json:"action"`
	Cutoff time.Time `json:"cutoff"`
	Place  string    `json:"place,omitempty"` // in the index; the store's own
	Total  Counts    `json:"total"`
	Open   Counts    `json:"open"`          // since the last certificate
	Parts  int       `json:"parts"`         // rows of names written
	Proven int       `json:"proven"`        // of them, those that a certificate covers
	Proofs int       `json:"proofs"`        // certificates made
	Swept  bool      `json:"swept"`         // looked through to the end
	Done   bool      `json:"done"`          // … and the last certificate is made
	Tries  int       `json:"tries"`         // calls in which it failed
	GaveUp bool      `json:"gave_up"`       // too many of them
	Why    string    `json:"why,omitempty"` // the last error's code
	Late   time.Time `json:"late,omitzero"` // start of the oldest order that waits, and not for a hold
}

// leaseFor is how long a call may be silent before another takes its run over:
// longer than any call of a table takes, with its repeats.
const leaseFor = 2 * time.Minute

// free reports whether nobody works on the run. A lease that ends later than
// any lease can was given before the clock was moved back.
func (r *Run) free(now time.Time) bool {
	return r.Lease.IsZero() || !now.Before(r.Lease) || r.Lease.After(now.Add(2*leaseFor))
}

// clone returns a copy that shares nothing.
func (r Run) clone() Run {
	r.Classes = slices.Clone(r.Classes)
	return r
}

func (r *Run) ended() bool {
	return !slices.ContainsFunc(r.Classes, func(p Progress) bool { return !p.Done })
}

// whole reports whether every class was looked through and nothing failed.
func (r *Run) whole() bool {
	return !slices.ContainsFunc(r.Classes, func(p Progress) bool { return p.GaveUp || p.Total.Failed > 0 })
}

// Report is what a call tells of its run.
type Report struct {
	Run     string      `json:"run,omitempty"` // empty: there was nothing to do
	DryRun  bool        `json:"dry_run"`
	Nightly bool        `json:"nightly"`
	AsOf    time.Time   `json:"as_of,omitzero"`
	Ended   bool        `json:"ended"` // false: the next call goes on
	Whole   bool        `json:"whole"` // it has ended and nothing failed
	Busy    bool        `json:"busy"`  // another call works on the run
	Classes []ClassLine `json:"classes"`
}

// ClassLine is a class in a report.
type ClassLine struct {
	Class  Class     `json:"class"`
	Period string    `json:"period"`
	Action Action    `json:"action"`
	Cutoff time.Time `json:"cutoff,omitzero"`
	Counts
	Certificates int       `json:"certificates"`
	Next         time.Time `json:"next_disposal,omitzero"` // of what is left, when the first is due
	Late         time.Time `json:"waits_since,omitzero"`   // the oldest order that waits, and not for a hold
	Error        string    `json:"error,omitempty"`
}

func (r *Run) report() Report {
	rep := Report{Run: r.ID, Nightly: r.Nightly, AsOf: r.AsOf.UTC(), Ended: r.ended(), Classes: []ClassLine{}}
	rep.Whole = rep.Ended && r.whole()
	for _, p := range r.Classes {
		rep.Classes = append(rep.Classes, ClassLine{
			Class: p.Class, Period: p.Period, Action: p.Action, Cutoff: p.Cutoff.UTC(), Counts: p.Total, Certificates: p.Proofs, Late: p.Late, Error: p.Why,
		})
	}
	return rep
}
