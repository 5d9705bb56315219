package clock

import (
	"testing"
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
