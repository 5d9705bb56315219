//go:build browser

package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"privacydesk/infra/local/oidc"
)

// beside clicks on a link that opens a tab of its own. It goes on there once the tab is at a path.
func (b *tab) beside(selector, path string, then func(*tab)) {
	b.Helper()
	own := chromedp.FromContext(b.ctx).Target.TargetID // other journeys open tabs at the same time
	opened := chromedp.WaitNewTarget(b.ctx, func(i *target.Info) bool { return i.OpenerID == own && strings.Contains(i.URL, path) })
	b.click(selector)
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(<-opened))
	defer cancel()
	other := &tab{TB: b.TB, setting: b.setting, ctx: ctx, signedIn: true}
	other.scripts(b.script)
	then(other)
}

// A note is typed while the session ends. It survives a login in another tab, without script and without the server.
func TestTypedTextSurvivesTheEndOfTheSession(t *testing.T) {
	inEverySetting(t, func(b *tab) {
		var asked struct{ Reference string }
		b.call("POST", desk.URL+"/api/requests", `{"address":"`+newAddress()+`","kinds":["erasure"],"country":"DE"}`, &asked)
		form := "/desk/requests/" + asked.Reference + "/act/note"
		b.signIn(oidc.Officer, form)
		note := "They rang at noon.\n\"Tomorrow\" & <b>not</b> before."
		b.do(chromedp.SendKeys(chromedp.CSS(`textarea[name="note"]`), note))
		b.do(command(network.DeleteCookies, network.DeleteCookiesParams{Name: "__Host-desk", URL: desk.URL}))
		b.answered(b.press(`form[action="`+form+`"] button`), 401)
		b.says("Your session has ended", "1. Log in", "2. Send it again", "They rang at noon.", `"Tomorrow" & <b>not</b> before.`)
		b.look("desk-kept")
		b.beside(`main a[target="_blank"]`, "/oauth/authorize", func(other *tab) {
			other.answered(other.press(`button[value="officer"]`), 200)
			other.says("You are logged in", "Close this tab")
		})
		if got := ask[string](b, `document.querySelector("input[name=note]").value`); got != note {
			b.Errorf("the page sends %q, want %q", got, note)
		}
		status := b.press(`form[action="` + form + `"] button`)
		if b.path() != "/desk/requests/"+asked.Reference {
			b.Errorf("sending again answers %d and leads to %s, which says %s", status, b.path(), ask[string](b, "document.body.innerText"))
		}
		var file struct {
			History struct{ Entries []struct{ Kind string } }
		}
		b.call("GET", desk.URL+"/api/requests/"+asked.Reference, "", &file)
		noted := 0
		for _, e := range file.History.Entries {
			if e.Kind == "noted" {
				noted++
			}
		}
		if noted != 1 {
			b.Errorf("the note stands in the history %d times: %+v", noted, file.History)
		}
	})
}
