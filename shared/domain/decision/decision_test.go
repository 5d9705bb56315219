package decision_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
)

var (
	germany    = deadline.Jurisdiction{Country: "DE"}
	britain    = deadline.Jurisdiction{Country: "GB"}
	california = deadline.Jurisdiction{Country: "US", Region: "CA"}
	virginia   = deadline.Jurisdiction{Country: "US", Region: "VA"}
	nowhere    = deadline.Jurisdiction{}
)

func answer(k intake.Kind, o decision.Outcome, grounds ...decision.Ground) decision.Answer {
	a := decision.Answer{Kind: k, Outcome: o}
	for _, g := range grounds {
		a.Grounds, a.Explanation = append(a.Grounds, decision.Given{Ground: g}), "because"
	}
	return a
}

// Which grounds fit which kind, and what the letter cites: what a person reads.
func TestClauseByKindAndPlace(t *testing.T) {
	const unfit = "unfit"
	for name, c := range map[string]struct {
		kind                    intake.Kind
		ground                  decision.Ground
		de, gb, ca, va, unknown string
	}{
		"kept by law":            {deadline.Erasure, decision.LegalObligation, "Art. 17(3)(b) GDPR", "Art. 17(3)(b) UK GDPR", "Cal. Civ. Code 1798.105(d)(8)", "", ""},
		"a child's":              {deadline.ChildErasure, decision.LegalObligation, "Art. 17(3)(b) GDPR", "Art. 17(3)(b) UK GDPR", "Cal. Civ. Code 1798.105(d)(8)", "", ""},
		"access kept by law":     {deadline.Access, decision.LegalObligation, unfit, unfit, unfit, unfit, unfit},
		"no data to see":         {deadline.Access, decision.NoDataFound, "Art. 15(1) GDPR", "Art. 15(1) UK GDPR", "11 CCR 7024", "", ""},
		"no data to erase":       {deadline.Erasure, decision.NoDataFound, "Art. 17(1) GDPR", "Art. 17(1) UK GDPR", "11 CCR 7022", "", ""},
		"no data to take":        {deadline.Portability, decision.NoDataFound, "Art. 20(1) GDPR", "Art. 20(1) UK GDPR", "11 CCR 7024", "", ""},
		"still needed":           {deadline.Erasure, decision.StillNeeded, "Art. 17(1)(a) GDPR", "Art. 17(1)(a) UK GDPR", "Cal. Civ. Code 1798.105(d)(1)", "", ""},
		"compelling":             {deadline.Objection, decision.CompellingGrounds, "Art. 21(1) GDPR", "Art. 21(1) UK GDPR", unfit, unfit, unfit},
		"compelling for erasure": {deadline.Erasure, decision.CompellingGrounds, unfit, unfit, unfit, unfit, unfit},
		"claims, erasure":        {deadline.Erasure, decision.LegalClaims, "Art. 17(3)(e) GDPR", "Art. 17(3)(e) UK GDPR", "Cal. Civ. Code 1798.145(a)(1)(E)", "", ""},
		"claims, restriction":    {deadline.Restriction, decision.LegalClaims, "Art. 18(2) GDPR", "Art. 18(2) UK GDPR", "", "", ""},
		"claims, objection":      {deadline.Objection, decision.LegalClaims, "Art. 21(1) GDPR", "Art. 21(1) UK GDPR", unfit, unfit, unfit},
		"others, access":         {deadline.Access, decision.RightsOfOthers, "Art. 15(4) GDPR", "Art. 15(4) UK GDPR", "Cal. Civ. Code 1798.145(k)", "", ""},
		"others, portability":    {deadline.Portability, decision.RightsOfOthers, "Art. 20(4) GDPR", "Art. 20(4) UK GDPR", "Cal. Civ. Code 1798.145(k)", "", ""},
		"disputed":               {deadline.Correction, decision.DisputedAccuracy, "Art. 16 GDPR", "Art. 16 UK GDPR", "Cal. Civ. Code 1798.106; 11 CCR 7023", "", ""},
		"disputed, erasure":      {deadline.Erasure, decision.DisputedAccuracy, unfit, unfit, unfit, unfit, unfit},
		"nothing to block":       {deadline.Restriction, decision.NoCase, "Art. 18(1) GDPR", "Art. 18(1) UK GDPR", "", "", ""},
		"no consent":             {deadline.WithdrawConsent, decision.OtherBasis, "Art. 7(3) GDPR", "Art. 7(3) UK GDPR", "", "", ""},
		"not by consent":         {deadline.Portability, decision.OtherBasis, "Art. 20(1)(a) GDPR", "Art. 20(1)(a) UK GDPR", unfit, unfit, unfit},
		"no fault of ours":       {deadline.Complaint, decision.NotUpheld, "", "", "", "", ""},
		"who complains":          {deadline.Complaint, decision.NotVerified, "", "", "", "", ""},
		"a complaint's proof":    {deadline.Complaint, decision.EvidenceMissing, "", "", "", "", ""},
		"too many complaints":    {deadline.Complaint, decision.Excessive, unfit, unfit, unfit, unfit, unfit},
		"a complaint's fee":      {deadline.Complaint, decision.FeeUnpaid, unfit, unfit, unfit, unfit, unfit},
		"no fault, access":       {deadline.Access, decision.NotUpheld, unfit, unfit, unfit, unfit, unfit},
		"who asks":               {deadline.Restriction, decision.NotVerified, "Art. 12(2), 12(6) GDPR", "Art. 12(2), 12(6) UK GDPR", "Cal. Civ. Code 1798.130(a)(2); 11 CCR 7060", "", ""},
		"excessive":              {deadline.Access, decision.Excessive, "Art. 12(5)(b) GDPR", "Art. 12(5)(b) UK GDPR", "Cal. Civ. Code 1798.145(h)(3)", "", ""},
		"elsewhere":              {deadline.Access, decision.OutsideJurisdiction, "Art. 3 GDPR", "Art. 3 UK GDPR", "Cal. Civ. Code 1798.140(i)", "", ""},
		"no proof":               {deadline.Access, decision.EvidenceMissing, "Art. 12(6) GDPR", "Art. 12(6) UK GDPR", "11 CCR 7063, 7070", "", ""},
		"no fee":                 {deadline.Access, decision.FeeUnpaid, "Art. 12(5)(a) GDPR", "Art. 12(5)(a) UK GDPR", "Cal. Civ. Code 1798.145(h)(3)", "", unfit},
	} {
		for _, at := range []struct {
			place deadline.Jurisdiction
			want  string
		}{{germany, c.de}, {britain, c.gb}, {california, c.ca}, {virginia, c.va}, {nowhere, c.unknown}} {
			f := decision.Facts{Kinds: []intake.Kind{c.kind}, Place: at.place}
			d, err := f.Check([]decision.Answer{answer(c.kind, decision.Refuse, c.ground)}, time.Time{})
			if at.want == unfit {
				wantField(t, err, "grounds", unfit, string(decision.Exemption))
			} else if err != nil || d.Answers[0].Grounds[0].Clause != at.want {
				t.Errorf("%s in %q: %+v, %v; want %q", name, at.place, d, err, at.want)
			}
		}
	}
}

func wantField(t *testing.T, err error, field, reason, piece string) {
	t.Helper()
	fields := fault.FieldsOf(err)
	if len(fields) != 1 || fields[0].Field != field || fields[0].Reason != reason || !strings.Contains(err.Error(), piece) {
		t.Errorf("%v %+v, want %s of %s with %q", err, fields, reason, field, piece)
	}
}

// Each kind has its own outcome, ground and words; the whole is what they come to.
func TestAnswersByKind(t *testing.T) {
	f := decision.Facts{Kinds: []intake.Kind{deadline.Access, deadline.Erasure, deadline.Restriction}, Place: germany}
	d, err := f.Check([]decision.Answer{
		answer(deadline.Erasure, decision.Refuse, decision.LegalObligation), {Kind: deadline.Access, Outcome: decision.Grant}, answer("", decision.Refuse, decision.NoCase),
	}, time.Time{})
	if err != nil || d.Outcome != decision.Partly || len(d.Answers) != 3 || d.Answers[0].Kind != deadline.Access || d.Answers[1].Citations() != "legal_obligation Art. 17(3)(b) GDPR" {
		t.Fatalf("%+v, %v", d, err)
	}
	if !slices.Equal(d.Granted(false), []intake.Kind{deadline.Access}) || !slices.Equal(d.Denied(), []intake.Kind{deadline.Erasure, deadline.Restriction}) || !d.Gives(decision.NoCase) || d.Gives(decision.Excessive) {
		t.Errorf("granted %v, denied %v", d.Granted(false), d.Denied())
	}
}

func TestDecisionsThatAreNone(t *testing.T) {
	both := []intake.Kind{deadline.Access, deadline.Erasure}
	long := answer("", decision.Refuse, decision.Exemption)
	long.Grounds[0].Clause = strings.Repeat("x", 201)
	mute := answer("", decision.Refuse, decision.Excessive)
	mute.Explanation = " \n"
	for name, c := range map[string]struct {
		answers              []decision.Answer
		field, reason, piece string
	}{
		"nothing":                         {nil, "answers", "missing", "access"},
		"no outcome":                      {[]decision.Answer{{}}, "outcome", "unknown", "fulfilled"},
		"another outcome":                 {[]decision.Answer{{Outcome: "ignored"}}, "outcome", "unknown", "fulfilled"},
		"one kind is left out":            {[]decision.Answer{{Kind: deadline.Access, Outcome: decision.Grant}}, "answers", "missing", "erasure"},
		"one for kinds that are answered": {[]decision.Answer{{Kind: deadline.Access, Outcome: decision.Grant}, {Kind: deadline.Erasure, Outcome: decision.Grant}, answer("", decision.Refuse, decision.Excessive)}, "answers", "unused", "without a kind"},
		"one kind twice":                  {[]decision.Answer{{Kind: deadline.Access, Outcome: decision.Grant}, {Kind: deadline.Access, Outcome: decision.Grant}}, "answers", "twice", ""},
		"a kind that was not asked for":   {[]decision.Answer{{Kind: deadline.Correction, Outcome: decision.Grant}}, "answers", "unknown", "access, erasure"},
		"refused for nothing":             {[]decision.Answer{answer("", decision.Refuse)}, "grounds", "missing", "rights_of_others"},
		"partly for nothing":              {[]decision.Answer{answer("", decision.Partly)}, "grounds", "missing", "excessive"},
		"granted for a ground":            {[]decision.Answer{answer("", decision.Grant, decision.Excessive)}, "grounds", "granted", ""},
		"refused without a word":          {[]decision.Answer{mute}, "explanation", "missing", "access"},
		"an unknown ground":               {[]decision.Answer{answer("", decision.Refuse, "boredom")}, "grounds", "unfit", "no_data_found"},
		"an unknown ground, second":       {[]decision.Answer{answer("", decision.Refuse, decision.Excessive, "")}, "grounds", "unfit", "no_data_found"},
		"a ground that fits one of two":   {[]decision.Answer{answer("", decision.Refuse, decision.LegalObligation)}, "grounds", "unfit", "access"},
		"the same ground twice":           {[]decision.Answer{answer("", decision.Refuse, decision.Excessive, decision.Excessive)}, "grounds", "twice", ""},
		"not marked as repeated":          {[]decision.Answer{answer("", decision.Refuse, decision.RepeatedRequest)}, "grounds", "not_repeated", ""},
		"partly not verified":             {[]decision.Answer{answer("", decision.Partly, decision.NotVerified)}, "grounds", "unfit", "excessive"},
		"partly without evidence":         {[]decision.Answer{answer("", decision.Partly, decision.EvidenceMissing)}, "grounds", "unfit", "excessive"},
		"partly outside the jurisdiction": {[]decision.Answer{answer("", decision.Partly, decision.OutsideJurisdiction)}, "grounds", "unfit", "excessive"},
		"a clause that is a book":         {[]decision.Answer{long}, "grounds", "too_long", ""},
		"an exemption without a clause":   {[]decision.Answer{answer("", decision.Partly, decision.Exemption)}, "grounds", "clause", ""},
	} {
		_, err := decision.Facts{Kinds: both, Place: germany}.Check(c.answers, time.Time{})
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		t.Run(name, func(t *testing.T) { wantField(t, err, c.field, c.reason, c.piece) })
	}
}

// What is put right about a complaint, only the officer can say.
func TestAJustifiedComplaintNeedsWords(t *testing.T) {
	f := decision.Facts{Kinds: []intake.Kind{deadline.Complaint}, Place: britain}
	_, err := f.Check([]decision.Answer{{Outcome: decision.Grant}}, time.Time{})
	wantField(t, err, "explanation", "missing", "what is put right")
	if _, err := f.Check([]decision.Answer{{Outcome: decision.Grant, Explanation: "We have corrected it."}}, time.Time{}); err != nil {
		t.Error(err)
	}
}

// Who asks how their data is used, how a computer decided, or for a child, gets an answer and not only leave to have one.
func TestWhatIsToldNeedsWords(t *testing.T) {
	for _, k := range []intake.Kind{deadline.Information, deadline.AutomatedAccess, deadline.ChildErasure} {
		f := decision.Facts{Kinds: []intake.Kind{k}, Place: california}
		_, err := f.Check([]decision.Answer{{Outcome: decision.Grant}}, time.Time{})
		wantField(t, err, "explanation", "missing", "what was asked for")
		if _, err := f.Check([]decision.Answer{{Outcome: decision.Grant, Explanation: "A program scores it; a person decides."}}, time.Time{}); err != nil {
			t.Error(err)
		}
	}
}

// An officer who names a clause knows better than the table.
func TestNamedClauseIsCited(t *testing.T) {
	given := decision.Answer{Outcome: decision.Refuse, Explanation: "because", Grounds: []decision.Given{{Ground: decision.Excessive, Clause: " Va. Code 59.1-577(B)(3) "}, {Ground: decision.NoDataFound}}}
	d, err := decision.Facts{Kinds: []intake.Kind{deadline.Access}, Place: virginia}.Check([]decision.Answer{given}, time.Time{})
	if err != nil || d.Answers[0].Grounds[0].Clause != "Va. Code 59.1-577(B)(3)" || d.Answers[0].Grounds[1].Clause != "" {
		t.Errorf("%+v, %v", d, err)
	}
}

// A kind can be refused in every place, and each ground has a kind.
func TestEveryKindHasGrounds(t *testing.T) {
	seen := map[decision.Ground]bool{}
	for _, k := range intake.Kinds() {
		for _, p := range []deadline.Jurisdiction{germany, britain, california, virginia, nowhere} {
			for _, g := range decision.Grounds(k, p, decision.Refuse) {
				seen[g] = true
			}
			if got := decision.Grounds(k, p, decision.Partly); len(got) < 2 || slices.Contains(got, decision.NotVerified) {
				t.Errorf("%s in %s: %v", k, p, got)
			}
		}
	}
	if len(seen) != 17 {
		t.Errorf("%d grounds: %v", len(seen), seen)
	}
}

// A copy of data goes by a link to whose mailbox asked; of anybody else the answer's words say how it is given.
func TestACopyForSomebodyElseNeedsWords(t *testing.T) {
	for _, k := range []intake.Kind{deadline.Access, deadline.Portability} {
		f := decision.Facts{Kinds: []intake.Kind{k}, Place: california, Others: true}
		_, err := f.Check([]decision.Answer{{Outcome: decision.Grant}}, time.Time{})
		wantField(t, err, "explanation", "missing", "asks for another")
		if _, err := f.Check([]decision.Answer{{Outcome: decision.Grant, Explanation: "By registered letter."}}, time.Time{}); err != nil {
			t.Error(err)
		}
		f.Others = false
		if _, err := f.Check([]decision.Answer{{Outcome: decision.Grant}}, time.Time{}); err != nil {
			t.Error(err)
		}
	}
}
