//go:build browser

package browser

import "testing"

// A person finds the form, makes mistakes, corrects them and is done.
func TestForm(t *testing.T) {
	inEverySetting(t, func(b *tab) {
		address := newAddress()
		b.answered(b.visit("/"), 200)
		b.look("landing")
		b.answered(b.press(`main a[href^="/unsubscribe"]`), 200)
		b.look("form")

		b.answered(b.press("form.card button"), 422)
		b.says("There is a problem")
		b.look("form-missing")
		if focus := ask[string](b, "document.activeElement.id"); focus != "errors" {
			b.Errorf("what is wrong should have the focus, which is on %q", focus)
		}

		b.fill("#email", "not an address")
		b.click("summary")
		b.click("#topic-newsletter")
		b.answered(b.press("form.card button"), 422)
		b.look("form-refused")
		b.keeps("not an address")

		b.click(`#errors a[href="#email"]`)
		b.fill("#email", address)
		b.click("#topic-newsletter")
		b.click("#erase")
		b.answered(b.press("form.card button"), 200)
		b.says("Thank you! Your submission has been received!")
		b.look("received")
		b.stopped(address, "email", "phone", "sms", "post")
		b.listed(address, true)
	})
}

// keeps checks that a refused form still has what was typed and ticked.
func (b *tab) keeps(email string) {
	b.Helper()
	got := ask[[]string](b, `[document.querySelector("#email").value,
		String(document.querySelector("#topic-newsletter").checked), String(document.querySelector("#everything").checked)]`)
	want := []string{email, "true", "true"}
	for i := range want {
		if got[i] != want[i] {
			b.Errorf("the refused form keeps %q, want %q", got, want)
			return
		}
	}
}
