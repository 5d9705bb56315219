package deadline

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// marked is a catalogue that shows which keys and values it was asked for.
type marked struct{ missing []string }

func (m *marked) Text(key string, pairs ...string) string {
	if _, ok := TextKeys()[key]; !ok {
		m.missing = append(m.missing, key)
	}
	return key + "(" + strings.Join(pairs, ",") + ")"
}

func (m *marked) Date(at time.Time) string { return at.Format(time.DateOnly) }

func (m *marked) Citation(clause string) string { return clause }

func (m *marked) Zone(place string) string { return place }

func (m *marked) Place(country, region string) string {
	return Jurisdiction{Country: country, Region: region}.String()
}

func checkWords(t *rapid.T, d Deadline) {
	parts := d.Explain()
	words := Words(English, parts)
	if strings.ContainsAny(words, "{}") || strings.Contains(words, "  ") || strings.Contains(words, " .") {
		t.Errorf("%s: %s", d.Rule, words)
	}
	if d.borrowed() && (d.Clause+d.Law+d.Source+d.Checked != "" || strings.Contains(words, d.clock.Clause)) {
		t.Errorf("%s cites the law of another place: %s", d.origin, words)
	}
	law := d.Law
	if d.clock.Figure == OwnFigure { // the clause names it
		law = ""
	}
	for _, want := range []string{d.Clause, law, d.Due.In(d.zone).Format("2 January 2006")} {
		if !strings.Contains(words, want) {
			t.Errorf("%s: no %q in %s", d.Rule, want, words)
		}
	}
	m := &marked{}
	if Words(m, parts); len(m.missing) > 0 {
		t.Errorf("%s: keys without a text: %q", d.Rule, m.missing)
	}
}

func TestExplain(t *testing.T) {
	tests := map[string]struct {
		c    Case
		zone string
		cal  string
		do   []act
		rule string
		want string
	}{
		"a month, over a holiday": {
			Case{Kinds: []Kind{Access}, Place: Jurisdiction{Country: "DE"}, ReceivedAt: local(t, berlin, "2026-11-25 23:59")}, berlin, "de", nil, "gdpr/respond-access",
			"Art. 12(3) GDPR: answer within 1 month of receipt. It counts from 25 November 2026; that day itself is left out. " +
				"25 December 2026 is a public holiday (Erster Weihnachtstag). 26 December 2026 is a public holiday (Zweiter Weihnachtstag). 27 December 2026 is a Sunday. " +
				"The last day is 28 December 2026.",
		},
		"month's end, extended": {
			Case{Kinds: []Kind{Access}, Place: Jurisdiction{Country: "DE"}, ReceivedAt: local(t, berlin, "2027-11-30 10:00")}, berlin, "weekends",
			[]act{extend(Complexity, "2027-12-20 10:00")}, "gdpr/respond-access",
			"Art. 12(3) GDPR: answer within 1 month of receipt. It counts from 30 November 2027; that day itself is left out. " +
				"The last month has no such day, so its last day takes its place. It was extended by 2 months (Art. 12(3) GDPR) because of the complexity of the request; " +
				"the person was told on 20 December 2027. The last day is 29 February 2028.",
		},
		"stopped in the United Kingdom": {
			Case{Kinds: []Kind{Access}, Place: Jurisdiction{Country: "GB"}, ReceivedAt: local(t, berlin, "2027-04-05 10:00")}, berlin, "weekends",
			[]act{pause(Clarification, "2027-04-06 10:00"), resume("2027-04-07 09:00")}, "uk-gdpr/respond-access",
			"Art. 12(3) and 12A UK GDPR: answer within 1 month of receipt. It counts from 5 April 2027; that day itself is left out. " +
				"It was stopped for 2 days because of a question about what is asked for (Art. 12A(5) UK GDPR). The last day is 7 May 2027.",
		},
		"begun anew": {
			Case{Kinds: []Kind{Access}, Place: Jurisdiction{Country: "GB"}, ReceivedAt: local(t, berlin, "2027-04-05 10:00")}, berlin, "weekends",
			[]act{pause(Identity, "2027-04-06 10:00"), resume("2027-04-14 09:00")}, "uk-gdpr/respond-access",
			"Art. 12(3) and 12A UK GDPR: answer within 1 month of receipt. It counts anew from 14 April 2027, the day on which doubt about who asks was settled. " +
				"The last day is 14 May 2027.",
		},
		"business days, place not known": {
			Case{Kinds: []Kind{Erasure}, ReceivedAt: local(t, west, "2026-11-20 12:00")}, west, "weekends", nil, "br-lgpd/respond",
			"The country is not known, so no law can be named. We keep to our strictest period all the same: answer within 15 days of receipt. " +
				"It counts from 20 November 2026; that day itself is left out. The last day is 5 December 2026.",
		},
		"a holiday that is not counted": {
			Case{Kinds: []Kind{Erasure}, Place: Jurisdiction{Country: "US", Region: "CA"}, ReceivedAt: local(t, west, "2026-11-20 12:00")}, west, "weekends", nil, "us-ca/acknowledge",
			"CCPA, 11 CCR 7021(a): confirm receipt within 10 business days of receipt. It counts from 20 November 2026; that day itself is left out. " +
				"26 November 2026 is a public holiday (Thanksgiving Day) and is not counted. The last day is 7 December 2026.",
		},
		"the night of the controller is the day of the person": {
			Case{Kinds: []Kind{Erasure}, Place: Jurisdiction{Country: "DE"}, ReceivedAt: local(t, berlin, "2026-11-28 05:00")}, west, "weekends", nil, "gdpr/respond",
			"Art. 12(3) GDPR: answer within 1 month of receipt. Where the person is, it was already 28 November 2026 then. It counts from 28 November 2026; that day itself is left out. " +
				"The last day is 28 December 2026.",
		},
		"hours": {
			Case{Kinds: []Kind{marketingOptOut}, Place: Jurisdiction{Country: "DE"}, ReceivedAt: local(t, berlin, "2026-11-20 12:00")}, berlin, "weekends", nil, "mail-senders/opt-out",
			"Gmail and Yahoo sender rules, one-click unsubscribe: put the opt-out into effect within 48 hours of receipt. It counts from 20 November 2026, 12:00 (Berlin time). " +
				"It ends on 22 November 2026 at 12:00 (Berlin time).",
		},
		"stopped at present": {
			Case{Kinds: []Kind{Erasure}, Place: Jurisdiction{Country: "DE"}, ReceivedAt: local(t, berlin, "2027-03-05 10:00")}, berlin, "weekends",
			[]act{pause(Identity, "2027-03-08 10:00")}, "gdpr/respond",
			"Art. 12(3) GDPR: answer within 1 month of receipt. It counts from 5 March 2027; that day itself is left out. " +
				"It is stopped at present. The last day cannot be before 5 April 2027.",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e, c := engine(t, tc.zone, tc.cal), tc.c
			for _, a := range tc.do {
				var err error
				if c, err = a.on(t, e, c); err != nil {
					t.Fatal(err)
				}
			}
			parts := byRule(t, deadlines(t, e, c), tc.rule).ExplainToPerson()
			toPerson := strings.NewReplacer("the person was told", "you were told", "Where the person is", "Where you live", "The country is not known, so no law can be named.", "We do not know where you live, so we can name no law.")
			if got, want := Words(English, parts), toPerson.Replace(tc.want); got != want {
				t.Errorf("to the person\n%s\nwant\n%s", got, want)
			}
			if got := Words(English, byRule(t, deadlines(t, e, c), tc.rule).Explain()); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}
