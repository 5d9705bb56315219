//go:build browser

package browser

import (
	"testing"

	"privacydesk/infra/local/oidc"
	"privacydesk/shared/adapter/login"
)

// signIn logs a person in, on the way to a path of the desk.
func (b *tab) signIn(person, path string) {
	b.Helper()
	b.signedIn = true
	b.visit(path)
	if b.path() == path { // the desk says that nobody is logged in
		b.press(`main a[href^="/desk/login"]`)
	}
	b.answered(b.press(`button[value="`+person+`"]`), 200)
	if b.path() != path {
		b.Fatalf("the login of %s leads to %s, want %s", person, b.path(), path)
	}
}

// One click logs somebody in, and another out, here and at the provider. A browser holds form-action of both sites'
// pages against every redirect on the way.
func TestLogIn(t *testing.T) {
	inEverySetting(t, func(b *tab) {
		b.signIn(oidc.Officer, "/desk/me")
		b.says("Olivia Ortega", "Officer")
		b.look("desk-me")
		b.answered(b.press(`form[action="/desk/logout"] button`), 200)
		b.look("desk-left")
		b.answered(b.press(`main a[href^="`+desk.Issuer()+`"]`), 200)
		if b.path() != login.PathLoggedOut {
			b.Errorf("the provider leads to %s", b.path())
		}
		b.visit("/desk/login")
		b.look("provider")
		b.says("Who logs in?", "Second officer")
		if got := ask[int](b, `document.querySelectorAll("button[value=continue]").length`); got != 0 {
			b.Error("the provider goes on after its logout")
		}
		b.answered(b.press(`button[value="no-role"]`), 403)
		b.look("desk-no-role")
	})
}
