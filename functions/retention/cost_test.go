package main

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"privacydesk/shared/domain/schedule"
)

// What a night costs grows with what is due, not with what is kept. KEPT names
// how many records are kept at most: KEPT=1000000 prints the whole table.
//
//	KEPT=1000000 go test -run Cost -v ./functions/retention
func TestCost(t *testing.T) {
	due, sizes := 200, []int{500, 2_000} // DynamoDB Local counts nothing for a shard without rows
	if most, err := strconv.Atoi(os.Getenv("KEPT")); err == nil {
		due, sizes = 1_000, nil
		for _, n := range []int{1_000, 100_000, 1_000_000} {
			if n <= most {
				sizes = append(sizes, n)
			}
		}
	}
	type cost struct {
		calls       string
		read, write float64
	}
	var first cost
	t.Logf("%10s %8s %-60s %12s %12s %14s", "kept", "due", "calls", "read units", "write units", "read/disposed")
	for _, kept := range sizes {
		w := newWhole(t)
		w.plant(t, "kept", kept, now.AddDate(-1, 0, 0))
		w.plant(t, "due", due, now.AddDate(-4, 0, 0))
		w.meter.reset()
		rep := w.run(t, `{}`)
		for _, c := range rep.Classes {
			if c.Class == schedule.OptOutEvidence && c.Reduced != due {
				t.Fatalf("%+v", c)
			}
		}
		c := cost{fmt.Sprint(w.meter.calls), w.meter.read, w.meter.write}
		t.Logf("%10d %8d %-60s %12.1f %12.1f %14.3f", kept, due, c.calls, c.read, c.write, c.read/float64(due))
		if perRow := c.read / float64(due); perRow > 2 {
			t.Errorf("with %d kept: %.2f read units a record", kept, perRow)
		}
		if first == (cost{}) {
			first = c
		}
		if c.calls != first.calls || c.write != first.write || c.read > first.read*1.05 {
			t.Errorf("with %d kept it costs %+v, with fewer %+v", kept, c, first)
		}
	}
}

// shards are over how many keys of an index a class is spread; each is asked once
// for what is due.
const shards = 32

// A frequent call without an order asks each shard once, and reads one
// certificate.
func TestCostOfAnIdleCall(t *testing.T) {
	w := newWhole(t)
	w.run(t, `{}`)
	w.meter.reset()
	if rep := w.run(t, `{"task":"continue"}`); rep.Run != "" || w.meter.calls["Query"] != shards+1 || len(w.meter.calls) != 1 || w.meter.read > shards/2+1 {
		t.Errorf("%+v, %v, %.1f read units", rep, w.meter.calls, w.meter.read)
	}
}

// A request is read whole, once.
func TestCostOfRequests(t *testing.T) {
	const n = 60
	w := newWhole(t)
	w.requests(t, n, now.AddDate(-3, 0, 0))
	w.meter.reset()
	rep := w.run(t, `{"class":"closed-request"}`)
	if perRow := w.meter.read / n; rep.Classes[0].Reduced != n || perRow > 2 || w.meter.calls["Query"] > n+shards+5 {
		t.Errorf("%+v, %.2f read units a request, %v", rep.Classes[0], perRow, w.meter.calls)
	}
}

// The next page of a large backlog begins where the last one ended: nothing is
// read twice; what each shard gives is rounded up to 4 KB, half a read unit. Each
// row itself is read once, for its tombstone is written whole.
func TestBacklogIsReadOnce(t *testing.T) {
	w := newWhole(t)
	w.plant(t, "due", 1_100, now.AddDate(-4, 0, 0))
	w.meter.reset()
	rep := w.run(t, `{"class":"opt-out-evidence"}`)
	if rep.Classes[0].Reduced != 1_100 || w.meter.calls["TransactWriteItems"] > 22 || w.meter.calls["BatchGetItem"] > 22 || w.meter.read > 1_100+40+shards/2 {
		t.Errorf("%+v, %v, %.1f read units", rep.Classes[0], w.meter.calls, w.meter.read)
	}
	if rep := w.run(t, `{"class":"opt-out-evidence"}`); rep.Classes[0].Due != 0 {
		t.Errorf("%+v", rep.Classes[0])
	}
}
