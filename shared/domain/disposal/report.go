package disposal

import (
	"time"

	"privacydesk/shared/domain/schedule"
)

// Task is what one call of the sweep is asked for.
type Task struct {
	DryRun bool           // look and count, and write nothing at all
	Class  schedule.Class // this class alone; empty: all
	Until  time.Time      // as if the run were at that time; zero: now
	// Continue carries out orders of erasure, and everything else only where
	// the run before did not come to its end.
	Continue bool
}

// Report is what one call has done.
type Report struct {
	Run     string      `json:"run,omitempty"` // empty: there was nothing to do
	DryRun  bool        `json:"dry_run"`
	Nightly bool        `json:"nightly"` // of all classes, and for real
	AsOf    time.Time   `json:"as_of,omitzero"`
	Ended   bool        `json:"ended"` // every class was looked through; false: the next call goes on
	Whole   bool        `json:"whole"` // it has ended and nothing failed
	Classes []ClassLine `json:"classes"`
}

// ClassLine is a class in a report.
type ClassLine struct {
	Class  schedule.Class  `json:"class"`
	Period string          `json:"period"`
	Action schedule.Action `json:"action"`
	Cutoff time.Time       `json:"cutoff,omitzero"` // exclusive
	Due    int             `json:"due"`
	Counts
	Certificates int       `json:"certificates"`
	Late         time.Time `json:"waits_since,omitzero"` // the oldest order that waits, and not for a hold
	Error        string    `json:"error,omitempty"`
	ended        bool
}
