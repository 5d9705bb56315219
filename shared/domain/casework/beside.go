package casework

import (
	"context"
	"slices"

	"privacydesk/shared/domain/request"
)

// Beside is what belongs beside a file.
type Beside struct {
	Row    Row   // as lists show it
	Others []Row // other requests that the person confirmed, latest first
	More   bool  // there are more of them
}

// Beside reads it.
func (d *Desk) Beside(ctx context.Context, q *request.Request) (Beside, error) {
	row, err := d.Row(ctx, q)
	b := Beside{Row: row}
	if err != nil || q.Reduced() {
		return b, err // nothing tells any more whose it was
	}
	others, more, err := d.Store.NewestOf(ctx, q.Ref, true, maxFound)
	if err != nil {
		return b, err
	}
	others = slices.DeleteFunc(others, func(o request.Summary) bool { return o.ID == q.ID })
	b.Others, b.More = d.rows(others, nil), more
	return b, nil
}

// Row is a request as lists show it.
func (d *Desk) Row(ctx context.Context, q *request.Request) (Row, error) {
	now := d.Requests.Now()
	holds, err := d.holds(ctx, now, keptFor)
	if err != nil {
		return Row{}, err
	}
	s := q.Summary()
	return d.row(&s, holds, now), nil
}
