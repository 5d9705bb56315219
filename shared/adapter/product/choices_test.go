package product_test

import (
	"fmt"
	"testing"

	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit/vendors"
)

func TestChoices(t *testing.T) {
	for name, c := range map[string]struct {
		choices []string
		want    string
	}{
		"all mail":                {[]string{"A@example.com email out"}, "[{a@example.com }] []"},
		"a pause":                 {[]string{"a@example.com email paused"}, "[{a@example.com }] []"},
		"a topic":                 {[]string{"a@example.com email/newsletter out"}, "[{a@example.com n1}] []"},
		"a topic of another tool": {[]string{"a@example.com email/events out", "a@example.com email/events in"}, "[] []"},
		"a complaint":             {[]string{"a@example.com complaint out"}, "[{a@example.com }] []"},
		"a complaint taken back":  {[]string{"a@example.com complaint in"}, "[] []"},
		"a bounce":                {[]string{"a@example.com bounce out", "a@example.com bounce in"}, "[] []"},
		"another channel":         {[]string{"a@example.com sms out", "a@example.com sms/newsletter in", "a@example.com sale out"}, "[] []"},
		"back":                    {[]string{"a@example.com email in", "a@example.com email/newsletter in"}, "[] [{a@example.com } {a@example.com n1}]"},
		"back to a topic alone":   {[]string{"a@example.com email/newsletter in", "a@example.com email out"}, "[{a@example.com }] []"},
		"one back, one out":       {[]string{"a@example.com email in", "b@example.com email out"}, "[{b@example.com }] [{a@example.com }]"},
		"a complaint counts":      {[]string{"a@example.com email in", "a@example.com complaint out"}, "[{a@example.com }] []"},
	} {
		d := vendors.NewDesk(t, "mailchimp", "", "a@example.com")
		d.System.Lists = map[string]string{"newsletter": "n1"}
		outs, ins := product.Choices(d.Batch(t, c.choices...))
		if got := fmt.Sprint(outs, " ", ins); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A system that is not told addresses is told nothing.
func TestChoicesOfNobody(t *testing.T) {
	d := vendors.NewDesk(t, "mailchimp", "", "a@example.com")
	b := d.Batch(t, "a@example.com email out")
	b.Changes[0].Address = person.Address{}
	if outs, ins := product.Choices(b); len(outs)+len(ins) > 0 {
		t.Error(outs, ins)
	}
}
