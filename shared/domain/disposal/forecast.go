package disposal

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/schedule"
)

// Outlook is what a class of the sweep has to dispose of, and when.
type Outlook struct {
	Class  schedule.Class  `json:"class"`
	Period string          `json:"period"`
	Action schedule.Action `json:"action"`
	Oldest time.Time       `json:"oldest,omitzero"`        // when the first period began
	Next   time.Time       `json:"next_disposal,omitzero"` // when that record is due
	Due    int             `json:"due"`                    // now
	Soon   int             `json:"due_in_30_days"`         // those that are due now among them
	Error  string          `json:"error,omitempty"`
}

// Forecast tells what is due now and within 30 days. It reads the index alone,
// and writes nothing.
func (s *Sweeper) Forecast(ctx context.Context) ([]Outlook, error) {
	var (
		list   []Outlook
		faults []error
		now    = s.Now()
	)
	for _, rule := range s.rules() {
		o := Outlook{Class: rule.Class, Period: rule.Period.String(), Action: rule.Action}
		oldest, any, err := s.Store.Oldest(ctx, rule.Class)
		if err == nil && any {
			o.Oldest, o.Next = oldest.UTC(), s.next(rule, oldest)
			o.Due, o.Soon, err = s.counted(ctx, rule, now)
		}
		if err != nil {
			o.Error = "not known"
			faults = append(faults, err)
		}
		list = append(list, o)
	}
	return list, errors.Join(faults...)
}

func (s *Sweeper) counted(ctx context.Context, rule schedule.Rule, now time.Time) (due, soon int, err error) {
	due, err = s.Store.CountDue(ctx, rule.Class, s.cutoff(rule, now))
	if err != nil {
		return 0, 0, err
	}
	soon, err = s.Store.CountDue(ctx, rule.Class, s.cutoff(rule, now.AddDate(0, 0, 30)))
	return due, soon, err
}

// next is when what started then is due.
func (s *Sweeper) next(rule schedule.Rule, start time.Time) time.Time {
	if rule.Class == schedule.ErasureOrder {
		return start.UTC()
	}
	end, _ := rule.Period.End(start, s.Zone)
	return end.UTC()
}
