package page_test

import (
	"slices"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/testkit/markup"
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
	causes := texts(deadline.Identity, deadline.Clarification, deadline.Fee)
	tables := map[string][]string{}
	for _, t := range (export.Export{}).Tables() {
		tables["export.section."] = append(tables["export.section."], t.Title)
		tables["export.column."] = append(tables["export.column."], t.Columns...)
	}
	return map[string][]string{
		"kind.": texts(intake.Kinds()...), "kind.hint.": texts(intake.Kinds()...),
		"request.state.": texts(lifecycle.States...), "request.state.text.": texts(lifecycle.States...),
		"behalf.":   texts(intake.Self, intake.Parent, intake.Agent),
		"evidence.": texts(intake.ParentalAuthority, intake.ChildsIdentity, intake.WrittenAuthority, intake.PersonsIdentity),
		"ground.":   texts(decision.AllGrounds()...), "waiting.cause.": causes,
		"answered.": texts(decision.Grant, decision.Partly, decision.Refuse),
		"authority.": texts(decision.DataProtectionAuthority, decision.InformationCommissioner, decision.CaliforniaAgency,
			decision.AttorneyGeneral, decision.BrazilANPD, decision.SwissFDPIC, decision.CanadaOPC, decision.QuebecCAI, decision.LocalAuthority),
		"extended.reason.": texts(deadline.Complexity, deadline.Number, deadline.Necessary, deadline.Interference, deadline.Consultation),
		"event.": texts(lifecycle.EventReceived, lifecycle.EventVerificationAsked, lifecycle.EventOptedOut, lifecycle.EventVerified,
			lifecycle.EventLinked, lifecycle.EventAsked, lifecycle.EventAnswered, lifecycle.EventExtended, lifecycle.EventFulfilled,
			lifecycle.EventPartlyFulfilled, lifecycle.EventRefused, lifecycle.EventDisagreed, lifecycle.EventAppealed,
			lifecycle.EventWithdrawn, lifecycle.EventExpired, lifecycle.EventResent, lifecycle.EventMailed, lifecycle.EventMailFailed,
			lifecycle.EventExported, lifecycle.EventKept, lifecycle.EventAddressTold, lifecycle.EventReplied, lifecycle.EventEraseOrdered, lifecycle.EventEraseReleased, lifecycle.EventAmended, lifecycle.EventReopened, lifecycle.EventReduced, lifecycle.EventErased),
		"mailname.": texts(requestmail.Verify, requestmail.Acknowledge, requestmail.OptedOut, requestmail.Waiting,
			requestmail.Extended, requestmail.Decision, requestmail.Withdrawn, requestmail.Expired, requestmail.Reopened, requestmail.Erasing),
		"check.":   texts(intake.Checks...),
		"feeword.": texts(decision.RepeatedRequest, decision.Excessive),
		"export.value.": slices.Concat(
			texts(outbox.Pending, outbox.Sending, outbox.Sent, outbox.Unknown, outbox.Refused, outbox.Obsolete),
			texts(optout.Out, optout.In, optout.Paused),
			texts(optout.FromForm, optout.FromOneClick, optout.FromLink, optout.FromPreferences, optout.FromUndo, optout.FromConfirm, optout.FromRequest,
				optout.FromBounce, optout.FromSoftBounces, optout.FromComplaint, optout.FromNotSpam, optout.FromSubscription, optout.FromSESList, optout.FromOfficer, optout.FromMail),
			[]string{audit.ByPerson, audit.BySystem, audit.ByOfficer}),
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
		for key := range deadline.TextKeys() {
			if !catalog.For(lang).Has(key) {
				t.Errorf("%s: there are no words for %s", lang, key)
			}
		}
	}
}

func TestNotesOfOfficersAreNotShown(t *testing.T) {
	for event, want := range map[string]bool{
		string(lifecycle.EventNoted): false, string(lifecycle.EventAssigned): false, string(lifecycle.EventLooked): false, string(lifecycle.EventRevealed): false,
		string(lifecycle.EventExportedByOfficer): false, "anything else": false, string(lifecycle.EventVerified): true,
	} {
		if got := len(page.History(catalog.For("en"), request.Request{}, []audit.Entry{{Kind: event}})) > 0; got != want {
			t.Errorf("%s: shown %v", event, got)
		}
	}
}

// The form offers what package intake knows, no more and no less.
func TestFormOffersAllKinds(t *testing.T) {
	var offered []string
	for _, n := range parse(t, page.RequestForm{}, "en", sample.Desk()).All("input") {
		if markup.Attr(n, "name") == page.FieldKind {
			offered = append(offered, markup.Attr(n, "value"))
		}
	}
	want := texts(intake.Kinds()...)
	slices.Sort(offered)
	slices.Sort(want)
	if !slices.Equal(offered, want) {
		t.Errorf("offered %v, want %v", offered, want)
	}
}
