package clock

import (
	"testing"
	"testing/synctest"
	"time"
)

const day = 24 * time.Hour

func TestParse(t *testing.T) {
	cases := map[string]struct {
		want time.Duration
		ok   bool
	}{
		"": {0, true}, "+400d": {400 * day, true}, "-3h": {-3 * time.Hour, true}, "1d12h": {36 * time.Hour, true},
		"2d": {48 * time.Hour, true}, "+1h30m": {90 * time.Minute, true}, "tomorrow": {0, false}, "+-3h": {0, false}, "99999999d": {0, false},
	}
	for text, c := range cases {
		t.Run(text, func(t *testing.T) {
			got, err := Parse(text)
			if got != c.want || (err == nil) != c.ok {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestTarget(t *testing.T) {
	cases := map[string]struct {
		want time.Duration
		ok   bool
	}{
		"+31d": {41 * day, true}, "31d": {41 * day, true}, "-1d": {9 * day, true}, "-11d": {-day, true}, "": {10 * day, true},
		"0": {0, true}, "now": {0, true}, "later": {0, false}, "+36500d": {0, false}, "+2000000h": {0, false},
	}
	for text, c := range cases {
		t.Run(text, func(t *testing.T) {
			got, err := Target(10*day, text)
			if got != c.want || (err == nil) != c.ok {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestAMoveIsHeard(t *testing.T) {
	c := New(time.Hour)
	moved := c.Moved()
	select {
	case <-moved:
		t.Fatal("nothing has moved yet")
	default:
	}
	c.Set(-day)
	<-moved
	if behind := time.Since(c.Now()); behind < day || behind > day+time.Minute || c.Offset() != -day {
		t.Errorf("it is %v behind", behind)
	}
	select {
	case <-c.Moved():
		t.Error("the next move has not been yet")
	default:
	}
}

// A wait ends when enough time has passed, the machine's or moved; a move back
// makes it no longer.
func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cases := map[string]struct {
			moves map[time.Duration]time.Duration // after how long, to which offset
			took  time.Duration
		}{
			"not moved":              {nil, 3 * time.Minute},
			"moved over its end":     {map[time.Duration]time.Duration{time.Minute: time.Hour}, time.Minute},
			"moved a part":           {map[time.Duration]time.Duration{time.Minute: time.Minute}, 2 * time.Minute},
			"moved back":             {map[time.Duration]time.Duration{time.Minute: -31 * 24 * time.Hour}, 3 * time.Minute},
			"forward, back, forward": {map[time.Duration]time.Duration{10 * time.Second: time.Minute, 20 * time.Second: 0, 30 * time.Second: time.Minute}, time.Minute},
		}
		for name, c := range cases {
			clock, began := New(0), time.Now()
			for after, offset := range c.moves {
				time.AfterFunc(after, func() { clock.Set(offset) })
			}
			if err := clock.Sleep(t.Context(), began, 3*time.Minute); err != nil || time.Since(began) != c.took {
				t.Errorf("%s: slept %v, %v", name, time.Since(began), err)
			}
			time.Sleep(time.Hour)
		}
	})
}

// How old something is counts the moves that came after it.
func TestSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock, before := New(time.Hour), time.Now()
		time.Sleep(time.Minute)
		clock.Set(3 * time.Hour)
		time.Sleep(time.Minute)
		after := time.Now()
		time.Sleep(time.Minute)
		if clock.Since(before) != 2*time.Hour+3*time.Minute || clock.Since(after) != time.Minute {
			t.Errorf("got %v and %v", clock.Since(before), clock.Since(after))
		}
	})
}
