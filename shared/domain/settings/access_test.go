package settings

import (
	"strings"
	"testing"
)

func TestAccessSection(t *testing.T) {
	shipped, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	en := []Words{{"en": "x"}}
	sound := Access{
		Purposes: en, Periods: []Words{{"en": "x {closed-request} {"}}, Sources: en, Automated: en, Sale: en,
		Recipients: []Recipient{{ID: "hosting", Who: en[0]}},
		Categories: []Category{{What: en[0], California: []string{"identifiers"}, DisclosedTo: []string{"hosting"}}},
	}
	for name, c := range map[string]struct {
		change func(*Access)
		wrong  string // a part of the fault; "": none
	}{
		"one language":           {func(*Access) {}, ""},
		"no purposes":            {func(a *Access) { a.Purposes = nil }, "access.purposes is missing"},
		"no word on sale":        {func(a *Access) { a.Sale = nil }, "access.sale is missing"},
		"two languages mixed":    {func(a *Access) { a.Sources = []Words{{"en": "x", "de": "x"}} }, "access.purposes[0] has no de"},
		"no English":             {func(a *Access) { a.Sources = []Words{{"de": "x"}} }, "access.sources[0] needs at least en"},
		"another language":       {func(a *Access) { a.Sources = []Words{{"en": "x", "fr": "x"}} }, `access.sources[0] has "fr"`},
		"a long text":            {func(a *Access) { a.Sources = []Words{{"en": strings.Repeat("é", maxTold+1)}} }, "access.sources[0].en must be"},
		"an unknown period":      {func(a *Access) { a.Periods = []Words{{"en": "{requests}"}} }, "access.periods[0].en has {requests}, which is no class of retention"},
		"no term of California":  {func(a *Access) { a.Categories = []Category{{What: en[0]}} }, "access.categories[0].california must say"},
		"an unknown term":        {func(a *Access) { a.Categories = []Category{{What: en[0], California: []string{"identifier"}}} }, "did you mean identifiers?"},
		"an unknown recipient":   {func(a *Access) { a.Categories[0].SoldTo = []string{"hostin"} }, `access.categories[0].sold_to has "hostin"`},
		"a recipient twice":      {func(a *Access) { a.Recipients = append(a.Recipients, a.Recipients[0]) }, `access.recipients[1].id "hosting" stands twice`},
		"an id that is none":     {func(a *Access) { a.Recipients[0].ID = "The host" }, "access.recipients[0].id must be"},
		"a recipient of no name": {func(a *Access) { a.Recipients[0].Who = nil }, "access.recipients[0].who needs at least en"},
	} {
		d := *shipped
		d.Access = sound
		d.Access.Recipients = append([]Recipient{}, sound.Recipients...)
		d.Access.Categories = append([]Category{}, sound.Categories...)
		c.change(&d.Access)
		err := d.Validate()
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPeriodsAreFilledIn(t *testing.T) {
	say := func(class string) string { return "<" + class + ">" }
	for text, want := range map[string]string{"a {b} c {d}": "a <b> c <d>", "none": "none", "a {b": "a {b", "": "", "{a}": "<a>"} {
		if got := WithPeriods(text, say); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
