package casework

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// reader reads several lists as one, in their common order.
type reader struct {
	store Store
	lists []*listReader
	until time.Time // of what is later nothing is given; zero: there is no such time
	left  int       // reads that are left
}

// listReader is how far a list was read.
type listReader struct {
	List
	rows  []request.Summary // read, and not taken
	more  bool              // there are more to read
	begun bool
	taken Position // of the last that was taken
	read  Position // of the last that was read
}

func (d *Desk) open(lists []List, after map[lifecycle.Watch]Position) *reader {
	r := &reader{store: d.Store, left: maxReads}
	for _, l := range lists {
		r.lists = append(r.lists, &listReader{List: l, more: true, taken: after[l.Watch], read: after[l.Watch]})
	}
	return r
}

// begin reads the first rows of each list.
func (r *reader) begin(ctx context.Context) error {
	for _, l := range r.lists {
		if err := r.fill(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) fill(ctx context.Context, l *listReader) (err error) {
	r.left--
	most := chunk
	if l.begun {
		most = bigChunk
	}
	l.rows, l.more, err = r.store.Listed(ctx, l.List, l.read, most)
	l.begun = true
	if n := len(l.rows); n > 0 {
		l.read = Position{l.rows[n-1].Watched, l.rows[n-1].ID}
	}
	return err
}

// ending is why there is no next request.
type ending int

const (
	goesOn     ending = iota
	readOut           // the lists are at their ends
	readEnough        // one call may not read more
)

// next takes the next request of all lists.
func (r *reader) next(ctx context.Context) (request.Summary, ending, error) {
	var first *listReader
	for _, l := range r.lists {
		for len(l.rows) == 0 && l.more {
			if r.left == 0 {
				return request.Summary{}, readEnough, nil
			}
			if err := r.fill(ctx, l); err != nil {
				return request.Summary{}, goesOn, err
			}
		}
		if len(l.rows) > 0 && (first == nil || l.before(first)) {
			first = l
		}
	}
	if first == nil || !r.until.IsZero() && first.rows[0].Watched.After(r.until) {
		return request.Summary{}, readOut, nil
	}
	s := first.rows[0]
	first.rows, first.taken = first.rows[1:], Position{s.Watched, s.ID}
	return s, goesOn, nil
}

func (l *listReader) before(o *listReader) bool {
	if l.Latest {
		return l.rows[0].Watched.After(o.rows[0].Watched)
	}
	return l.rows[0].Watched.Before(o.rows[0].Watched)
}

// cursor is the place behind what was taken. It holds references and times alone.
type cursor struct {
	View View                         `json:"v"`
	At   map[lifecycle.Watch]Position `json:"p"`
}

func (r *reader) cursor(v View) string {
	c := cursor{View: v, At: map[lifecycle.Watch]Position{}}
	for _, l := range r.lists {
		if l.taken.ID != "" {
			c.At[l.Watch] = l.taken
		}
	}
	text, _ := json.Marshal(c) // times and references have a JSON form
	return base64.RawURLEncoding.EncodeToString(text)
}

const maxCursor = 1000 // bytes

// readCursor reads the positions of a cursor of the same view.
func readCursor(v View, text string) (map[lifecycle.Watch]Position, error) {
	if text == "" {
		return nil, nil
	}
	var c cursor
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(text) > maxCursor || json.Unmarshal(decoded, &c) != nil || c.View != v {
		return nil, fault.Field("after", "invalid", "after must be what the page before gave, of the same view")
	}
	return c.At, nil
}
