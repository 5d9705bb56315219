package catalog_test

import (
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/settings"
)

// Nobody reads that a system has still to answer where nobody waits for it.
func TestSystemsThatNobodyWaitsFor(t *testing.T) {
	systems := []settings.System{{ID: "crm", Name: settings.Words{"en": "our CRM"}}}
	for want, e := range map[string]ledger.Entry{
		"Our CRM: has still to answer":                         {State: ledger.Told, Required: true},
		"Our CRM: was told, and has not answered":              {State: ledger.Told},
		"Our CRM: nothing was found there":                     {State: ledger.NotFound},
		"Our CRM: done, 2 records":                             {State: ledger.Done, Outcome: ledger.Outcome{Records: 2}},
		"Our CRM: done":                                        {State: ledger.Done},
		"Our CRM: could not be done":                           {State: ledger.Failed, Outcome: ledger.Outcome{Ground: ledger.Other}},
		"Our CRM: not done yet: for now we must keep the data": {State: ledger.Exempt, Outcome: ledger.Outcome{Ground: ledger.Held}},
	} {
		e.System, e.Task = "crm", ledger.Erasure
		if got := catalog.For("en").Systems(systems, []ledger.Entry{e}); len(got) != 1 || got[0].Items[0] != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
}
