package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"privacydesk/infra/costs/bill"
)

var names = []string{"optouts", "imports", "requests", "mails", "mails-in", "people"}

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
		"thousands":      {[]string{"100,000", "", "", "", "", "5"}, bill.Volumes{OptOuts: 1e5, People: 5}},
		"people follow":  {[]string{"1,000,000", "7"}, bill.Volumes{OptOuts: 1e6, Imports: 7, People: 1e6 + 7}},
		"nobody stored":  {[]string{"8", "", "", "", "", "0"}, bill.Volumes{OptOuts: 8}},
		"mails follow":   {[]string{"", "", "10"}, bill.Volumes{Requests: 10, Mails: 30}},
		"mails as given": {[]string{"", "", "10", "0", "7"}, bill.Volumes{Requests: 10, MailsIn: 7}},
		"nothing":        {[]string{"0"}, bill.Volumes{}},
		"the most":       {[]string{"999,999,999,999", "", "", "", "", "999999999999"}, bill.Volumes{OptOuts: 999999999999, People: 999999999999}},
	} {
		if got, err := asked(names, given(c.texts...)); err != nil || len(got) != 1 || got[0].Volumes != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, text := range []string{
		"-1", "+1", "many", "10k", "10 M", "1e6", "0x10", "1_000", "NaN", "Inf", "1.5", "100.000", "1,5", "10,00", "1,0000", ",1", "1,", "1,,000",
		" 1", "1 000", "1234567890123", "1,999,999,999,999", "'", "１０", "½", "0,1e3", "1\n2",
	} {
		if got, err := asked(names, given("", "", "", "", text)); err == nil || !strings.Contains(err.Error(), "MAILS_IN") {
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

// README's table is what make costs says.
func TestReadmeSaysTheSame(t *testing.T) {
	d, err := load("../../template.yaml", false)
	if err != nil {
		t.Fatal(err)
	}
	after, full := "| us-east-1, after the free tiers that never end |", "| the same without free tiers |"
	for _, c := range usual {
		lines := d.Of(c.Volumes)
		after += fmt.Sprintf(" $%.2f |", bill.Total(lines, "us-east-1", true))
		full += fmt.Sprintf(" $%.2f |", bill.Total(lines, "us-east-1", false))
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if table := after + "\n" + full + "\n"; !strings.Contains(string(readme), table) {
		t.Errorf("README.md, What it costs, must say:\n%s", table)
	}
}
