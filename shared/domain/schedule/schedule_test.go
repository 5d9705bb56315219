package schedule

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/settings/deskfile"
)

// desk has the settings of testkit.Desk, which imports this package.
func desk(tb testing.TB) *settings.Desk {
	tb.Helper()
	text, err := os.ReadFile("../../testkit/desk.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	d, err := deskfile.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestSchedule(t *testing.T) {
	s, err := New(desk(t))
	if err != nil {
		t.Fatal(err)
	}
	var sweep []Class
	for _, r := range s.Sweep() {
		sweep = append(sweep, r.Class)
	}
	if want := []Class{UnverifiedRequest, ClosedRequest, RequestLog, OptOutEvidence, SoftBounces}; !slices.Equal(sweep, want) {
		t.Errorf("the sweep does %v", sweep)
	}
	for _, r := range s.Rules() {
		if r != s.Rule(r.Class) || r.Class == "" || r.Title == "" || r.Starts == "" || r.Action == "" || r.How == "" || r.Why == "" || r.Bound == "" || r.Line == 0 {
			t.Errorf("the rule of %s is not whole: %+v", r.Class, r)
		}
		if ends := r.How != ByNobody; ends != (r.Action != Keep) || ends == r.Period.Never {
			t.Errorf("%s is disposed of by %s, to %s, after %s", r.Class, r.How, r.Action, r.Period)
		}
	}
	if r := s.Rule(ErasureOrder); r.Action != Reduce || r.How != BySweep || r.Period.String() != "at once" {
		t.Errorf("the order of an erasure: %+v", r)
	}
	if r := s.Rule("receipts"); r != (Rule{}) {
		t.Errorf("a class that is none: %+v", r)
	}
}

// change gives the schedule with another period of one class.
func change(tb testing.TB, class Class, after string) *settings.Desk {
	d := *desk(tb)
	d.Retention = slices.Clone(d.Retention)
	d.Retention[index(tb, &d, class)].After = after
	return &d
}

func index(tb testing.TB, d *settings.Desk, class Class) int {
	tb.Helper()
	i := slices.IndexFunc(d.Retention, func(r settings.Retention) bool { return r.Class == string(class) })
	if i < 0 {
		tb.Fatalf("%s does not stand in desk.yaml", class)
	}
	return i
}

func TestWhatIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		class Class
		after string
		want  string // after the class's name
	}{
		"under the minimum":           {ClosedRequest, "12 months", "must be kept 24 months at least (11 CCR 7101(a) asks for 24 months at least), not 12 months"},
		"under it by a day":           {ClosedRequest, "730 days", "must be kept 24 months at least (11 CCR 7101(a) asks for 24 months at least), not 730 days"},
		"over the maximum":            {UnverifiedRequest, "91 days", "must be kept 90 days at most (the mailed link must still find it; nobody has shown that it is theirs (Art. 5(1)(e) GDPR)), not 91 days"},
		"over it in another unit":     {UnverifiedRequest, "3 months", "must be kept 90 days at most (the mailed"},
		"for ever":                    {RequestLog, "never", "must be kept 10 years at most (it proves the answer until claims are out of time (Art. 5(2), 17(3)(e) GDPR)), not for ever"},
		"an end of what has none":     {Tombstone, "10 years", "must be kept for ever (an opt-out has no end (15 U.S.C. 7704(a)(4), Art. 21(3) GDPR)), not 10 years"},
		"fixed by a link":             {OptInConfirmation, "8 days", "must be kept 7 days at most (as long as the mailed link is good), not 8 days"},
		"months where machines count": {Logs, "1 month", "must be kept for a number of days, which is what its machine counts, not 1 month"},
		"fewer days than its link":    {UnverifiedRequest, "6 days", "must be kept 7 days at least (the mailed link must still find it; "},
		"no period":                   {ClosedRequest, "", `a period is such as "30 days", "24 months", "10 years" or "never", not ""`},
		"junk":                        {ClosedRequest, "two years", `a period is such as "30 days", "24 months", "10 years" or "never", not "two years"`},
		"zero":                        {ClosedRequest, "0 months", `a period is such as "30 days", "24 months", "10 years" or "never", not "0 months"`},
		"SQL":                         {SoftBounces, "90 days; drop", `a period is such as "30 days", "24 months", "10 years" or "never", not "90 days; drop"`},
	} {
		t.Run(name, func(t *testing.T) {
			d := change(t, c.class, c.after)
			refused(t, d, d.Retention[index(t, d, c.class)].Line, string(c.class)+": "+c.want, string(c.class)+" "+c.want)
		})
	}
}

// refused wants one fault, at a line, which begins with one of the texts.
func refused(tb testing.TB, d *settings.Desk, line int, texts ...string) {
	tb.Helper()
	_, err := New(d)
	f, ok := errors.AsType[*settings.Fault](err)
	if !ok || f.Line != line || strings.Contains(err.Error(), "\n") ||
		!slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(f.Text, "retention: "+text) }) {
		tb.Errorf("line %d: want %q, got: %v", line, texts, err)
	}
}

func TestStageTwoAfterStageOne(t *testing.T) {
	for name, c := range map[string]struct{ closed, log string }{
		"before": {"60 months", "59 months"}, "together": {"5 years", "60 months"}, "a day too near": {"36 months", "1096 days"},
	} {
		t.Run(name, func(t *testing.T) {
			d := change(t, ClosedRequest, c.closed)
			log := &d.Retention[index(t, d, RequestLog)]
			log.After = c.log
			refused(t, d, log.Line, "request-log comes after closed-request (line ")
		})
	}
	d := change(t, ClosedRequest, "36 months")
	d.Retention[index(t, d, RequestLog)].After = "1097 days"
	if _, err := New(d); err != nil {
		t.Error(err)
	}
}

func TestEachClassOnce(t *testing.T) {
	d := *desk(t)
	d.Retention = append(slices.Clone(d.Retention), settings.Retention{Class: "closed-request", After: "36 months", Because: "x", Line: 99})
	refused(t, &d, 99, "closed-request stands twice, first in line ")
	d.Retention[len(d.Retention)-1].Class = "closed-requests"
	refused(t, &d, 99, `there is no class "closed-requests"`)
	d.Retention[len(d.Retention)-1].Class = "erasure" // an order, and no rule
	refused(t, &d, 99, `there is no class "erasure"`)
	for i, r := range desk(t).Retention {
		d.Retention = slices.Delete(slices.Clone(desk(t).Retention), i, i+1)
		refused(t, &d, 0, "the class "+r.Class+" is missing")
	}
	d.Retention = slices.Clone(desk(t).Retention)
	d.Retention[3].Because = " "
	refused(t, &d, d.Retention[3].Line, d.Retention[3].Class+" must say because of what it is kept so long")
}

func TestAllFaultsAreToldTogether(t *testing.T) {
	_, err := New(&settings.Desk{Retention: []settings.Retention{{Class: "a", Line: 3}, {Class: "logs", After: "2 years", Because: "x", Line: 4}}})
	for _, want := range []string{`line 3: retention: there is no class "a"`, "line 4: retention: logs must be kept 365 days at most", "unverified-request is missing", "backups is missing"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told in: %v", want, err)
		}
	}
}

func TestOtherSettingsAskForLonger(t *testing.T) {
	d := change(t, SoftBounces, "30 days")
	d.Feedback.SoftBounceWindowDays = 31
	refused(t, d, d.Retention[index(t, d, SoftBounces)].Line, "soft-bounces must be kept 31 days at least (feedback.soft_bounce_window_days looks back so far), not 30 days")
}

// The table of classes itself: bounds that leave room for one another.
func TestKinds(t *testing.T) {
	seen := map[Class]bool{}
	for _, k := range kinds() {
		if seen[k.Class] || !k.max.atLeast(k.min) || k.after != "" && !seen[k.after] {
			t.Errorf("%s: twice, from %s to %s, or before %s", k.Class, k.min, k.max, k.after)
		}
		seen[k.Class] = true
	}
}

func BenchmarkNew(b *testing.B) {
	d := desk(b)
	for b.Loop() {
		if _, err := New(d); err != nil {
			b.Fatal(err)
		}
	}
}
