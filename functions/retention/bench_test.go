package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/domain/disposal"
)

// BenchmarkDisposals measures records disposed of a second, with certificates
// and all, beside what DynamoDB Local takes of the same transactions with
// nothing around them, and the most memory that the process has in use.
// BACKLOG says of how many records; 200000 is a large night.
//
//	BACKLOG=200000 go test -run '^$' -bench Disposals -benchtime 1x ./functions/retention
func BenchmarkDisposals(b *testing.B) {
	n := 2_000
	if most, err := strconv.Atoi(os.Getenv("BACKLOG")); err == nil {
		n = most
	}
	var spent, bare time.Duration
	var peak uint64
	for b.Loop() {
		b.StopTimer()
		w := newWhole(b)
		w.plant(b, "due", n, now.AddDate(-4, 0, 0))
		bare += w.bare(b, min(n, 5_000)) * time.Duration(n) / time.Duration(min(n, 5_000))
		stop := watchMemory(&peak)
		b.StartTimer()
		began := time.Now()
		rep := w.run(b, `{"class":"opt-out-evidence"}`)
		spent += time.Since(began)
		if stop(); rep.Classes[0].Reduced != n {
			b.Fatalf("%+v", rep.Classes[0])
		}
	}
	b.ReportMetric(float64(n*b.N)/spent.Seconds(), "disposals/s")
	b.ReportMetric(float64(n*b.N)/bare.Seconds(), "bare/s")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
	b.ReportMetric(0, "ns/op")
}

// bare is how long the transactions of n records take by themselves: the same
// writes, made anew, without the reading and signing around them.
func (w *whole) bare(b *testing.B, n int) (spent time.Duration) {
	b.Helper()
	other := newWhole(b)
	other.plant(b, "bare", n, now.AddDate(-4, 0, 0))
	timed := &timed{Store: other.store}
	other.handler.sweeper.(*disposal.Sweeper).Store = timed
	if rep := other.run(b, `{"class":"opt-out-evidence"}`); rep.Classes[0].Reduced != n {
		b.Fatalf("%+v", rep.Classes[0])
	}
	return timed.spent
}

// timed measures the transactions of a store.
type timed struct {
	*disposals.Store
	spent time.Duration
}

func (t *timed) Dispose(ctx context.Context, b disposal.Batch) error {
	began := time.Now()
	defer func() { t.spent += time.Since(began) }()
	return t.Store.Dispose(ctx, b)
}

// watchMemory keeps the most memory that the process has from the system and
// has not given back, until it is stopped.
func watchMemory(peak *uint64) (stop func()) {
	debug.FreeOSMemory()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			*peak = max(*peak, m.Sys-m.HeapReleased)
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() { close(done); <-ended }
}
