package deskpage_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/deskpage/sample"
	"privacydesk/shared/testkit/golden"
	"privacydesk/shared/testkit/markup"
)

// everyScreen runs a test on each sample in each language.
func everyScreen(t *testing.T, test func(t *testing.T, lang string, s sample.Sample)) {
	t.Helper()
	for _, lang := range catalog.Languages() {
		for _, s := range sample.Screens(lang) {
			t.Run(s.Name+"/"+lang, func(t *testing.T) { test(t, lang, s) })
		}
	}
}

func render(t testing.TB, desk *deskpage.Desk, lang string, s sample.Sample) string {
	t.Helper()
	raw, err := desk.Render(s.Visit(lang), s.Screen)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var (
	title = regexp.MustCompile(`<title>(.*)</title>`)
	body  = regexp.MustCompile(`(?s)<main [^>]*>\n(.*)</main>`)
	hash  = regexp.MustCompile(`\?v=[0-9a-f]+"`)
	long  = regexp.MustCompile(`(<option [^\n]*\n){20,}`) // all countries
)

// The archive of a sample is its subject; in other languages the same one stands in an archive of the language.
func TestGolden(t *testing.T) {
	got, elsewhere := golden.Archives{}, map[string]bool{}
	everyScreen(t, func(t *testing.T, lang string, s sample.Sample) {
		subject, _, _ := strings.Cut(s.Name, "-")
		archive := subject
		if lang != catalog.Default {
			if elsewhere[lang+subject] {
				return // the first of a subject shows that dates, plurals and lists read as they should
			}
			elsewhere[lang+subject], archive = true, lang
		}
		raw := render(t, sample.Desk(), lang, s)
		if s.Role == "" && s.Path == "" {
			frame := title.ReplaceAllString(body.ReplaceAllString(raw, "<main>…</main>"), "<title>…</title>")
			got.Add(t, "frame", lang, hash.ReplaceAllString(frame, `?v=HASH"`))
		}
		got.Add(t, archive, s.Name, title.FindStringSubmatch(raw)[1]+"\n\n"+long.ReplaceAllString(body.FindStringSubmatch(raw)[1], "<option>…</option>\n"))
	})
	golden.Check(t, got)
}

// No screen in another language says anything in English, unless the sample itself does.
func TestScreensAreTranslated(t *testing.T) {
	english := map[string]string{}
	for _, s := range sample.Screens(catalog.Default) {
		english[s.Name] = render(t, sample.Desk(), catalog.Default, s)
	}
	same := []string{
		"Name", "Person", "Global Privacy Control", "Error:", "Anna Weber", "Bruno Díaz", "Deutsch", "Español", "System",
		"PD-7K3M-9QXT-40BZ-1HNE-5e5e5e.png", "PD-7K3M-9QXT-40BZ-1HNE-a7a7a7.pdf", "80 KB", "2 MB",
		"PD-7K3M-9QXT-40BZ-1HNE-1b1b1b.docx", "PD-7K3M-9QXT-40BZ-1HNE-3d3d3d.csv", "PD-7K3M-9QXT-40BZ-1HNE-4e4e4e.txt", "PD-7K3M-9QXT-40BZ-1HNE-6f6f6f.pdf", "1 KB", "20 KB", "188 KB", "200 KB", "400 KB",
	}
	everyScreen(t, func(t *testing.T, lang string, s sample.Sample) {
		if lang == catalog.Default {
			return
		}
		for _, text := range golden.Untranslated(t, english[s.Name], render(t, sample.Desk(), lang, s), same, s.Screen, sample.Desk()) {
			t.Errorf("it says %q, as the English screen does", text)
		}
	})
}

// faults are what is wrong with a screen's markup. Its one script is a file of ours.
func faults(d markup.Document) []string {
	found := d.Faults("h1", "title", "main", "html", "header", "script")
	for _, n := range d.All("script") {
		if !strings.HasPrefix(markup.Attr(n, "src"), "/desk/script.js") || n.FirstChild != nil {
			found = append(found, "there is a script that is not ours")
		}
	}
	return found
}

func TestMarkup(t *testing.T) {
	everyScreen(t, func(t *testing.T, lang string, s sample.Sample) {
		d := markup.Parse(t, []byte(render(t, sample.Desk(), lang, s)))
		for _, fault := range faults(d) {
			t.Error(fault)
		}
		if got := markup.Attr(d.All("html")[0], "lang"); got != lang {
			t.Errorf("lang is %q", got)
		}
		if i := strings.IndexAny(d.Text, "⟦{}"); i >= 0 {
			t.Errorf("a text is missing or not filled: %.60s", d.Text[i:])
		}
	})
}

// What acts is posted; what is looked up in an address holds nothing that was typed.
func TestFormsPost(t *testing.T) {
	everyScreen(t, func(t *testing.T, lang string, s sample.Sample) {
		for _, form := range markup.Parse(t, []byte(render(t, sample.Desk(), lang, s))).All("form") {
			to, file := markup.Attr(form, "action"), markup.Attr(form, "enctype") == "multipart/form-data"
			if want := map[bool]string{false: "/desk", true: "https://files.example/"}[file]; !strings.HasPrefix(to, want) {
				t.Errorf("a form leads elsewhere: %v", form.Attr)
			}
			for n := range form.Descendants() {
				if typed := n.Data == "textarea" || n.Data == "input" && markup.Attr(n, "type") == "text"; typed && markup.Attr(form, "method") != "post" {
					t.Errorf("what is typed would stand in an address: %v", n.Attr)
				}
			}
		}
	})
}

func TestHostileInputStaysText(t *testing.T) {
	for name, text := range markup.Hostile {
		desk := sample.Desk()
		markup.Poison(&desk.Organisation, text)
		for _, s := range sample.Screens("en") {
			t.Run(name+"/"+s.Name, func(t *testing.T) {
				s.Screen = markup.Poisoned(s.Screen, text)
				d := markup.Parse(t, []byte(render(t, desk, "en", s)))
				for _, fault := range faults(d) {
					// One poison in all fields makes their ids alike; that is no danger.
					if !strings.Contains(fault, "more than once") && !strings.Contains(fault, "which is not there") {
						t.Error(fault)
					}
				}
				for _, n := range d.All("img") {
					t.Errorf("an image appeared: %v", n.Attr)
				}
			})
		}
	}
}

// A screen goes over a slow line, too.
func TestScreensAreLight(t *testing.T) {
	everyScreen(t, func(t *testing.T, lang string, s sample.Sample) {
		if n := len(render(t, sample.Desk(), lang, s)); n > 40<<10 {
			t.Errorf("%d bytes", n)
		}
	})
}

// Whoever is signed in can log out on every screen, and nobody else is offered it (ASVS 5.0, 7.4.4).
func TestEveryScreenOffersTheLogout(t *testing.T) {
	everyScreen(t, func(t *testing.T, lang string, s sample.Sample) {
		offered := strings.Contains(render(t, sample.Desk(), lang, s), `<form method="post" action="/desk/logout"><button`)
		if offered != (s.Role != sample.Nobody) {
			t.Errorf("the logout is offered: %t", offered)
		}
	})
}

// A title and an address stay in histories and logs: they hold nobody's address, not even a masked one.
func TestTitlesNameNobody(t *testing.T) {
	everyScreen(t, func(t *testing.T, lang string, s sample.Sample) {
		raw := render(t, sample.Desk(), lang, s)
		if strings.Contains(title.FindStringSubmatch(raw)[1], "@") {
			t.Errorf("the title has an address: %s", title.FindStringSubmatch(raw)[1])
		}
		for _, n := range markup.Parse(t, []byte(raw)).All("a", "form") {
			if strings.Contains(markup.Attr(n, "href")+markup.Attr(n, "action"), "@") {
				t.Errorf("a link has an address: %v", n.Attr)
			}
		}
	})
}

// One form sends a file to where files are kept. Its screen lets it go there, and nowhere else.
func TestAFileGoesWhereItsFormLeads(t *testing.T) {
	for _, s := range sample.Screens("en") {
		w := httptest.NewRecorder()
		if err := sample.Desk().Show(w, httptest.NewRequest(http.MethodGet, "/desk", nil), s.Answer(), s.Visit("en"), s.Screen, false); err != nil {
			t.Fatal(err)
		}
		_, policy, _ := strings.Cut(w.Header().Get("Content-Security-Policy"), "form-action ")
		policy, _, _ = strings.Cut(policy, ";")
		if want := map[bool]string{false: "'self'", true: "'self' https://files.example"}[strings.Contains(w.Body.String(), "multipart/form-data")]; policy != want {
			t.Errorf("%s: forms go to %q, want %q", s.Name, policy, want)
		}
	}
}

func TestHeaders(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		w := httptest.NewRecorder()
		s := sample.Screens("de")[0]
		if err := sample.Desk().Show(w, httptest.NewRequest(http.MethodGet, "/desk", nil), s.Answer(), s.Visit("de"), s.Screen, asJSON); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"Content-Language": "de", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex", "X-Frame-Options": "DENY",
			"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Vary":                    "Accept, Accept-Language, Cookie",
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if w.Code != s.Answer() {
			t.Errorf("status %d", w.Code)
		}
	}
}
