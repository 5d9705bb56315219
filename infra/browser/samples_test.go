//go:build browser

package browser

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	desksample "privacydesk/shared/adapter/deskpage/sample"
	mailsample "privacydesk/shared/adapter/mail/sample"
	"privacydesk/shared/adapter/page"
	pagesample "privacydesk/shared/adapter/page/sample"
)

// samples serves every page, screen of the desk and mail in every state worth looking at, those
// that no journey comes to as well.
func samples(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+page.PathStylesheet, page.Stylesheet)
	mux.HandleFunc("GET "+page.PathIcon, page.Icon)
	for pattern, serve := range deskpage.Assets() {
		mux.HandleFunc(pattern, serve)
	}
	for _, lang := range catalog.Languages() {
		for _, s := range pagesample.Pages(lang) {
			mux.HandleFunc("GET /"+lang+"/page/"+s.Name, func(w http.ResponseWriter, r *http.Request) {
				_ = pagesample.Desk().Write(w, r, s.Status, catalog.For(lang), s.Page)
			})
		}
		for _, s := range desksample.Screens(lang) {
			mux.HandleFunc("GET /"+lang+"/screen/"+s.Name, func(w http.ResponseWriter, r *http.Request) {
				_ = desksample.Desk().Show(w, r, s.Answer(), s.Visit(lang), s.Screen, false)
			})
		}
		for _, s := range mailsample.Mails(lang) {
			mux.HandleFunc("GET /"+lang+"/mail/"+s.Name, func(w http.ResponseWriter, _ *http.Request) {
				m, err := mailsample.Desk().Render(catalog.For(lang), s.Mail)
				if err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
				}
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = w.Write([]byte(m.HTML))
			})
		}
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// narrowest is the width that a page must fit into (WCAG 1.4.10).
const narrowest = 320

// Every page and mail fits and passes, in every language.
func TestEverySample(t *testing.T) {
	server := samples(t)
	for _, lang := range catalog.Languages() {
		t.Run(lang+" pages", func(t *testing.T) {
			b := reader(t, lang)
			for _, s := range pagesample.Pages(lang) {
				b.visit(server + "/" + lang + "/page/" + s.Name)
				b.examine("page-"+s.Name+"-"+lang, pageStandards)
			}
		})
		t.Run(lang+" mails", func(t *testing.T) {
			b := reader(t, lang)
			for _, s := range mailsample.Mails(lang) {
				b.visit(server + "/" + lang + "/mail/" + s.Name)
				b.examine("mail-"+s.Name+"-"+lang, mailStandards)
			}
		})
	}
}

// reader is a tab of its own, beside others.
func reader(t *testing.T, lang string) *tab {
	t.Helper()
	t.Parallel()
	b := open(t, settings["phone"])
	b.brief = lang != catalog.Default // the others have the same colours
	return b
}

// Every screen of the desk does, too.
func TestEveryScreen(t *testing.T) {
	server := samples(t)
	for _, lang := range catalog.Languages() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			b := open(t, settings["phone"])
			b.brief, b.blind = lang != catalog.Default, true
			for _, s := range desksample.Screens(lang) {
				b.visit(server + "/" + lang + "/screen/" + s.Name)
				b.examine("screen-"+s.Name+"-"+lang, pageStandards)
			}
		})
	}
}

// examine is look at all widths, with axe-core at the narrowest.
func (b *tab) examine(name, standards string) {
	b.Helper()
	for _, width := range []int64{1280, 390, narrowest} {
		b.do(command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 800, DeviceScaleFactor: 1, Mobile: width < 1000}))
		b.fits(name)
	}
	b.lookAs(name, standards)
}
