package main

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit/standin"
)

// BenchmarkSinglePuts tells SES of opt-outs one by one, and compares the time
// with what the pace alone would take: the first call at once, the others one
// after the other. Above the default of 1 a second it shows how much of the
// pace the table's calls leave.
func BenchmarkSinglePuts(b *testing.B) {
	for _, c := range []struct{ perSecond, records int }{{1, 10}, {10, 80}, {25, 200}} {
		b.Run(fmt.Sprintf("%d-a-second", c.perSecond), func(b *testing.B) {
			w := newWhole(b, standin.Config{RequestsPerSecond: 1000})
			for b.Loop() {
				b.StopTimer()
				w.people(b, c.records)
				w.run(b, hint{}) // nothing is cold any more, and the list has them all
				w.people(b, c.records)
				time.Sleep(time.Second) // the pace before does not count
				w.syncer.(*suppression.Syncer).Pace = rate.NewLimiter(rate.Limit(c.perSecond), 1)
				calls := w.calls["PUT suppression"]
				b.StartTimer()
				began := time.Now()
				w.run(b, hint{Stream: true})
				took := time.Since(began)
				if synced := w.calls["PUT suppression"] - calls; synced != c.records {
					b.Fatalf("%d of %d synced", synced, c.records)
				}
				alone := time.Duration(c.records-1) * time.Second / time.Duration(c.perSecond)
				b.ReportMetric(float64(c.records)/took.Seconds(), "puts/s")
				b.ReportMetric(100*(took.Seconds()/alone.Seconds()-1), "%over-pace")
			}
		})
	}
}
