package e2e

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// settled runs the function until nothing is left to be done, and checks that
// the list holds exactly those who must not be written to, and that the
// function has changed nobody's choice.
func (w *world) settled(tb testing.TB) {
	tb.Helper()
	w.proxy.Decide(nil)
	w.fault.Store(nil)
	chosen := choices(w.rows(tb))
	for range 5 {
		if !w.run(tb) {
			tb.Error("an undisturbed run failed")
		}
		if w.due(tb) == 0 {
			break
		}
	}
	if n := w.due(tb); n != 0 {
		tb.Errorf("%d records are still pending", n)
	}
	if got, want := slices.Sorted(maps.Keys(suppressionList(tb, w.ses.URL))), heldBack(w.rows(tb)); !slices.Equal(got, want) {
		tb.Errorf("SES holds back\n%q, the table\n%q", got, want)
	}
	if after := choices(w.rows(tb)); after != chosen {
		tb.Errorf("the function changed a choice:\n%s\n%s", chosen, after)
	}
}

func (w *world) rows(tb testing.TB) []row { return scan(tb, w.table.Table.DB, w.table.Table.Name) }

// due counts what SES must be told now.
func (w *world) due(tb testing.TB) int {
	n := 0
	for _, r := range w.rows(tb) {
		if strings.HasPrefix(r["pending"], "ses#") && r["pending_at"] <= stamp(time.Now()) {
			n++
		}
	}
	return n
}

// stamp writes a time as the table does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// choices are what people have chosen, as text.
func choices(rows []row) string {
	var out []string
	for _, r := range rows {
		if strings.HasPrefix(r["scope"], "#") { // the walk's own
			continue
		}
		out = append(out, strings.Join([]string{r["address"], r["scope"], r["state"], r["version"], r["until"], r["first_at"]}, " "))
	}
	return strings.Join(out, "\n")
}

// heldBack are the addresses that SES must hold back now, as far as it can.
func heldBack(rows []row) []string {
	out := []string{}
	for _, r := range rows {
		suppressed := r["state"] == "out" || r["state"] == "paused" && r["until"] > stamp(time.Now())
		if r["scope"] == "email" && suppressed && holdable(r["address"]) {
			out = append(out, r["address"])
		}
	}
	slices.Sort(out)
	return out
}

// holdable tells the addresses that SES can hold: ASCII alone.
func holdable(address string) bool {
	return !strings.ContainsFunc(address, func(c rune) bool { return c > 127 })
}
