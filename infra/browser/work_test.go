//go:build browser

package browser

import (
	"strings"
	"sync"
	"testing"

	"privacydesk/infra/local/oidc"
)

// cases are requests of several laws and languages, with their answers.
var cases = map[string]struct {
	asks    map[string]any
	answers []answer
	signed  bool // by a colleague, before it goes
}{
	"access, Spain": {
		map[string]any{"kinds": []string{"access"}, "country": "ES", "language": "es", "details": "Quiero una copia."},
		[]answer{{"access", "fulfilled", "", "Sus pedidos van en la carta adjunta."}}, false,
	},
	"erasure, California": {
		map[string]any{"kinds": []string{"erasure"}, "country": "US", "region": "CA"},
		[]answer{{"erasure", "fulfilled", "", ""}}, true,
	},
	"correction, Colorado": {
		map[string]any{"kinds": []string{"correction"}, "country": "US", "region": "CO", "details": "My birth year is 1971."},
		[]answer{{"correction", "fulfilled", "", "It says 1971 now."}}, false,
	},
	"complaint, United Kingdom": {
		map[string]any{"kinds": []string{"complaint"}, "country": "GB", "details": "You wrote twice."},
		[]answer{{"complaint", "fulfilled", "", "You are right, and we are sorry."}}, false,
	},
	"objection and erasure in part, Germany": {
		map[string]any{"kinds": []string{"objection", "erasure"}, "country": "DE", "language": "de", "details": "Keine Werbung. Bitte löschen."},
		[]answer{{"erasure", "partly_fulfilled", "legal_obligation", "Rechnungen müssen wir aufbewahren."}, {"objection", "fulfilled", "", ""}}, false,
	},
}

// promise is a letter that is on its way, as it was shown.
type promise struct {
	opened
	name, words string
}

// An officer works off one case of each kind, from the queue to the letter on its way. Each goes ten minutes later, word
// for word as it was shown.
func TestWorkOffCases(t *testing.T) {
	var all sync.Map // of promises
	t.Run("work", func(t *testing.T) {
		inSettings(t, onTwo, func(b *tab) {
			b.signIn(oidc.Officer, "/desk")
			second := b.another(oidc.SecondOfficer, "/desk/day")
			for name, c := range cases {
				a := b.asks(c.asks)
				b.answered(b.visit("/desk"), 200)
				b.answered(b.press(`main a[href="`+a.file+`"]`), 200)
				b.answered(b.press(`#next a[href="`+a.file+`/decide"]`), 200)
				b.drafts(a, c.answers...)
				all.Store(b.Name()+name, promise{a, name, b.letterShown()})
				b.sends()
				if c.signed {
					b.says("You cannot sign what you wrote yourself")
					second.signs(a)
				}
				b.answered(b.visit(a.file), 200)
				b.answered(b.press(`main a[href="`+a.file+`/letter"]`), 200)
				b.says("This letter goes on")
			}
			b.visit("/desk")
			b.look("desk-queue")
		})
	})
	minutes(t, "+11m")
	b := open(t, settings["desktop"])
	all.Range(func(_, value any) bool {
		p, _ := value.(promise)
		var answer letter // an older one may still come too
		b.wait("the answer about "+p.name, func() bool {
			for _, m := range b.mails(p.address) {
				if strings.HasPrefix(p.words, m.Subject) {
					answer = m
				}
			}
			return answer.ID != ""
		})
		if sent := b.letterSent(answer); sent != p.words {
			b.Errorf("%s: the letter says\n%s\nbut was shown as\n%s", p.name, sent, p.words)
		}
		return true
	})
}
