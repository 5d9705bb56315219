package page_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page/sample"
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
