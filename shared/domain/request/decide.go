package request

import (
	"context"
	"strconv"

	"privacydesk/shared/domain/fault"
)

// Decide answers the request.
func (s *Service) Decide(ctx context.Context, id, officer string, v Verdict) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		d, err := t.Request.decide(v, t.at)
		if err != nil {
			return err
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
		if err := t.happen(outcomeEvents[v.Outcome], ByOfficer+":"+officer, facts, private); err != nil {
			return err
		}
		t.Request.Decision = d
		if t.Request.Exports() && v.Outcome != Refuse {
			if t.Settings.ExportFor < aDay {
				return fault.New(fault.Internal, "no period is set in which an export can be fetched")
			}
			t.Request.ExportUntil = t.through(t.at, t.Settings.ExportFor)
		}
		t.mail(MailDecision)
		if t.Request.erasesAsker() && v.Outcome == Grant {
			return t.orderErasure(officer)
		}
		return nil
	})
}
