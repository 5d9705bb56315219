package main

import "testing"

// The queue of ten thousand. Of a view that nothing fits, a page reads on for a while.
func BenchmarkQueue(b *testing.B) {
	w := newWhole(b)
	w.copied(b, w.opened(b).ID, 10_000)
	for name, path := range map[string]string{"all": "/desk", "nothing fits": "/desk?view=appeals"} {
		b.Run(name, func(b *testing.B) { w.measure(b, path) })
	}
}

// A file with a hundred entries.
func BenchmarkFile(b *testing.B) {
	w := newWhole(b)
	w.measure(b, "/desk/requests/"+w.long(b, 100))
}

// measure reports, a page: how often DynamoDB Local is called and how long it takes, what the function takes beside, and
// what the page weighs.
func (w *whole) measure(b *testing.B, path string) {
	b.Helper()
	w.get(b, path) // the first page of a copy parses its templates, and a file that is opened is written
	w.reset()
	var page int
	for b.Loop() {
		page = len(w.get(b, path).Body)
	}
	n := float64(b.N)
	b.ReportMetric(float64(w.calls())/n, "calls/op")
	b.ReportMetric(float64(w.spent.Microseconds())/1000/n, "table-ms/op")
	b.ReportMetric(float64((b.Elapsed()-w.spent).Microseconds())/1000/n, "own-ms/op")
	b.ReportMetric(float64(page)/1024, "KB")
}
