package sample

import (
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// digest is what the officer is mailed.
func digest() Sample {
	germany, california := deadline.Jurisdiction{Country: "DE"}, deadline.Jurisdiction{Country: "US", Region: "CA"}
	kept, arrived := lifecycle.LookKept, due.AddDate(0, 0, -2)
	erasure, objection := []intake.Kind{deadline.Erasure}, []intake.Kind{deadline.Objection}
	return Sample{"digest", mail.Digest{DeskURL: site + "/desk", Digest: agenda.Digest{
		Lines: []agenda.Line{
			line(agenda.Line{Reference: earlier, Kinds: erasure, Place: germany, Late: 1}, -1),
			line(agenda.Line{Reference: reference, Kinds: []intake.Kind{deadline.Access, deadline.Correction}, Place: california, State: lifecycle.WaitingForPerson, Again: true}, -15),
			line(agenda.Line{Reference: "PD-9X2B-7KQW-03NF-6ZTA", Kinds: objection, Left: 3}, 19),
		},
		Looks: []agenda.LookLine{
			{Reference: earlier, Kinds: erasure, Why: lifecycle.LookReply, Since: arrived},
			{Reference: "PD-4W1C-8RNE-55GT-0KXB", Why: kept, Since: arrived, Again: true},
			{Reference: "PD-9X2B-7KQW-03NF-6ZTA", Kinds: objection, Why: lifecycle.LookMention, Since: arrived},
			{Reference: "PD-3M7T-2HQD-90VB-6JFS", Kinds: objection, Why: kept, State: lifecycle.Fulfilled, Since: arrived},
			{Reference: "PD-6D2J-1MZV-84GC-9WPE", Kinds: erasure, Why: lifecycle.LookUnsent, State: lifecycle.Open, Since: arrived},
			{Reference: "PD-1B5N-8XKE-30TD-4QRZ", Kinds: []intake.Kind{deadline.Access}, Why: lifecycle.LookUndelivered, State: lifecycle.Refused, Since: arrived},
		},
		Overdue: 2, DueSoon: 5, More: 1,
	}}}
}

// line is one that came some days after the others, with its date.
func line(l agenda.Line, after int) agenda.Line {
	engine, err := deadline.New(deadline.Default(), time.UTC, "weekends")
	if err != nil {
		panic(err)
	}
	all, err := engine.Deadlines(deadline.Case{Kinds: l.Kinds, Place: l.Place, ReceivedAt: received.AddDate(0, 0, after)})
	if err != nil {
		panic(err)
	}
	l.Due, _ = deadline.Strictest(all, deadline.Respond)
	l.DueAt = l.Due.Due
	return l
}
