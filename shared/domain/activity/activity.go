// Package activity says who did what at the desk, and who looked, from the histories of
// requests and of legal holds. It reads a fixed number of them, and says how many. It
// shows nobody's words and nothing private but who acted. It reads only.
package activity

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// Line is one thing that somebody at the desk did.
type Line struct {
	At      time.Time `json:"at"`
	Officer string    `json:"officer"` // "name/id"; "" where their name was disposed of
	What    string    `json:"what"`    // the kind of the entry
	Saw     bool      `json:"saw"`     // they looked, and changed nothing
	Request string    `json:"request,omitempty"`
	Hold    string    `json:"hold,omitempty"`
}

// Report is what was found, latest first, and how far that reaches.
type Report struct {
	Lines    []Line `json:"lines"`
	Requests int    `json:"requests"` // whose histories were read
	More     bool   `json:"more"`     // there are earlier lines in what was read
}

// Only chooses lines; "" is all.
type Only string

// The choices.
const (
	Saw Only = "saw"
	Did Only = "did"
)

// Reader finds who did what.
type Reader struct {
	Cases interface {
		Queue(context.Context, casework.Query) (casework.Page, error)
	}
	Requests interface {
		File(ctx context.Context, id string) (request.File, error)
	}
	Holds interface {
		HoldsHistory(context.Context) (audit.History, error)
	}
}

// What is read: the requests that are next, those that were closed last, and those that
// an officer must look at.
const (
	readOfEach  = 40
	filesAtOnce = 8
	maxLines    = 200
)

var read = []casework.View{casework.ViewNext, casework.ViewClosed, casework.ViewReplies}

// looking are the entries of who looked.
var looking = []lifecycle.Event{lifecycle.EventLooked, lifecycle.EventRevealed, lifecycle.EventExportedByOfficer, lifecycle.EventFileFetched}

// Recent is what was done lately, as far as Report says.
func (r Reader) Recent(ctx context.Context, only Only) (Report, error) {
	report := Report{Lines: []Line{}}
	ids, err := r.references(ctx)
	if err != nil {
		return report, err
	}
	report.Requests = len(ids)
	histories, err := r.histories(ctx, ids)
	if err != nil {
		return report, err
	}
	held, err := r.Holds.HoldsHistory(ctx)
	if err != nil {
		return report, err
	}
	for _, e := range slices.Concat(append(histories, held.Entries)...) {
		if l := lineOf(e); e.Actor == audit.ByOfficer && (only == "" || l.Saw == (only == Saw)) {
			report.Lines = append(report.Lines, l)
		}
	}
	slices.SortStableFunc(report.Lines, func(a, b Line) int { return b.At.Compare(a.At) })
	if report.More = len(report.Lines) > maxLines; report.More {
		report.Lines = report.Lines[:maxLines]
	}
	return report, nil
}

// references are the requests whose histories are read, each once.
func (r Reader) references(ctx context.Context) (ids []string, err error) {
	for _, v := range read {
		page, err := r.Cases.Queue(ctx, casework.Query{View: v, Size: readOfEach})
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			ids = append(ids, row.Reference)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// histories are read together; a request that was deleted meanwhile has none.
func (r Reader) histories(ctx context.Context, ids []string) ([][]audit.Entry, error) {
	found := make([][]audit.Entry, len(ids))
	reads, ctx := errgroup.WithContext(ctx)
	reads.SetLimit(filesAtOnce)
	for i, id := range ids {
		reads.Go(func() error {
			f, err := r.Requests.File(ctx, id)
			found[i] = f.Events
			return fault.Unless(fault.NotFound, err)
		})
	}
	return found, reads.Wait()
}

func lineOf(e audit.Entry) Line {
	l := Line{At: e.At, Officer: audit.Officer(e), What: e.Kind, Saw: slices.Contains(looking, lifecycle.Event(e.Kind))}
	if e.Subject == disposal.HoldsSubject {
		l.Hold = e.Facts["hold"]
	} else {
		l.Request = e.Subject
	}
	return l
}
