package decision_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
)

// Whatever is offered is taken, with the clause that was shown.
func TestWhatIsOfferedIsTaken(t *testing.T) {
	for _, place := range []deadline.Jurisdiction{{Country: "DE"}, {Country: "GB"}, {Country: "US", Region: "CA"}, {Country: "BR"}, {}} {
		for _, kind := range deadline.Kinds() {
			for _, repeated := range []bool{true, false} {
				f := decision.Facts{Kinds: []deadline.Kind{kind}, Place: place, Repeated: repeated}
				for _, o := range f.Offers(kind) {
					given := decision.Given{Ground: o.Ground}
					if o.Named {
						given.Clause, o.Clause = "section 1", "section 1"
					}
					d, err := f.Check([]decision.Answer{{Outcome: decision.Refuse, Explanation: "x", Grounds: []decision.Given{given}}}, time.Now())
					if err != nil || d.Answers[0].Grounds[0].Clause != o.Clause {
						t.Errorf("%s, %s, %s: %+v, %v", place, kind, o.Ground, d, err)
					}
					_, err = f.Check([]decision.Answer{{Outcome: decision.Partly, Explanation: "x", Grounds: []decision.Given{given}}}, time.Now())
					if (err != nil) != o.Refusal {
						t.Errorf("%s, %s, %s in part: %v", place, kind, o.Ground, err)
					}
				}
			}
		}
	}
}
