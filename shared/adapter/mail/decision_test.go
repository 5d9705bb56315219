package mail_test

import (
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/mail/sample"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
)

// refusal is a letter that refuses kinds at a place.
func refusal(place deadline.Jurisdiction, kinds ...intake.Kind) mail.RequestLetter {
	d := decision.Decision{Outcome: decision.Refuse}
	for _, k := range kinds {
		d.Answers = append(d.Answers, decision.Answer{Kind: k, Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: decision.Excessive}}, Explanation: "It is too much."})
	}
	return mail.RequestLetter{Template: requestmail.Decision, Request: request.Request{ID: "PD-1", Kinds: kinds, State: lifecycle.Refused, Place: place, Decision: &d}}
}

// text is a letter in English, in one line.
func text(t *testing.T, d mail.Desk, l mail.RequestLetter) string {
	t.Helper()
	m, err := d.Render(catalog.For("en"), l)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(m.Text), " ")
}

// A refusal names complaint and court where the law of the place wants both, what
// that law calls looking at it again, and nobody else's law.
func TestRefusalNamesTheRemedies(t *testing.T) {
	const appeal, review, court = "You can appeal", "review our answer", "judicial remedy"
	for place, c := range map[string]struct{ says, not []string }{
		"DE":    {[]string{review, court, "Art. 77 GDPR", "Art. 79 GDPR"}, []string{appeal, "UK GDPR"}},
		"GB":    {[]string{review, court, "Information Commissioner", "Art. 77 UK GDPR"}, []string{appeal}},
		"CH":    {[]string{review, court, "FDPIC", "Art. 32 FADP"}, []string{appeal, "GDPR"}},
		"BR":    {[]string{review, court, "ANPD", "Art. 22 LGPD"}, []string{appeal, "GDPR"}},
		"US-VA": {[]string{appeal, "Attorney General of your state"}, []string{review, court, "GDPR"}},
		"US-CA": {[]string{review, "CalPrivacy"}, []string{appeal, court, "GDPR"}},
		"CA-QC": {[]string{review, "within 30 days of this answer"}, []string{appeal, court, "GDPR"}},
		"":      {[]string{review, "where you live"}, []string{appeal, court, "GDPR"}},
	} {
		country, region, _ := strings.Cut(place, "-")
		got := text(t, sample.Desk(), refusal(deadline.Jurisdiction{Country: country, Region: region}, deadline.Access))
		for _, piece := range append(c.says, "We refuse this.", "It is too much.", "Controller: Biosero, Inc.", "Data protection officer: dpo@biosero.example", "Responsible for this answer: A. Weber") {
			if !strings.Contains(got, piece) {
				t.Errorf("%q: %q is missing in %s", place, piece, got)
			}
		}
		for _, piece := range c.not {
			if strings.Contains(got, piece) {
				t.Errorf("%q: %q stands in %s", place, piece, got)
			}
		}
	}
}

// A desk of one person promises no other pair of eyes, and no letter offers what
// was asked for.
func TestLettersPromiseWhatIsKept(t *testing.T) {
	const eyes, block = "Somebody who did not make the decision", "kind=restriction"
	germany, alone := deadline.Jurisdiction{Country: "DE"}, sample.Desk()
	requests := *alone.Desk
	requests.Requests.AppealByAnother = false
	alone.Desk = &requests
	erasure, both := refusal(germany, deadline.Erasure), refusal(germany, deadline.Erasure, deadline.Restriction)
	for name, c := range map[string]struct {
		text        string
		eyes, block bool
	}{
		"a desk of several":      {text(t, sample.Desk(), erasure), true, true},
		"a desk of one":          {text(t, alone, erasure), false, true},
		"blocking was asked for": {text(t, sample.Desk(), both), true, false},
	} {
		if strings.Contains(c.text, eyes) != c.eyes || strings.Contains(c.text, block) != c.block {
			t.Errorf("%s: %s", name, c.text)
		}
	}
}
