package request_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
)

// A request that comes back out of a copy does not wait for a letter that may have
// gone since: an officer looks at it. One of which only the letter was lost goes on.
func TestRecoveredAnswers(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	was := d.file(r.ID)
	d.later(time.Hour)

	back, err := requestlog.Recover(was, request.File{}, was.Events[0].At, d.now, time.Time{}, d.Random)
	if err != nil {
		t.Fatal(err)
	}
	d.check(back)
	if q := back.Request; q.Draft.OnItsWay() || q.Draft.Stopped.Why != draft.Recovered || q.Look.Why != lifecycle.LookUnsent || decisionLetter(back).State != outbox.Unknown {
		t.Errorf("%+v, look %+v, letter %+v", q.Draft, q.Look, decisionLetter(back))
	}

	is := was
	is.Letters = slices.DeleteFunc(slices.Clone(was.Letters), func(l outbox.Letter) bool { return l.Template == requestmail.Decision })
	rest, err := requestlog.Recover(was, is, was.Events[0].At, d.now, time.Time{}, d.Random)
	if err != nil || len(rest.Letters) != 1 || rest.Letters[0] != decisionLetter(was) || rest.Letters[0].State != outbox.Pending {
		t.Errorf("%+v, %v", rest.Letters, err)
	}
}

func decisionLetter(f request.File) outbox.Letter {
	return f.Letters[slices.IndexFunc(f.Letters, func(l outbox.Letter) bool { return l.Template == requestmail.Decision })]
}

// What has not gone is no part of what a person is given, and of the log neither.
func TestADraftIsNobodysElse(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	r, _ = d.drained(r.ID, 10*time.Minute)
	other := d.opened(d.asks(germany, deadline.Correction))
	secret := refusal(decision.DisputedAccuracy)
	secret.Explanation = "we do not like them"
	d.ok(d.SaveDraft(background, other.ID, "dpo/A", secret))
	e, err := d.Export(background, r.ID, "", holdings{desk: d})
	if err != nil || len(e.Requests) != 2 {
		t.Fatalf("%d requests, %v", len(e.Requests), err)
	}
	if text, _ := json.Marshal(e); strings.Contains(string(text), "like them") || strings.Contains(string(text), "disputed") {
		t.Errorf("the export holds a draft: %s", text)
	}
	d.ok(d.Withdraw(background, other.ID, "person"))
	d.drain(first(d.notifier()))
	if f := d.reduce(other.ID, lifecycle.EventReduced); f.Request.Draft != nil {
		t.Errorf("%+v is left", f.Request.Draft)
	}
}

func first(n *outbox.Drain, _ *post) *outbox.Drain { return n }
