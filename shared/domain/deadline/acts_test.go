package deadline

import (
	"errors"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
)

// TestActs plays stops and extensions on one request each.
func TestActs(t *testing.T) {
	access := []Kind{Access}
	german := Case{Kinds: access, Place: Jurisdiction{Country: "DE"}, ReceivedAt: local(t, berlin, "2027-03-05 10:00")}
	british := Case{Kinds: access, Place: Jurisdiction{Country: "GB"}, ReceivedAt: local(t, berlin, "2027-04-05 10:00")}
	californian := Case{Kinds: access, Place: Jurisdiction{Country: "US", Region: "CA"}, ReceivedAt: local(t, berlin, "2027-03-05 10:00")}
	anywhere := Case{Kinds: access, ReceivedAt: local(t, berlin, "2027-03-05 10:00")}
	tests := map[string]struct {
		c    Case
		do   []act
		err  error // of the last act
		rule string
		due  string
	}{
		"stopped for four days":             {german, []act{pause(Identity, "2027-03-08 10:00"), resume("2027-03-12 09:00")}, nil, "gdpr/respond-access", "2027-04-09 23:59:59"},
		"stopped for an hour":               {german, []act{pause(Identity, "2027-03-08 10:00"), resume("2027-03-08 11:00")}, nil, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"stopped over midnight":             {german, []act{pause(Identity, "2027-03-08 23:59"), resume("2027-03-09 00:01")}, nil, "gdpr/respond-access", "2027-04-06 23:59:59"},
		"stopped twice":                     {german, []act{pause(Identity, "2027-03-08 10:00"), resume("2027-03-10 09:00"), pause(Clarification, "2027-03-10 10:00"), resume("2027-03-11 09:00")}, nil, "gdpr/respond-access", "2027-04-08 23:59:59"},
		"still stopped":                     {german, []act{pause(Identity, "2027-03-08 10:00")}, nil, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"identity restarts in the UK":       {british, []act{pause(Identity, "2027-04-06 10:00"), resume("2027-04-14 09:00")}, nil, "uk-gdpr/respond-access", "2027-05-14 23:59:59"},
		"a question leaves out both days":   {british, []act{pause(Clarification, "2027-04-06 10:00"), resume("2027-04-07 09:00")}, nil, "uk-gdpr/respond-access", "2027-05-07 23:59:59"},
		"both days, only once":              {british, []act{pause(Clarification, "2027-04-06 10:00"), resume("2027-04-07 09:00"), pause(Clarification, "2027-04-07 10:00"), resume("2027-04-07 11:00")}, nil, "uk-gdpr/respond-access", "2027-05-07 23:59:59"},
		"extended":                          {german, []act{extend(Complexity, "2027-03-20 10:00")}, nil, "gdpr/respond-access", "2027-06-07 23:59:59"}, // the 5th is a Saturday
		"extended on the last day":          {german, []act{extend(Number, "2027-04-05 23:59:59")}, nil, "gdpr/respond-access", "2027-06-07 23:59:59"},
		"extended after a stop":             {german, []act{pause(Identity, "2027-03-08 10:00"), resume("2027-03-12 09:00"), extend(Complexity, "2027-04-09 12:00")}, nil, "gdpr/respond-access", "2027-06-09 23:59:59"},
		"extended while stopped":            {german, []act{pause(Identity, "2027-03-08 10:00"), extend(Complexity, "2027-05-01 12:00"), resume("2027-05-03 10:00")}, nil, "gdpr/respond-access", "2027-08-02 23:59:59"}, // 56 days after 5 June: 31 July, a Saturday
		"California extends":                {californian, []act{extend(Complexity, "2027-04-01 12:00")}, nil, "us-ca/respond", "2027-06-03 23:59:59"},
		"California does not stop":          {californian, []act{pause(Identity, "2027-03-08 10:00")}, errUnknownCause, "us-ca/respond", "2027-04-19 23:59:59"},
		"place unknown: some clocks stop":   {anywhere, []act{pause(Identity, "2027-03-08 10:00"), resume("2027-03-12 09:00")}, nil, "us-ca/respond", "2027-04-19 23:59:59"},
		"place unknown: others are moved":   {anywhere, []act{pause(Identity, "2027-03-08 10:00"), resume("2027-03-12 09:00")}, nil, "gdpr/respond-access", "2027-04-09 23:59:59"},
		"a reason of another law":           {german, []act{extend(Interference, "2027-03-20 10:00")}, errUnknownReason, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"no notice":                         {german, []act{{reason: Complexity}}, errNoNotice, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"too late to extend":                {german, []act{extend(Complexity, "2027-04-06 00:00")}, errExpired, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"twice":                             {german, []act{extend(Complexity, "2027-03-20 10:00"), extend(Number, "2027-03-21 10:00")}, errAlreadyExtended, "gdpr/respond-access", "2027-06-07 23:59:59"},
		"stopped already":                   {german, []act{pause(Identity, "2027-03-08 10:00"), pause(Clarification, "2027-03-09 10:00")}, errAlreadyPaused, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"not stopped":                       {german, []act{resume("2027-03-09 10:00")}, errNotPaused, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"too late to stop":                  {german, []act{pause(Identity, "2027-04-06 00:00")}, errExpired, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"before the request":                {german, []act{pause(Identity, "2027-03-04 10:00")}, errOrder, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"answer before the question":        {german, []act{pause(Identity, "2027-03-08 10:00"), resume("2027-03-08 09:00")}, errOrder, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"extended clock stops once more":    {german, []act{extend(Complexity, "2027-03-20 10:00"), pause(Identity, "2027-05-03 10:00"), resume("2027-05-04 10:00")}, nil, "gdpr/respond-access", "2027-06-07 23:59:59"},
		"an ended clock is not woken":       {anywhere, []act{extend(Complexity, "2027-04-10 12:00")}, nil, "gdpr/respond-access", "2027-04-05 23:59:59"},
		"while one that runs is extended":   {anywhere, []act{extend(Complexity, "2027-04-10 12:00")}, nil, "us-ca/respond", "2027-06-03 23:59:59"},
		"nor by a stop that comes too late": {anywhere, []act{extend(Complexity, "2027-04-10 12:00"), pause(Identity, "2027-04-11 12:00")}, errExpired, "gdpr/respond-access", "2027-04-05 23:59:59"},
	}
	e := engine(t, berlin, "weekends")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := tc.c, error(nil)
			for i, a := range tc.do {
				before := c
				c, err = a.on(t, e, c)
				if err != nil && i < len(tc.do)-1 {
					t.Fatalf("act %d: %v", i, err)
				}
				if err != nil && len(c.Pauses) != len(before.Pauses) {
					t.Error("a refused act changed the case")
				}
			}
			if !errors.Is(err, tc.err) || tc.err != nil && fault.CodeOf(err) != fault.Conflict {
				t.Errorf("got %v, want %v", err, tc.err)
			}
			d := byRule(t, every(t, e, c), tc.rule)
			if want := local(t, berlin, tc.due); !d.Due.Equal(want) {
				t.Errorf("due %s, want %s\n%s", d.Due, want, Words(English, d.Explain()))
			}
		})
	}
}

// An act is a stop, its end (without a cause), or an extension (with a reason).
type act struct {
	cause  Cause
	reason Reason
	at     string
}

func pause(c Cause, at string) act   { return act{cause: c, at: at} }
func resume(at string) act           { return act{at: at} }
func extend(r Reason, at string) act { return act{reason: r, at: at} }

func (a act) on(t *testing.T, e *Engine, c Case) (Case, error) {
	t.Helper()
	var at time.Time
	if a.at != "" {
		at = local(t, berlin, a.at)
	}
	switch {
	case a.reason != "":
		return e.Extend(c, Grant{Reason: a.reason, NoticeSentAt: at})
	case a.cause != "":
		return e.Pause(c, a.cause, at)
	}
	return e.Resume(c, at)
}

// TestActsDoNotTouchTheOldCase makes sure that a refused write leaves the caller's case as it was.
func TestActsDoNotTouchTheOldCase(t *testing.T) {
	e := engine(t, berlin, "weekends")
	old := Case{Kinds: []Kind{Access}, Place: Jurisdiction{Country: "DE"}, ReceivedAt: local(t, berlin, "2027-03-05 10:00"), Pauses: make([]Pause, 0, 4)}
	stopped, err := e.Pause(old, Identity, local(t, berlin, "2027-03-08 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Resume(stopped, local(t, berlin, "2027-03-09 10:00")); err != nil {
		t.Fatal(err)
	}
	if len(old.Pauses) != 0 || !stopped.Pauses[0].Until.IsZero() || !byRule(t, deadlines(t, e, stopped), "gdpr/respond-access").Paused {
		t.Error("an act changed the case that it was given")
	}
}
