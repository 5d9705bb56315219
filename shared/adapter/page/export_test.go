package page_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/requestmail"
)

// People read no codes: the page says them in words, and leaves out what is for machines.
func TestExportSaysNoCodes(t *testing.T) {
	raw := regexp.MustCompile(`[a-z]+_[a-z]+|[a-z]=|obsolete|fulfilled|UTC|\bself\b`)
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		if !strings.HasPrefix(s.Name, "export") {
			return
		}
		for _, cell := range parse(t, s.Page, lang, sample.Desk()).All("td") {
			if text := content(cell); raw.MatchString(text) && !strings.HasPrefix(text, "=cmd") {
				t.Errorf("it says %q", text)
			}
		}
	})
}

// Every event has its words there, and a mail to the owner of a system is not said to be one to the person.
func TestExportSaysEveryEvent(t *testing.T) {
	events, err := os.ReadFile("../../domain/lifecycle/transitions.go")
	if err != nil {
		t.Fatal(err)
	}
	history := page.ExportSection{Title: "history", Columns: []string{"event", "facts"}}
	for _, e := range regexp.MustCompile(`Event = "([a-z_]+)"`).FindAllStringSubmatch(string(events), -1) {
		history.Rows = append(history.Rows, []string{e[1], ""})
	}
	for _, template := range requestmail.ToOwners {
		history.Rows = append(history.Rows, []string{"mailed", "result=sent template=" + string(template)}, []string{"mail_failed", "template=" + string(template)})
	}
	for _, lang := range catalog.Languages() {
		var said []string
		for _, cell := range parse(t, page.ExportPage{Sections: []page.ExportSection{history}}, lang, sample.Desk()).All("td") {
			said = append(said, content(cell))
		}
		for i, row := range history.Rows {
			if text := said[2*i]; !strings.HasSuffix(text, ".") || strings.Contains(row[1], "owner") && text == catalog.For(lang).Text("event."+row[0]) {
				t.Errorf("%s: %s %s: it says %q", lang, row[0], row[1], text)
			}
		}
	}
}

// Times are those of the organisation, which the page names once.
func TestExportIsInTheTimeOfTheOrganisation(t *testing.T) {
	desk := sample.Desk()
	var err error
	if desk.Zone, err = time.LoadLocation("America/Los_Angeles"); err != nil {
		t.Fatal(err)
	}
	for _, s := range sample.Pages("de") {
		if s.Name != "export" {
			continue
		}
		raw, err := desk.Render(catalog.For("de"), s.Page)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"22. November 2026, 02:00 Uhr<", "Alle Uhrzeiten sind Ortszeit San Diego.", "Art. 17 Abs. 3 Buchst. b DSGVO; "} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("it lacks %q", want)
			}
		}
	}
}
