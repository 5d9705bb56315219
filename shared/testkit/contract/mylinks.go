package contract

import (
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

func linksAsked(t *testing.T, s RequestTables) {
	a := testkit.Address(t, "z@example.com")
	limits := []quota.Limit{{Name: "asked", Ref: "r", Max: 2, Per: time.Hour}}
	ask := func(after time.Duration, lang string) mylinks.Asked {
		t.Helper()
		asked := mylinks.Asked{Ref: testkit.Key(t).Ref(a), Address: a, Language: lang, QueuedAt: testkit.T0.Add(after)}
		if err := s.Outbox.AskForLinks(background, asked, limits); err != nil {
			t.Fatal(err)
		}
		return asked
	}
	ask(0, "de")
	want := ask(time.Minute, "es")
	err := s.Outbox.AskForLinks(background, mylinks.Asked{Ref: want.Ref, Address: a, Language: "en", QueuedAt: testkit.T0.Add(2 * time.Minute)}, limits)
	if !fault.Is(err, fault.TooMany) || !fault.RetryAt(err).Equal(testkit.T0.Add(time.Hour)) {
		t.Errorf("over the limit: %v, again at %v", err, fault.RetryAt(err))
	}
	all := pending(t, s.Outbox, time.Hour)
	if len(all) != 1 || all[0] != want.Letter() {
		t.Fatalf("queued %+v, want %+v", all, want.Letter())
	}
	if got, err := s.Outbox.LinksAsked(background, all[0]); err != nil || got != want {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
	if records, err := s.OptOuts.OfPerson(background, want.Ref); err != nil || len(records)+len(confirmations(t, s.OptOuts, want.Ref)) != 0 {
		t.Errorf("a mail with links is no record: %v, %v", records, err)
	}
	if err := end(move(t, s.Outbox, all[0], outbox.Sending, time.Hour), s); err != nil || len(pending(t, s.Outbox, 2*time.Hour)) != 0 {
		t.Errorf("ended: %v", err)
	}
	if got, err := s.Outbox.LinksAsked(background, all[0]); !fault.Is(err, fault.NotFound) {
		t.Errorf("kept when its mail has gone: %+v, %v", got, err)
	}
}
