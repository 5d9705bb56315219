//go:build browser

package browser

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// A person leaves everything, comes back by the mail that confirms it, and
// then pauses.
func TestPreferences(t *testing.T) {
	inEverySetting(t, func(b *tab) {
		address := newAddress()
		b.visit(b.link(address))
		b.answered(b.press(`main a[href^="/preferences/"]`), 200)
		b.look("preferences")
		preferences := b.path()

		b.answered(b.press("section.all form.act button"), 200)
		b.look("preferences-saved-everything")
		b.stopped(address, "email", "phone", "sms", "post")
		b.listed(address, true)

		b.answered(b.visit(preferences), 200)
		b.look("preferences-all-stopped")
		b.choose("#email", "receive")
		b.look("preferences-asked")
		b.stopped(address, "email", "phone", "sms", "post")
		b.comesBack(address)

		b.answered(b.visit(preferences), 200)
		b.choose("#email", "pause30")
		b.look("preferences-saved-paused")
		b.listed(address, true)
		b.answered(b.visit(preferences), 200)
		b.look("preferences-paused")
	})
}

// choose sets one choice and saves.
func (b *tab) choose(selector, value string) {
	b.Helper()
	b.do(chromedp.SetValue(chromedp.CSS(selector), value))
	b.answered(b.press("form.choices > button"), 200)
}

// comesBack follows the confirmation mail (double opt-in).
func (b *tab) comesBack(address string) {
	b.Helper()
	b.wait("the confirmation mail is there", func() bool { return len(b.mails(address)) > 0 })
	m := b.mails(address)[0]
	b.visit(desk.AWS + "/mailbox/" + m.ID + "/html")
	b.lookAs("mail-confirm", mailStandards)
	b.answered(b.visit(b.linkIn(m, "/preferences/confirm/")), 200)
	b.look("opt-in-confirm")
	b.stopped(address, "email", "phone", "sms", "post")
	b.answered(b.press("form.act button"), 200)
	b.look("opted-in")
	b.stopped(address, "phone", "sms", "post")
	b.listed(address, false)
}

// link asks for a person's link as a sender does.
func (b *tab) link(address string) string {
	b.Helper()
	var out struct{ Links []struct{ URL string } }
	b.call(http.MethodPost, desk.URL+"/links", `{"recipients":[{"address":"`+address+`"}]}`, &out)
	return out.Links[0].URL
}
