package catalog_test

import (
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/ledger"
)

// A ground of the desk's own is said in words of the person's language.
func TestGroundsOfProductsAreSaid(t *testing.T) {
	for _, lang := range []string{"en", "es", "de"} {
		texts := catalog.For(lang)
		for _, ground := range []string{ledger.OpenTickets, ledger.WorksThere, ledger.NotShown, ledger.Refuses} {
			said := texts.Systems(nil, []ledger.Entry{{System: "zendesk", Task: ledger.Erasure, State: ledger.Failed, Outcome: ledger.Outcome{Ground: ground}}})
			if len(said) != 1 || strings.HasSuffix(said[0].Items[0], ": "+ground) || strings.Contains(said[0].Items[0], "systems.") {
				t.Errorf("%s, %s: %+v", lang, ground, said)
			}
		}
	}
}
