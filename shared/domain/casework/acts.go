package casework

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// Act is something that an officer may do with a file, or why they may not now.
type Act struct {
	Code     string // an operation of the desk: "ask", "extend", …
	Of       string // of ask the cause, of extend the reason, of decide the outcome, of send the time, of mail the template, of posted the letter
	Possible bool
	Why      fault.Because // where it is not possible; "done" where it would change nothing
	Usual    bool          // the next step of most such files: one at most
	Outcome                // where it is possible; DueAt equals Before where the date stays
}

// Acts tries every act on a file for an officer. Whether their input is good, such
// as an explanation, is for the act to say. Errors: only those of reading.
func (d *Desk) Acts(ctx context.Context, f request.File, officer string) ([]Act, error) {
	trial := d.Try(f)
	var acts []Act
	for _, a := range attempts(&f, officer) {
		o, err := trial.Act(ctx, a.do)
		if fault.CodeOf(err) == fault.Unavailable || fault.CodeOf(err) == fault.Internal {
			return nil, err
		}
		act := Act{Code: a.code, Of: a.of, Possible: err == nil && o.Did, Outcome: o}
		if a.code == "verify" && f.Request.KindsUnsure {
			act.DueAt = time.Time{} // it depends on the kinds that the officer names
		}
		switch {
		case err != nil:
			act.Why = fault.BecauseOf(err)
		case !o.Did:
			act.Why = fault.Because{Code: "done"}
		}
		acts = append(acts, act)
	}
	if i := usual(&f, acts, d.Requests.Now()); i >= 0 {
		acts[i].Usual = true
	}
	return acts, nil
}
