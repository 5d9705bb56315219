package template

type scheduleFields struct {
	Name, ScheduleExpression   word
	ScheduleExpressionTimezone word
	Input, State               word
}

func (t *Template) addSchedule(e eventOf) error {
	var fields scheduleFields
	if err := decode(e.place, e.properties, &fields); err != nil {
		return err
	}
	s := Schedule{
		LogicalID: e.id, Name: string(fields.Name), Function: e.function.LogicalID,
		Expression: string(fields.ScheduleExpression), Timezone: string(fields.ScheduleExpressionTimezone),
		Input: string(fields.Input), Disabled: fields.State == "DISABLED",
	}
	if s.Name == "" {
		s.Name = e.id
	}
	t.Schedules = append(t.Schedules, s)
	return nil
}
