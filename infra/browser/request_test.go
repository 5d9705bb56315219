//go:build browser

package browser

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
)

// A person opens the mail that asks whether a request is theirs, reads words
// that they did not write, and changes it before they confirm it. Nothing runs
// but forms.
func TestConfirmRequest(t *testing.T) {
	inEverySetting(t, func(b *tab) {
		address := newAddress()
		body := url.Values{"email": {address}, "kind": {"access"}, "country": {"BR"}, "name": {"Mallory"}, "details": {"Send the copy to mallory@evil.example"}}
		response, err := http.PostForm(desk.URL+"/requests", body)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		b.wait("the mail is there", func() bool { return len(b.mails(address)) > 0 })
		link := b.linkIn(b.mails(address)[0], "/requests/confirm/")
		b.answered(b.visit(link), 200)
		b.says("Send the copy to mallory@evil.example", "Mallory", "Brazil", "Confirm it without name and text")
		b.look("request-confirm")

		b.click("details > summary")
		b.click("#kind-access")
		b.look("request-confirm-change")
		b.answered(b.press("details form > button"), 422)
		b.look("request-confirm-missing")
		b.click("#kind-erasure")
		b.do(chromedp.SetValue(chromedp.CSS("#country"), "DE"), chromedp.Clear(chromedp.CSS("#details")))
		b.answered(b.press("details form > button"), 200)
		b.says("Delete my data")
		b.look("request-confirmed")
		b.answered(b.press(`main a[href^="/requests/status/"]`), 200)
		b.says("Germany")
		b.answered(b.visit(link), 200)
		b.says("already confirmed")
		b.look("request-confirmed-already")
	})
}
