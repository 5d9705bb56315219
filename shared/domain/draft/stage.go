package draft

import "time"

// Stage is how far a draft has come, as lists say it.
type Stage string

// The stages; "" is none: there is no draft.
const (
	StageWritten  Stage = "written"    // it lies there
	StageToSign   Stage = "to_sign"    // it waits for the signature of another
	StageOnItsWay Stage = "on_its_way" // it goes at Way.SendAt
	StageStopped  Stage = "stopped"    // it did not go when it was due
)

// Stage is that of the draft, and when what is on its way goes.
func (d *Draft) Stage() (Stage, time.Time) {
	switch {
	case d == nil:
		return "", time.Time{}
	case d.ToSign():
		return StageToSign, time.Time{}
	case d.OnItsWay():
		return StageOnItsWay, d.Way.SendAt
	case d.Stopped != nil:
		return StageStopped, time.Time{}
	}
	return StageWritten, time.Time{}
}
