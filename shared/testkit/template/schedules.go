package template

import "strings"

type scheduleFields struct {
	Name, Schedule, ScheduleExpression word
	ScheduleExpressionTimezone         word
	Input                              word
	State                              word
	Enabled                            *flag
	Target                             struct{ Arn, Input word }
}

func (t *Template) addSchedule(e eventOf) error {
	return t.appendSchedule(e, false)
}

func (t *Template) addScheduleV2(e eventOf) error {
	return t.appendSchedule(e, true)
}

func (t *Template) appendSchedule(e eventOf, scheduler bool) error {
	var fields scheduleFields
	if err := decode(e.place, e.properties, &fields); err != nil {
		return err
	}
	schedule := fields.schedule(e.id)
	schedule.Function, schedule.Scheduler = e.function.LogicalID, scheduler
	t.Schedules = append(t.Schedules, schedule)
	return nil
}

// addScheduleResource takes the schedules that invoke a function.
func (t *Template) addScheduleResource(r Resource) error {
	var fields scheduleFields
	if err := r.Decode(&fields); err != nil {
		return err
	}
	target := string(fields.Target.Arn)
	if !strings.Contains(target, ":function:") {
		return nil
	}
	fields.Input = fields.Target.Input
	schedule := fields.schedule(r.LogicalID)
	schedule.Function, schedule.Scheduler = nameInARN(target, ":function:"), true
	t.Schedules = append(t.Schedules, schedule)
	return nil
}

func (fields scheduleFields) schedule(id string) Schedule {
	s := Schedule{
		LogicalID: id, Name: string(fields.Name),
		Expression: string(fields.Schedule + fields.ScheduleExpression),
		Timezone:   string(fields.ScheduleExpressionTimezone),
		Input:      string(fields.Input),
		Disabled:   fields.State == "DISABLED" || !bool(orDefault(fields.Enabled, true)),
	}
	if s.Name == "" {
		s.Name = id
	}
	return s
}
