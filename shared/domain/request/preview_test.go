package request_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// What is shown before is what happens, and what keeps an answer back.
func TestPreview(t *testing.T) {
	d := fourEyes(t)
	r := d.mailed(d.opened(d.asks(germany, deadline.Access, deadline.Erasure, deadline.OptOutOfSale)))
	before := d.file(r.ID)
	plan, _, err := d.Preview(background, r.ID, "dpo/A", decision.Answer{Kind: deadline.Access, Outcome: decision.Refuse})
	if err != nil || plan.Clean() || plan.Outcome != "" {
		t.Errorf("%+v, %v", plan, err)
	}
	if got := failing(plan); got != "answered erasure missing, grounds access missing" {
		t.Error(got)
	}
	if facts, told := plan.Effect(draft.OptedOut); !told || facts["scopes"] == "" {
		t.Errorf("%+v", plan.Effects)
	}
	plan, after, err := d.Preview(background, r.ID, "dpo/A", grant)
	if err != nil || !plan.Clean() || !slices.Equal(plan.Needs, []foureyes.Act{foureyes.Erasure}) || after.State != lifecycle.Fulfilled {
		t.Errorf("%+v, %s, %v", plan, after.State, err)
	}
	var codes []string
	for _, e := range plan.Effects {
		codes = append(codes, string(e.Code))
	}
	if got := strings.Join(codes, " "); got != "opted_out closes export erasure" {
		t.Error(got)
	}
	d.Reaches = reach{Goes: 14, Stays: 1}
	if plan, _, err := d.Preview(background, r.ID, "dpo/A", grant); err != nil || plan.Effects[3].Facts["records"] != "14" || plan.Effects[3].Facts["stays"] != "1" {
		t.Errorf("%+v, %v", plan.Effects, err)
	}
	if now := d.file(r.ID); now.Request.Version != before.Request.Version || len(now.Events) != len(before.Events) {
		t.Error("looking has changed it")
	}
	// It is what Decide then does.
	d.Settings.FourEyes = nil
	then := d.ok(d.Decide(background, r.ID, "dpo/A", grant))
	if then.State != after.State || !then.ExportUntil.Equal(after.ExportUntil) || !then.EraseFrom.Equal(after.EraseFrom) || !draft.Same(then.Decision.Answers, plan.Answers) {
		t.Errorf("shown %+v, done %+v", after, then)
	}
}

func TestPreviewNamesHolds(t *testing.T) {
	d := newDesk(t)
	d.Holds = &holds{kept: []request.KeptBack{{Hold: "H-3", Of: "request", Keeps: "request PD-1"}}}
	r := d.opened(d.asks(germany, deadline.Erasure))
	plan, _, err := d.Preview(background, r.ID, "dpo/A", grant)
	if got := failing(plan); err != nil || got != "hold H-3" {
		t.Errorf("%s, %v", got, err)
	}
	if facts, told := plan.Effect(draft.ErasureHeld); !told || facts["hold"] != "H-3" || facts["keeps"] != "request PD-1" {
		t.Errorf("%+v", plan.Effects)
	}
	if _, told := plan.Effect(draft.Erases); told {
		t.Error("an erasure is shown that cannot be")
	}
}

// Every refusal of Decide is a check that Preview shows.
func TestPreviewFailsWhereDecideDoes(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	for _, a := range []decision.Answer{
		{}, {Outcome: "maybe"}, {Outcome: decision.Refuse}, {Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: decision.Excessive}}},
		refusal(decision.EvidenceMissing), refusal(decision.FeeUnpaid), refusal(decision.StillNeeded), {Kind: deadline.Erasure, Outcome: decision.Grant},
	} {
		plan, _, err := d.Preview(background, r.ID, "dpo/A", a)
		if err != nil || plan.Clean() {
			t.Errorf("%+v: %+v, %v", a, plan, err)
			continue
		}
		_, decideErr := d.Decide(background, r.ID, "dpo/A", a)
		if decideErr == nil || fault.Public(decideErr) != fault.Public(plan.Refusal().Err) {
			t.Errorf("%+v: shown %v, refused with %v", a, plan.Refusal().Err, decideErr)
		}
	}
}

// reach is what every erasure reaches.
type reach draft.Reach

func (r reach) Reach(context.Context, *request.Request) (draft.Reach, error) {
	return draft.Reach(r), nil
}

// failing are the checks that keep an answer back, with their facts.
func failing(p draft.Plan) string {
	var all []string
	for _, c := range p.Checks {
		if c.Blocks && !c.OK {
			all = append(all, strings.Join(strings.Fields(strings.Join([]string{string(c.Code), c.Facts["kind"], c.Facts["reason"], c.Facts["holds"]}, " ")), " "))
		}
	}
	return strings.Join(all, ", ")
}
