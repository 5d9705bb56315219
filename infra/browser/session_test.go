//go:build browser

package browser

import (
	"testing"

	"privacydesk/infra/local/oidc"
	"privacydesk/shared/adapter/login"
)

// anew logs in again in a tab beside the page that keeps what was typed, and sends it again.
func (b *tab) anew(person string) {
	b.Helper()
	b.beside(`main a[target="_blank"]`, "/oauth/authorize", func(c *tab) {
		c.answered(c.press(`button[value="`+person+`"]`), 200)
		c.says("Close this tab")
	})
	b.answered(b.press("main form.act button"), 200)
}

// What cannot be taken back needs a login of the last 15 minutes. Nothing that was typed is lost on the way.
func TestStepUp(t *testing.T) {
	for _, s := range []setting{settings["phone without script"], settings["desktop"]} {
		b := open(t, s)
		b.signIn(oidc.Officer, "/desk")
		a := b.asks(map[string]any{"kinds": []string{"access"}, "country": "IT"})
		b.drafts(a, answer{"access", "fulfilled", "", ""})
		admin := b.another(oidc.Admin, "/desk/holds")
		admin.types("#f-what", reference.FindString(a.file))
		admin.types(`textarea[name="reason"]`, "A dispute about an invoice.")
		admin.answered(admin.press(`form[action="/desk/holds"] button`), 200)

		minutes(t, "+16m")
		admin.types(`textarea[name="reason"]`, "The court has decided.")
		admin.answered(admin.press(`form[action$="/lift"] button`), 401)
		admin.says("This step needs a new login. What you typed is still here", "The court has decided.")
		admin.look("desk-kept-again")
		admin.anew(oidc.Admin)
		admin.says("The court has decided.")

		b.answered(b.press(`button[name="when"][value="now"]`), 401)
		b.anew(oidc.Officer)
	}
}

// A login that comes to nothing says why, and opens no session.
func TestLoginsThatFail(t *testing.T) {
	inSettings(t, onTwo, func(b *tab) {
		b.signedIn = true // the login itself sets a cookie
		for person, want := range map[string]struct {
			status int64
			says   string
		}{
			oidc.NoRole:       {403, "Your account has no role at the desk"},
			oidc.ExpiredToken: {400, "This login took too long"},
			oidc.WrongNonce:   {400, "The answer belongs to another login"},
		} {
			b.visit("/desk/login")
			b.answered(b.press(`button[value="`+person+`"]`), want.status)
			b.says(want.says)
			b.look("desk-" + person)
			b.nobody()
		}
	})
}

// While the provider is down, a desk that has not asked it yet says so.
func TestProviderDown(t *testing.T) {
	desk.Logins.SetDown(true)
	minutes(t, "+1m") // the function starts anew, and knows nothing of the provider
	defer desk.Logins.SetDown(false)
	for _, s := range []setting{settings["phone without script"], settings["desktop"]} {
		b := open(t, s)
		b.signedIn = true
		b.answered(b.visit("/desk"), 503)
		b.says("The login service does not answer")
		b.look("desk-provider-down")
	}
}

// nobody checks that the tab has no session.
func (b *tab) nobody() {
	b.Helper()
	b.visit("/desk/me")
	if at := ask[string](b, "location.href"); b.path() == "/desk/me" || b.path() == login.PathCallback {
		b.Errorf("there is a session: %s", at)
	}
}
