//go:build browser

package browser

import (
	"strings"
	"testing"

	"privacydesk/infra/local/oidc"
)

// Each role finds its own rooms, and is told what is not for it.
func TestRolesAtTheDesk(t *testing.T) {
	inSettings(t, onTwo, func(b *tab) {
		a := b.asks(map[string]any{"kinds": []string{"access"}, "country": "DE", "details": "A copy, please."})
		for _, who := range []struct {
			person, path string
			sees         []string
			status       int64 // of the file's page
			acts         bool
		}{
			{oidc.Viewer, "/desk", []string{"Vera Vogel", "t***@h***.example"}, 200, false},
			{oidc.Officer, "/desk", []string{"Olivia Ortega", "t***@h***.example"}, 200, true},
			{oidc.Admin, "/desk/holds", []string{"Ada Adler"}, 200, true},
			{oidc.Auditor, "/desk/activity", []string{"Arthur Alba"}, 403, false},
		} {
			c := b.another(who.person, who.path)
			c.says(who.sees...)
			c.look("desk-as-" + who.person)
			c.answered(c.visit(a.file), who.status)
			c.look("desk-file-as-" + who.person)
			if got := ask[bool](c, `!!document.querySelector('a[href="`+a.file+`/decide"]')`); got != who.acts {
				b.Errorf("%s may answer: %v", who.person, got)
			}
		}
	})
}

// Two officers have the same form open. The slower one sees what the other did, and loses no word.
func TestTwoOfficersAtOnce(t *testing.T) {
	inSettings(t, onTwo, func(b *tab) {
		b.signIn(oidc.Officer, "/desk")
		a := b.asks(map[string]any{"kinds": []string{"access"}, "country": "FR"})
		b.visit(a.file + "/decide")
		b.click(`input[name="outcome.access"][value="fulfilled"]`)
		b.types(`textarea[name="explanation.access"]`, "Here is all that we hold.")
		second := b.another(oidc.SecondOfficer, a.file+"/act/note")
		second.types(`textarea[name="note"]`, "She telephoned: it is about the newsletter only.")
		second.answered(second.press(`main form.act button`), 200)

		b.answered(b.press(`button[name="do"][value="show"]`), 409)
		b.says("The file has changed meanwhile", "Samuel Stein", "She telephoned: it is about the newsletter only.", "What you typed is still below.")
		b.look("desk-stale")
		if kept := ask[[]string](b, `[document.querySelector("textarea[name='explanation.access']").value,
			String(document.querySelector("input[name='outcome.access'][value=fulfilled]").checked)]`); kept[0] != "Here is all that we hold." || kept[1] != "true" {
			b.Errorf("kept: %q", kept)
		}
		b.answered(b.press(`button[name="do"][value="show"]`), 200)
		b.says("Here is all that we hold.")

		second.visit(a.file + "/act/note")
		second.types(`textarea[name="note"]`, "He is at it.")
		second.press(`main form.act button`)
		b.answered(b.press(`button[name="when"][value="now"]`), 409)
		b.says("The file has changed meanwhile", "He is at it.")
		b.look("desk-stale-letter")
	})
}

// A refusal goes when a colleague has signed it. Until it goes, it can be called back.
func TestFourEyesAndCallback(t *testing.T) {
	for _, s := range []setting{settings["phone without script"], settings["desktop"]} {
		b := open(t, s)
		b.signIn(oidc.Officer, "/desk")
		a := b.asks(map[string]any{"kinds": []string{"access"}, "country": "US", "region": "VA"})
		refusal := answer{"access", "refused", "not_verified", "The number that you gave us is not that of the order."}
		b.drafts(a, refusal)
		b.look("desk-letter")
		b.sends()
		b.says("You cannot sign what you wrote yourself")
		b.visit(a.file + "/sign")
		b.look("desk-sign-own")
		if ask[bool](b, `!!document.querySelector('form[action$="/sign"]')`) {
			b.Error("who wrote it is offered to sign it")
		}
		second := b.another(oidc.SecondOfficer, "/desk/day")
		second.says("To be signed by another")
		second.answered(second.press(`main a[href="`+a.file+`"]`), 200)
		second.signs(a)

		minutes(t, "+5m")
		b.answered(b.visit(a.file+"/letter"), 200)
		b.look("desk-letter-on-its-way")
		b.answered(b.press(`form[action="`+a.file+`/callback"] button`), 200)
		minutes(t, "+6m")
		b.answered(b.visit(a.file+"/decide"), 200)
		b.says("There is a draft by Olivia Ortega")
		b.never(a, refusal.explanation)

		b.answered(b.press(`button[name="do"][value="show"]`), 200)
		b.sends()
		second.signs(a)
		minutes(t, "+11m")
		b.wait("the refusal is sent", func() bool { return b.got(a, refusal.explanation) })
		b.answered(b.press(`form[action="`+a.file+`/callback"] button`), 409)
		b.says("The answer has gone.")
		b.look("desk-letter-gone")
	}
}

// got reports whether a mail to the person has the words.
func (b *tab) got(a opened, words string) bool {
	b.Helper()
	for _, m := range b.mails(a.address) {
		if strings.Contains(strings.Join(strings.Fields(m.Text), " "), words) {
			return true
		}
	}
	return false
}

func (b *tab) never(a opened, words string) {
	b.Helper()
	if b.got(a, words) {
		b.Errorf("%s got %q", a.file, words)
	}
}
