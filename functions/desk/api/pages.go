package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// place is where a page ended in one watch. Many dates are the last second of
// the same day, so the reference tells those apart.
type place struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
}

func placeOf(s request.Summary) place { return place{s.Watched.UTC(), s.ID} }

func (p place) compare(q place) int {
	return cmp.Or(p.At.Compare(q.At), cmp.Compare(p.ID, q.ID))
}

// places are where a page ended in each watch; one that is missing is at its
// beginning.
type places map[lifecycle.Watch]place

func (p places) String() string {
	text, _ := json.Marshal(p) // times and references have a JSON form
	return base64.RawURLEncoding.EncodeToString(text)
}

func readPlaces(cursor string) (places, error) {
	p := places{}
	if cursor == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(text, &p) != nil || p == nil {
		return nil, fault.Field("after", "invalid", "after must be the text that next said")
	}
	return p, nil
}

// rest is an agenda from some places on, as far as one page can hold, and
// remembers in which watch a request was found. What has the same date comes in
// the order of its reference, so that no page leaves any out.
type rest struct {
	agenda.Agenda
	since places
	found map[string]lifecycle.Watch
}

// Watched implements agenda.Agenda.
func (r rest) Watched(ctx context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	return func(yield func(request.Summary, error) bool) {
		given := 0
		for s, err := range ordered(r.Agenda.Watched(ctx, w, by)) {
			if err != nil {
				yield(s, err)
				return
			}
			if since, begun := r.since[w]; begun && placeOf(s).compare(since) <= 0 {
				continue
			}
			if _, twice := r.found[s.ID]; twice {
				continue // it went from one watch to another meanwhile
			}
			r.found[s.ID] = w
			if given++; !yield(s, nil) || given > maxListed {
				return
			}
		}
	}
}

// ordered puts those that have the same date in the order of their references.
func ordered(all iter.Seq2[request.Summary, error]) iter.Seq2[request.Summary, error] {
	return func(yield func(request.Summary, error) bool) {
		var same []request.Summary
		flush := func() bool {
			slices.SortFunc(same, func(a, b request.Summary) int { return cmp.Compare(a.ID, b.ID) })
			for _, s := range same {
				if !yield(s, nil) {
					return false
				}
			}
			same = same[:0]
			return true
		}
		for s, err := range all {
			if err != nil {
				yield(s, err)
				return
			}
			if len(same) > 0 && !same[0].Watched.Equal(s.Watched) && !flush() {
				return
			}
			same = append(same, s)
		}
		flush()
	}
}
