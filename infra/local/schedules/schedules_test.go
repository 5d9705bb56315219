package schedules

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"privacydesk/infra/local/clock"
	"privacydesk/shared/testkit/template"
)

func TestNext(t *testing.T) {
	const after = "2026-09-23T20:00:30Z" // a Wednesday
	cases := map[string]struct{ expression, zone, want string }{
		"every minute":       {"rate(1 minute)", "", "2026-09-23T20:01:00Z"},
		"every five minutes": {"rate(5 minutes)", "", "2026-09-23T20:05:00Z"},
		"every day":          {"rate(1 day)", "", "2026-09-24T20:00:00Z"},
		"nightly":            {"cron(0 3 * * ? *)", "", "2026-09-24T03:00:00Z"},
		"in a zone":          {"cron(0 3 * * ? *)", "Europe/Berlin", "2026-09-24T01:00:00Z"},
		"every quarter hour": {"cron(0/15 * * * ? *)", "", "2026-09-23T20:15:00Z"},
		"this very minute":   {"cron(0 20 * * ? *)", "", "2026-09-24T20:00:00Z"},
		"weekdays by number": {"cron(0 10 ? * 2-6 *)", "", "2026-09-24T10:00:00Z"},
		"Sunday is 1":        {"cron(0 10 ? * 1,7 *)", "", "2026-09-26T10:00:00Z"},
		"a year to come":     {"cron(0 0 1 1 ? 2030)", "", "2030-01-01T00:00:00Z"},
		"weekdays by name":   {"cron(0 10 ? * MON-FRI *)", "", "2026-09-24T10:00:00Z"},
		"first of the month": {"cron(0 0 1 * ? *)", "", "2026-10-01T00:00:00Z"},
		"leap day":           {"cron(0 0 29 2 ? *)", "", "2028-02-29T00:00:00Z"},
		"a list of months":   {"cron(0 0 1 JAN,JUL ? *)", "", "2027-01-01T00:00:00Z"},
		"a year gone by":     {"cron(0 0 1 1 ? 2020)", "", ""},
		"skipped hour":       {"cron(30 2 28 3 ? 2027)", "Europe/Berlin", ""},
	}
	from, err := time.Parse(time.RFC3339, after)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := Parse(c.expression, c.zone, from.Add(-30*time.Second))
			if err != nil {
				t.Fatal(err)
			}
			got := e.Next(from)
			if want, _ := time.Parse(time.RFC3339, c.want); !got.Equal(want) {
				t.Errorf("got %v", got.UTC())
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for name, expression := range map[string]string{
		"nothing": "", "unknown": "every(1 day)", "rate 0": "rate(0 minutes)", "rate singular": "rate(2 minute)", "rate plural": "rate(1 minutes)",
		"seconds": "rate(5 seconds)", "five fields": "cron(0 3 * * ?)", "two days": "cron(0 3 * * * *)", "no day": "cron(0 3 ? * ? *)",
		"minute 60": "cron(60 3 * * ? *)", "backwards": "cron(5-1 3 * * ? *)", "step 0": "cron(*/0 3 * * ? *)", "no date": "cron(0 3 32 * ? *)",
		"no month": "cron(0 3 * FOO ? *)", "no weekday": "cron(0 3 ? * 8 *)", "weekday 0": "cron(0 3 ? * 0 *)", "no minute": "cron(? 3 * * ? *)", "years": "cron(0 3 * * ? 2026-2030)", "third Tuesday": "cron(0 3 ? * 3#3 *)", "last day": "cron(0 3 L * ? *)", "last Friday": "cron(0 3 ? * 6L *)",
		"workday": "cron(0 3 4W * ? *)", "at": "at(2026-09-24T08:00:00)",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse(expression, "", time.Time{}); err == nil {
				t.Error("want an error")
			}
		})
	}
	if _, err := Parse("rate(1 day)", "Mars/Olympus", time.Time{}); err == nil || !strings.Contains(err.Error(), "Mars") {
		t.Errorf("got %v", err)
	}
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		begin := time.Now()
		moved := func() time.Time { return time.Now().Add(400 * 24 * time.Hour) } // the stack's clock may be moved
		err := Run(ctx, Config{Now: moved, NewID: func() string { return "id" },
			Schedules: []template.Schedule{
				{Name: "A", Function: "a", Expression: "rate(4 minutes)", Input: "in"},
				{Name: "B", Function: "b", Expression: "rate(1 minute)", Disabled: true},
			},
			Send: func(function string, payload []byte) {
				got = append(got, function+" "+string(payload)+" "+time.Since(begin).String())
			}})
		if err != nil || strings.Join(got, ", ") != "a in 4m0s, a in 8m0s" {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

// What time was moved over runs once and at once; then it goes on by the moved time.
func TestMovedTime(t *testing.T) {
	const day = 24 * time.Hour
	cases := map[string]struct {
		expression string
		since      time.Duration // how long ago the schedules ran last; 0: they never did
		moves      map[time.Duration]time.Duration
		want       string // when, in the machine's time, and for which time
	}{
		// A test's time begins on 1 January 2000, 0:00 UTC.
		"daily, over a month":    {"cron(0 3 * * ? *)", 0, map[time.Duration]time.Duration{time.Hour: 31 * day}, "1h0m0s for 31 Jan 03:00, 3h0m0s for 1 Feb 03:00"},
		"daily, not over it":     {"cron(0 3 * * ? *)", 0, map[time.Duration]time.Duration{time.Hour: time.Hour}, "2h0m0s for 1 Jan 03:00"},
		"every hour, twice":      {"rate(1 hour)", 0, map[time.Duration]time.Duration{time.Minute: 90 * time.Minute, 2 * time.Minute: 100 * time.Minute}, "1m0s for 1 Jan 01:00, 20m0s for 1 Jan 02:00, 1h20m0s for 1 Jan 03:00, 2h20m0s for 1 Jan 04:00, 3h20m0s for 1 Jan 05:00"},
		"back, and on again":     {"cron(0 3 * * ? *)", 0, map[time.Duration]time.Duration{time.Hour: day, 2 * time.Hour: 0}, "1h0m0s for 1 Jan 03:00, 3h0m0s for 1 Jan 03:00"},
		"a rate, back":           {"rate(3 hours)", 0, map[time.Duration]time.Duration{time.Hour: -day}, "3h0m0s for 31 Dec 03:00"},
		"never moved":            {"rate(2 hours)", 0, nil, "2h0m0s for 1 Jan 02:00"},
		"the stack stood still":  {"cron(0 3 * * ? *)", 7 * day, nil, "0s for 31 Dec 03:00, 3h0m0s for 1 Jan 03:00"},
		"it stood still shortly": {"cron(0 3 * * ? *)", time.Hour, nil, "3h0m0s for 1 Jan 03:00"},
		"it was ahead before":    {"cron(0 3 * * ? *)", -7 * day, nil, "3h0m0s for 1 Jan 03:00"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got []string
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour+30*time.Minute)
				defer cancel()
				begin, moving := time.Now(), clock.New(0)
				for at, offset := range c.moves {
					time.AfterFunc(at, func() { moving.Set(offset) })
				}
				config := Config{Now: moving.Now, Moved: moving.Moved, NewID: func() string { return "id" },
					Schedules: []template.Schedule{{Name: "A", Function: "a", Expression: c.expression, Input: "<aws.scheduler.scheduled-time>"}},
					Send: func(_ string, payload []byte) {
						at, _ := time.Parse(time.RFC3339, string(payload))
						got = append(got, time.Since(begin).String()+" for "+at.Format("2 Jan 15:04"))
					}}
				if c.since != 0 {
					config.Since = begin.Add(-c.since)
				}
				if err := Run(ctx, config); err != nil || strings.Join(got, ", ") != c.want {
					t.Errorf("got %q, %v", strings.Join(got, ", "), err)
				}
			})
		})
	}
}

// The last of many times is found without looking at each.
func TestLatest(t *testing.T) {
	at := time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)
	for expression, want := range map[string]string{
		"rate(1 minute)": "2027-02-05T12:34:00Z", "rate(5 minutes)": "2027-02-05T12:30:00Z", "cron(0 3 * * ? *)": "2027-02-05T03:00:00Z",
		"cron(* * 1 JAN ? *)": "2027-01-01T23:59:00Z", "cron(0 3 29 2 ? *)": "2026-01-01T03:00:00Z",
	} {
		t.Run(expression, func(t *testing.T) {
			e, err := Parse(expression, "", at)
			if err != nil {
				t.Fatal(err)
			}
			calls := 0
			got := latest(counted{e, &calls}, at, time.Date(2027, 2, 5, 12, 34, 56, 0, time.UTC))
			if got.Format(time.RFC3339) != want || calls > 1500 {
				t.Errorf("got %v after %d calls", got, calls)
			}
		})
	}
}

type counted struct {
	Expression
	calls *int
}

func (c counted) Next(after time.Time) time.Time {
	*c.calls++
	return c.Expression.Next(after)
}

func TestRunRefusesWhatItCannotRead(t *testing.T) {
	err := Run(t.Context(), Config{Now: time.Now, Schedules: []template.Schedule{{LogicalID: "Odd", Expression: "daily"}}})
	if err == nil || !strings.Contains(err.Error(), "Odd") {
		t.Errorf("got %v", err)
	}
}

func TestEvent(t *testing.T) {
	at := time.Date(2026, 9, 23, 20, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		schedule template.Schedule
		want     string
	}{
		"input": {template.Schedule{Name: "S", Input: `{"at":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>"}`},
			`{"at":"2026-09-23T20:00:00Z","id":"id"}`},
		"scheduler": {template.Schedule{Name: "S"},
			`{"account":"000000000000","detail":"{}","detail-type":"Scheduled Event","id":"id","region":"us-east-1","resources":["arn:aws:scheduler:us-east-1:000000000000:schedule/default/S"],"source":"aws.scheduler","time":"2026-09-23T20:00:00Z","version":"0"}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := string(Event(c.schedule, at, "id")); got != c.want {
				t.Errorf("got %s", got)
			}
		})
	}
}
