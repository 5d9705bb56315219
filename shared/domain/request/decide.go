package request

import (
	"context"
	"strconv"

	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// Decide answers the request. A decision needs no date: see decision.Check.
// Invalid: it cannot be so. Conflict: what is asked for is not known yet.
func (s *Service) Decide(ctx context.Context, id, officer string, given decision.Decision) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		d, err := given.Check(t.Request.decisionFacts(), t.at)
		if err != nil {
			return err
		}
		if t.Request.KindsUnsure {
			return fault.New(fault.Conflict, "it is not known yet what the person asks for: they choose when they confirm, or verify names the kinds")
		}
		facts := map[string]string{}
		for i, g := range d.Grounds {
			n := strconv.Itoa(i + 1)
			facts["ground_"+n] = string(g.Ground)
			if g.Clause != "" {
				facts["clause_"+n] = g.Clause
			}
		}
		private := map[string]string{"explanation": d.Explanation}
		if err := t.happen(lifecycle.Event(d.Outcome), ByOfficer+":"+officer, facts, private); err != nil {
			return err
		}
		t.Request.Decision = d
		if intake.Exports(t.Request.Kinds) && d.Outcome != decision.Refuse {
			if t.Settings.ExportFor < aDay {
				return fault.New(fault.Internal, "no period is set in which an export can be fetched")
			}
			t.Request.ExportUntil = t.through(t.at, t.Settings.ExportFor)
		}
		t.mail(MailDecision)
		if t.Request.erasesAsker() && d.Outcome == decision.Grant {
			return t.orderErasure(officer)
		}
		return nil
	})
}

func (r *Request) decisionFacts() decision.Facts {
	return decision.Facts{Place: r.Place, Repeated: r.Repeated, FeeAsked: r.Waiting != nil && r.Waiting.Fee != nil}
}
