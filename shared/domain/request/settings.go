package request

import (
	"io"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/waiting"
)

// Settings are the organisation's own rules for requests.
type Settings struct {
	RepeatedWithin time.Duration // of a third request for the same
	ExportFor      time.Duration // whole days in which an export can be fetched (the schedule of retention); only who decides must set it
	Resends        int           // of the verification mail
	Waiting        map[deadline.Cause]waiting.Rule
	RemindDays     []int // working days before a due date, falling
	OverdueAgain   int   // days between reminders of what is overdue
	OtherEyes      bool  // an appeal is decided by another officer than the request was

	Callback time.Duration // for which an answer that was sent waits
	Morning  time.Duration // the time of the day at which one goes that waits for the next working day
	FourEyes foureyes.Rule // what needs the signature of another

	Systems []ledger.System // that hold people's data too
}

func waitRules(d *settings.Desk) map[deadline.Cause]waiting.Rule {
	rules := map[deadline.Cause]waiting.Rule{}
	for cause, w := range d.Requests.Waiting {
		rules[deadline.Cause(cause)] = waiting.Rule{Days: w.Days, Resume: w.Then == settings.Resume}
	}
	return rules
}

func fourEyes(d *settings.Desk) foureyes.Rule {
	var rule foureyes.Rule
	for _, act := range d.Requests.FourEyes {
		rule = append(rule, foureyes.Act(act))
	}
	return rule
}

// verifyWithin is how long the confirmation link is good, in whole days after
// that of its mail. An unverified request is kept longer, as the schedule says.
const verifyWithin = schedule.VerifyDays * aDay

const aDay = 24 * time.Hour

// VerifyUntil is the end of a confirmation link that is mailed at a time.
func (s *Service) VerifyUntil(mailed time.Time) time.Time { return s.through(mailed, verifyWithin) }

// through is the end of the local day that is some whole days after that of a
// moment: what we tell people by its day holds to its end.
func (s *Service) through(from time.Time, within time.Duration) time.Time {
	zone := s.Law.Zone()
	return (civil.Of(from, zone) + civil.Day(within/aDay)).End(zone).UTC()
}

// New makes the service of a desk: its law counts in the controller's time
// zone and by its calendar. Settings.ExportFor is left to whoever decides.
func New(store Store, key person.Key, d *settings.Desk, now func() time.Time, random io.Reader) (*Service, error) {
	zone, err := d.Organisation.Location()
	if err != nil {
		return nil, err
	}
	engine, err := deadline.New(deadline.Default(), zone, d.Requests.Calendar)
	if err != nil {
		return nil, err
	}
	engine.ReviewDays = d.Requests.ReviewDays
	morning, _ := d.Requests.SendTime()
	return &Service{Store: store, Key: key, Law: engine, Now: now, Random: random, Settings: Settings{
		RepeatedWithin: time.Duration(d.Requests.RepeatedWithinMonths) * 30 * 24 * time.Hour,
		Resends:        d.Requests.Resends,
		Waiting:        waitRules(d), RemindDays: d.Requests.RemindDays, OverdueAgain: d.Requests.OverdueAgainDays, OtherEyes: d.Requests.AppealByAnother,
		Callback: time.Duration(d.Requests.CallbackMinutes) * time.Minute, Morning: morning, FourEyes: fourEyes(d), Systems: d.Systems,
	}}, nil
}
