package page_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/testkit/golden"
)

// archives says which archive holds a page, by the beginning of the sample's name. The first that fits counts.
var archives = []struct{ prefix, name string }{
	{"request-form", "request-form"}, {"request-confirm", "request-confirm"}, {"request-status", "request-status"},
	{"request-", "request"}, {"owner", "owner"}, {"export", "export"}, {"receipt", "receipt"}, {"preferences", "preferences"},
	{"opt", "opt-in"}, {"link", "link"}, {"problem", "problem"}, {"not-found", "problem"}, {"too-many", "problem"}, {"", "unsubscribe"},
}

func archiveOf(name string) string {
	for _, a := range archives {
		if strings.HasPrefix(name, a.prefix) {
			return a.name
		}
	}
	return ""
}

// In the other languages one page shows that dates, plurals and lists read as they should; TestPagesAreTranslated has the rest.
const elsewhere = "request-status-partly"

func TestGolden(t *testing.T) {
	got := golden.Archives{}
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		switch {
		case lang == catalog.Default:
			addPage(t, got, archiveOf(s.Name), lang, s)
		case s.Name == elsewhere:
			addPage(t, got, lang, lang, s)
		}
	})
	golden.Check(t, got)
}

var (
	query = regexp.MustCompile(`\?[^"]*lang=`)
	title = regexp.MustCompile(`<title>(.*)</title>`)
	body  = regexp.MustCompile(`(?s)<main [^>]*>\n(.*)</main>`)
	group = regexp.MustCompile(`(?s)<optgroup label="([^"]*)">\n(.*?)</optgroup>`)
)

// addPage adds the title and the main part of a page. The frame around them and long lists to choose from are entries
// of their own, since all pages share them.
func addPage(t *testing.T, got golden.Archives, archive, lang string, s sample.Sample) {
	raw := render(t, lang, s)
	frame, shared := "frame with a choice of language", "frame"
	if lang != catalog.Default {
		shared = lang
	}
	if !strings.Contains(raw, `<ul class="languages">`) {
		frame = "frame without a choice of language"
	}
	around := title.ReplaceAllString(body.ReplaceAllString(raw, "<main>…</main>"), "<title>…</title>")
	around = query.ReplaceAllString(around, "?lang=") // the rest of it is each page's own
	// The stylesheet's hash changes with every colour.
	got.Add(t, shared, frame, strings.ReplaceAll(around, page.StylesheetURL(), "/style.css?v=HASH"))
	text := group.ReplaceAllStringFunc(body.FindStringSubmatch(raw)[1], func(list string) string {
		return shorten(t, got, shared, list)
	})
	got.Add(t, archive, s.Name, title.FindStringSubmatch(raw)[1]+"\n"+frame+"\n\n"+text)
}

// shorten leaves of a long list what is selected, and adds the whole list as an entry of its own.
func shorten(t *testing.T, got golden.Archives, archive, list string) string {
	parts := group.FindStringSubmatch(list)
	options := strings.SplitAfter(parts[2], "\n")
	if len(options) < 10 {
		return list
	}
	got.Add(t, archive, "options of "+parts[1], strings.ReplaceAll(parts[2], " selected>", ">"))
	kept := ""
	for _, o := range options {
		if strings.Contains(o, " selected>") {
			kept += o
		}
	}
	return `<optgroup label="` + parts[1] + `"> … ` + strconv.Itoa(len(options)-1) + " options …\n" + kept + "</optgroup>"
}

func render(t *testing.T, lang string, s sample.Sample) string {
	t.Helper()
	raw, err := sample.Desk().Render(catalog.For(lang), s.Page)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// No page in another language says anything in English, unless the sample itself does.
func TestPagesAreTranslated(t *testing.T) {
	english := map[string]string{}
	for _, s := range sample.Pages(catalog.Default) {
		english[s.Name] = render(t, catalog.Default, s)
	}
	same := []string{"English", "Español", "Deutsch", "Name", "Person", "Post", "Error:", "PD-7K3M-9QXT-40BZ-1HNE-k3yAnd.csv, 121 KB"}
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		if lang == catalog.Default {
			return
		}
		for _, text := range golden.Untranslated(t, english[s.Name], render(t, lang, s), same, s.Page, sample.Desk()) {
			t.Errorf("it says %q, as the English page does", text)
		}
	})
}
