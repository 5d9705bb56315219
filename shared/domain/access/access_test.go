package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
)

var at = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func file(system, id string, what attachment.For, state attachment.State) attachment.File {
	return attachment.File{Request: "PD-1", ID: id, System: system, For: what, State: state, Type: attachment.Text, Size: 3, SHA256: "ab", StoredAt: at}
}

// shown is parts as "crm done a b".
func shown(parts []access.Part) string {
	var all []string
	for _, p := range parts {
		one := p.System + " " + string(p.State)
		if p.Ground != "" {
			one += ":" + p.Ground
		}
		for _, f := range p.Files {
			one += " " + f.ID
		}
		all = append(all, one)
	}
	return strings.Join(all, ", ")
}

func TestPartsOfAnAnswer(t *testing.T) {
	entry := func(system string, task ledger.Task, state ledger.State, ground string) ledger.Entry {
		return ledger.Entry{System: system, Task: task, State: state, Outcome: ledger.Outcome{Ground: ground}}
	}
	for name, c := range map[string]struct {
		entries []ledger.Entry
		files   []attachment.File
		want    string
	}{
		"the desk alone": {nil, nil, " done"},
		"each system": {
			[]ledger.Entry{entry("crm", ledger.Access, ledger.Done, ""), entry("news", ledger.Access, ledger.NotFound, ""), entry("shop", ledger.Access, ledger.Exempt, ledger.CalledOff)},
			[]attachment.File{file("crm", "a", attachment.Answer, attachment.Stored), file("", "b", attachment.Answer, attachment.Stored), file("crm", "c", attachment.Answer, attachment.Stored)},
			" done b, crm done a c, news not_found, shop exempt:called_off",
		},
		"another task":               {[]ledger.Entry{entry("crm", ledger.Erasure, ledger.Done, "")}, nil, " done"},
		"a system that nobody asked": {nil, []attachment.File{file("old", "a", attachment.Answer, attachment.Stored)}, " done, old done a"},
		"what is not for the person, or not there": {
			[]ledger.Entry{entry("crm", ledger.Access, ledger.Done, "")},
			[]attachment.File{
				file("crm", "a", attachment.Internal, attachment.Stored), file("", "b", attachment.Proof, attachment.Stored), file("", "c", attachment.Archive, attachment.Stored),
				file("crm", "d", attachment.Answer, attachment.Expected), file("crm", "e", attachment.Answer, attachment.Replaced), file("crm", "f", attachment.Answer, attachment.Gone),
				file("crm", "g", attachment.Answer, attachment.Leaving),
			},
			" done, crm done",
		},
	} {
		parts := access.Parts(c.entries, c.files)
		if got := shown(parts); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
		for _, f := range c.files {
			if _, found := access.Find(parts, f.ID); found != slices.Contains(strings.Fields(strings.ReplaceAll(c.want, ",", " ")), f.ID) {
				t.Errorf("%s: found %s: %v", name, f.ID, found)
			}
		}
	}
}

// What a system keeps back leaves access granted in part; what it does not do of an erasure says nothing of access.
func TestAnAnswerWithoutAPartIsGrantedInPart(t *testing.T) {
	kept := ledger.Entry{System: "crm", Task: ledger.Access, State: ledger.Exempt, Outcome: ledger.Outcome{Ground: "technical"}}
	sent := ledger.Entry{System: "shop", Task: ledger.Access, State: ledger.Done, Required: true}
	undone := ledger.Entry{System: "crm", Task: ledger.Erasure, State: ledger.Failed, Required: true}
	silent := ledger.Entry{System: "crm", Task: ledger.Access, State: ledger.Failed, Outcome: ledger.Outcome{Ground: ledger.NoAnswer}}
	for _, c := range []struct {
		kind    intake.Kind
		outcome decision.Outcome
		entries []ledger.Entry
		want    decision.Outcome
	}{
		{deadline.Access, decision.Grant, nil, decision.Grant},
		{deadline.Access, decision.Grant, []ledger.Entry{sent, kept}, decision.Partly},
		{deadline.Portability, decision.Grant, []ledger.Entry{kept}, decision.Partly},
		{deadline.Access, decision.Grant, []ledger.Entry{sent, undone, silent}, decision.Grant},
		{deadline.Access, decision.Refuse, []ledger.Entry{kept}, decision.Refuse},
		{deadline.Erasure, decision.Grant, []ledger.Entry{kept}, decision.Grant},
	} {
		if got := access.Outcome(decision.Answer{Kind: c.kind, Outcome: c.outcome}, c.entries); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestWhatEachLawWantsTold(t *testing.T) {
	engine, err := deadline.New(deadline.Default(), time.UTC, "weekends")
	if err != nil {
		t.Fatal(err)
	}
	const gdpr = "purposes categories recipients transfers periods rights complaint sources automated"
	for name, c := range map[string]struct {
		place   string
		granted []deadline.Kind
		items   string
		clause  string
		terms   bool
	}{
		"Germany":           {"DE", []deadline.Kind{deadline.Access}, gdpr, "Art. 15(1) and (2) GDPR", false},
		"United Kingdom":    {"GB", []deadline.Kind{deadline.Erasure, deadline.Access}, gdpr, "Art. 15(1) and (2) UK GDPR", false},
		"California":        {"US-CA", []deadline.Kind{deadline.Access}, "purposes categories recipients sale sources", "Cal. Civ. Code 1798.110, 1798.115; 11 CCR 7024", true},
		"Virginia":          {"US-VA", []deadline.Kind{deadline.Access}, "", "", false},
		"Oregon":            {"US-OR", []deadline.Kind{deadline.Access}, "recipients", "ORS 646A.574", false},
		"Switzerland":       {"CH", []deadline.Kind{deadline.Access}, "purposes recipients transfers periods sources automated", "Art. 25(2) FADP", false},
		"Québec":            {"CA-QC", []deadline.Kind{deadline.Access}, "purposes recipients periods rights sources", "PIPEDA, Schedule 1, 4.9|sections 8 and 27 of the Quebec private sector act", false},
		"a law unknown":     {"JP", []deadline.Kind{deadline.Access}, gdpr, "", false},
		"no place":          {"", []deadline.Kind{deadline.Access}, gdpr, "", false},
		"no state":          {"US", []deadline.Kind{deadline.Access}, strings.Replace(gdpr, "transfers", "sale transfers", 1), "", true},
		"portability alone": {"DE", []deadline.Kind{deadline.Portability}, "", "", false},
		"refused":           {"DE", nil, "", "", false},
	} {
		country, region, _ := strings.Cut(c.place, "-")
		told := access.About(engine, c.granted, deadline.Jurisdiction{Country: country, Region: region}, at)
		var got []string
		for _, i := range told.Items {
			got = append(got, string(i))
		}
		if strings.Join(got, " ") != c.items || strings.Join(told.Clauses, "|") != c.clause || told.California != c.terms {
			t.Errorf("%s: %v %v %v", name, got, told.Clauses, told.California)
		}
		if asked := slices.Contains(told.Items, access.Rights); asked && (len(told.Rights) < 2 || c.place == "DE" && fmt.Sprint(told.Rights) != "[correction erasure restriction objection portability]") {
			t.Errorf("%s: the rights are %v", name, told.Rights)
		}
	}
}

// A law that is not in the table asks for nothing, so a name that is misspelt would hide what must be told.
func TestTheLawsAreThoseOfTheTable(t *testing.T) {
	known := map[string]bool{}
	for _, r := range deadline.Default().Regimes {
		known[r.ID] = true
	}
	for _, id := range access.LawsThatAsk() {
		if !known[id] {
			t.Errorf("law.yaml has no %s", id)
		}
	}
}
