package main

import (
	"strings"
	"testing"

	"privacydesk/infra/costs/bill"
)

var names = []string{"optouts", "requests", "mails", "mails-in", "people"}

func given(texts ...string) []*string {
	all := make([]*string, len(names))
	for i := range names {
		all[i] = new(string)
		if i < len(texts) {
			all[i] = &texts[i]
		}
	}
	return all
}

func TestVolumesAsGiven(t *testing.T) {
	if got, err := asked(names, given()); err != nil || len(got) != len(usual) {
		t.Errorf("none: %v, %v", got, err)
	}
	for name, c := range map[string]struct {
		texts []string
		want  bill.Volumes
	}{
		"thousands":      {[]string{"100,000", "", "", "", "5"}, bill.Volumes{OptOuts: 1e5, People: 5}},
		"mails follow":   {[]string{"", "10"}, bill.Volumes{Requests: 10, Mails: 30}},
		"mails as given": {[]string{"", "10", "0", "7"}, bill.Volumes{Requests: 10, MailsIn: 7}},
	} {
		if got, err := asked(names, given(c.texts...)); err != nil || len(got) != 1 || got[0].Volumes != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, text := range []string{"-1", "many", "1e13", "NaN", "Inf"} {
		if got, err := asked(names, given("", "", text)); err == nil || !strings.Contains(err.Error(), "MAILS") {
			t.Errorf("%q is taken: %v, %v", text, got, err)
		}
	}
}

func TestTable(t *testing.T) {
	d, err := load("../../template.yaml", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, region := range d.Prices.Regions() {
		var out strings.Builder
		if err := write(&out, d, usual, region); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{region, "CloudWatch", "DynamoDB", "idle", "10 M", "sum, after free tiers", "sum, without free tiers", "nobody has looked up"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no %q in\n%s", want, out.String())
			}
		}
	}
	if err := write(&strings.Builder{}, d, usual, "eu-west-9"); err == nil || !strings.Contains(err.Error(), "eu-central-1") {
		t.Errorf("a Region without prices: %v", err)
	}
}
