package page_test

import (
	"slices"
	"testing"

	"privacydesk/shared/catalog"
	"privacydesk/shared/law"
	"privacydesk/shared/optout"
	"privacydesk/shared/page"
	"privacydesk/shared/page/sample"
	"privacydesk/shared/rights"
)

func texts[S ~string](list ...S) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = string(s)
	}
	return all
}

// coded are all the codes that pages and mails put into words.
func coded() map[string][]string {
	var grounds []string
	for _, g := range rights.Grounds {
		grounds = append(grounds, string(g.Ground))
	}
	causes := texts(law.Identity, law.Clarification, law.Fee)
	tables := map[string][]string{}
	for _, t := range (rights.Export{}).Tables() {
		tables["export.section."] = append(tables["export.section."], t.Title)
		tables["export.column."] = append(tables["export.column."], t.Columns...)
	}
	return map[string][]string{
		"kind.": texts(rights.Kinds()...), "kind.hint.": texts(rights.Kinds()...),
		"request.state.": texts(rights.States...), "request.state.text.": texts(rights.States...),
		"behalf.":   texts(rights.Self, rights.Parent, rights.Agent),
		"evidence.": texts(rights.ParentalAuthority, rights.ChildsIdentity, rights.WrittenAuthority, rights.PersonsIdentity),
		"ground.":   grounds, "waiting.cause.": causes,
		"outcome.": texts(rights.Grant, rights.Partly, rights.Refuse),
		"authority.": texts(rights.DataProtectionAuthority, rights.InformationCommissioner, rights.CaliforniaAgency,
			rights.AttorneyGeneral, rights.BrazilANPD, rights.CanadaOPC, rights.QuebecCAI, rights.LocalAuthority),
		"extended.reason.": texts(law.Complexity, law.Number, law.Necessary, law.Interference, law.Consultation),
		"event.": texts(rights.EventReceived, rights.EventVerificationAsked, rights.EventOptedOut, rights.EventVerified,
			rights.EventLinked, rights.EventAsked, rights.EventAnswered, rights.EventExtended, rights.EventFulfilled,
			rights.EventPartlyFulfilled, rights.EventRefused, rights.EventDisagreed, rights.EventAppealed,
			rights.EventWithdrawn, rights.EventExpired, rights.EventResent, rights.EventMailed, rights.EventMailFailed,
			rights.EventExported, rights.EventKept, rights.EventReplied, rights.EventEraseOrdered, rights.EventReduced, rights.EventErased),
		"mailname.": texts(rights.MailVerify, rights.MailAcknowledge, rights.MailOptedOut, rights.MailWaiting,
			rights.MailExtended, rights.MailDecision, rights.MailWithdrawn, rights.MailExpired),
		"export.value.": slices.Concat(
			texts(rights.NoticePending, rights.NoticeTrying, rights.NoticeSent, rights.NoticeUnknown, rights.NoticeRefused),
			texts(optout.Out, optout.In, optout.Paused),
			texts(optout.FromForm, optout.FromOneClick, optout.FromLink, optout.FromPreferences, optout.FromUndo, optout.FromConfirm, optout.FromRequest,
				optout.FromBounce, optout.FromSoftBounces, optout.FromComplaint, optout.FromNotSpam, optout.FromSubscription, optout.FromSESList),
			[]string{rights.ByPerson, rights.BySystem, rights.ByOfficer}),
		"export.section.": tables["export.section."], "export.column.": tables["export.column."],
	}
}

func TestEveryCodeHasWords(t *testing.T) {
	for _, lang := range catalog.Languages() {
		for group, list := range coded() {
			for _, code := range list {
				if !catalog.For(lang).Has(group + code) {
					t.Errorf("%s: there are no words for %s", lang, group+code)
				}
			}
		}
		for key := range law.TextKeys() {
			if !catalog.For(lang).Has(key) {
				t.Errorf("%s: there are no words for %s", lang, key)
			}
		}
	}
}

func TestNotesOfOfficersAreNotShown(t *testing.T) {
	for event, want := range map[string]bool{
		string(rights.EventNoted): false, "anything else": false, string(rights.EventVerified): true,
	} {
		if got := (page.Happening{Event: event}).Shown(); got != want {
			t.Errorf("%s: shown %v", event, got)
		}
	}
}

// The form offers what package rights takes, no more and no less.
func TestFormOffersAllKinds(t *testing.T) {
	var offered []string
	for _, n := range parse(t, page.RequestForm{}, "en", sample.Desk()).all("input") {
		if attr(n, "name") == page.FieldKind {
			offered = append(offered, attr(n, "value"))
		}
	}
	want := texts(rights.Kinds()...)
	slices.Sort(offered)
	slices.Sort(want)
	if !slices.Equal(offered, want) {
		t.Errorf("offered %v, want %v", offered, want)
	}
}
