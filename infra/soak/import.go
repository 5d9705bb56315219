package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/testkit/faults"
)

// importList imports another system's list. Lists overlap, come again, hold
// somebody twice, and may be older than what people have chosen since.
func (w *world) importList(random *rand.Rand) {
	var list []backfill.Row
	if len(w.lists) > 0 && random.IntN(2) == 0 {
		list = w.lists[random.IntN(len(w.lists))]
	}
	for range 1 + random.IntN(3) {
		row := backfill.Row{Address: w.somebody(random), Scope: choosable[random.IntN(len(choosable))]}
		if random.IntN(4) > 0 {
			row.At = w.clock.Now().Add(-time.Duration(random.Float64() * 60 * 24 * float64(time.Hour))).Truncate(time.Millisecond)
		}
		list = append(list[:len(list):len(list)], row)
	}
	w.lists = append(w.lists, list)
	even := random.IntN(8) == 0
	o := &op{kind: "import", listed: map[faults.Row]string{}, even: even}
	for _, row := range list {
		if k, at := w.row(row.Address, row.Scope), stamp(row.At); !row.At.IsZero() && at > o.listed[k] {
			o.listed[k] = at
		}
	}
	_ = w.do(o, func() error { return w.importRows(o, list, even) })
}

// importRows hands the rows over one record at a time: several would be written at
// once, and in no order that a seed could give.
func (w *world) importRows(o *op, list []backfill.Row, even bool) error {
	i := &backfill.Importer{Store: w.raw, Key: w.key, Now: w.clock.Now}
	for n, row := range list {
		var rows []backfill.Row
		for at, other := range list {
			if same := other.Address == row.Address && other.Scope == row.Scope; same && at < n {
				rows = nil
				break
			} else if same {
				rows = append(rows, other)
			}
		}
		if len(rows) == 0 {
			continue
		}
		outcomes, err := i.Import(context.Background(), rows, backfill.Import{ID: fmt.Sprintf("import-%016d", len(w.lists)), List: "list", EvenBack: even})
		if err != nil {
			return err
		}
		for _, outcome := range outcomes {
			if outcome == backfill.Taken {
				w.accept(o, row.Address, row.Scope)
			}
		}
	}
	return nil
}
