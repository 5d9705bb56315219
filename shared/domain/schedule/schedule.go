package schedule

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"privacydesk/shared/domain/settings"
)

// Rule is one line of the schedule.
type Rule struct {
	Class  Class  `json:"class"`
	Title  string `json:"-"` // what it is, in words
	Starts string `json:"-"` // what starts the period, in words
	Period Period `json:"period"`
	Action Action `json:"action"`
	How    How    `json:"how"`
	Why    string `json:"why"` // desk.yaml's reason
	Min    Period `json:"-"`   // what desk.yaml may not go below
	Max    Period `json:"-"`   // … and above
	Bound  string `json:"-"`   // clause or reason of these two
	Line   int    `json:"-"`   // in desk.yaml
}

// Schedule is the whole of them.
type Schedule struct{ rules []Rule }

// New makes the schedule of a desk. The error tells all that is wrong with it,
// each fault as a *settings.Fault with its line.
func New(d *settings.Desk) (*Schedule, error) {
	s := &Schedule{}
	var faults []error
	fault := func(line int, format string, args ...any) {
		faults = append(faults, &settings.Fault{Path: "retention", Line: line, Text: "retention: " + fmt.Sprintf(format, args...)})
	}
	table := kinds()
	given := byClass(d.Retention, table, fault)
	for _, k := range table {
		if line, ok := given[k.Class]; ok {
			s.rules = append(s.rules, k.read(line, fault))
		} else {
			fault(0, "the class %s is missing", k.Class)
		}
	}
	s.stages(table, fault)
	s.relations(d, fault)
	return s, errors.Join(faults...)
}

// byClass sorts the lines of desk.yaml, refusing a class that is none and one
// that stands twice.
func byClass(lines []settings.Retention, table []kind, fault complain) map[Class]settings.Retention {
	given := make(map[Class]settings.Retention, len(lines))
	for _, l := range lines {
		c := Class(l.Class)
		if first, twice := given[c]; twice {
			fault(l.Line, "%s stands twice, first in line %d", c, first.Line)
			continue
		}
		given[c] = l
	}
	for _, l := range lines {
		if !slices.ContainsFunc(table, func(k kind) bool { return string(k.Class) == l.Class }) {
			fault(l.Line, "there is no class %q", l.Class)
		}
	}
	return given
}

// Rule returns the rule of a class. That of ErasureOrder is no line of
// desk.yaml. A class that is none gives the zero Rule.
func (s *Schedule) Rule(c Class) Rule {
	if c == ErasureOrder {
		return Rule{
			Class: c, Title: "person whose erasure an officer ordered", Starts: "the day from which it may be carried out",
			Action: Reduce, How: BySweep, Why: "Art. 17 GDPR; Cal. Civ. Code 1798.105", Bound: "without undue delay",
		}
	}
	for _, r := range s.rules {
		if r.Class == c {
			return r
		}
	}
	return Rule{}
}

// Rules are all rules of desk.yaml, in the schedule's order: what the sweep
// does comes first.
func (s *Schedule) Rules() []Rule { return s.rules }

// Sweep are the rules that the sweep carries out, in its order.
func (s *Schedule) Sweep() []Rule {
	var rules []Rule
	for _, r := range s.rules {
		if r.How == BySweep {
			rules = append(rules, r)
		}
	}
	return rules
}

// Duration is the period of a class that machines count in days; 0 of any
// other, and of none.
func (s *Schedule) Duration(c Class) time.Duration {
	d, _ := s.Rule(c).Period.Duration()
	return d
}
