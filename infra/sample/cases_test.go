package main

import (
	"bytes"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
)

// The people of the sample ask for what there is, in order, and each under an address of nobody's.
func TestCases(t *testing.T) {
	var all []person
	strict := yaml.NewDecoder(bytes.NewReader(cases))
	strict.KnownFields(true)
	if err := strict.Decode(&all); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	laws := map[string]bool{}
	for _, p := range all {
		byPost := p.Email == "" && p.Paper["post"] != nil && p.Paper["name"] != nil
		if !byPost && (seen[p.Email] || !strings.HasSuffix(p.Email, ".example") && !strings.HasSuffix(p.Email, "@example.com")) {
			t.Errorf("%s is somebody's address, or is there twice", p.Email)
		}
		seen[p.Email] = true
		for kind := range strings.FieldsSeq(p.Form["kind"]) {
			if _, err := intake.ParseKind(kind); err != nil {
				t.Errorf("%s: %v", p.Email, err)
			}
		}
		place, err := deadline.ParseJurisdiction(p.Form["country"], p.Form["region"])
		if err != nil {
			t.Errorf("%s: %v", p.Email, err)
		}
		laws[place.String()] = true
		last := p.Days
		for _, s := range p.Steps {
			if s.Days > last || (s.Link == "") == (s.Act == "") {
				t.Errorf("%s: step %+v is out of order, or is none", p.Email, s)
			}
			last = s.Days
		}
	}
	if len(all) < 24 || len(laws) < 12 {
		t.Errorf("%d people of %d places", len(all), len(laws))
	}
}
