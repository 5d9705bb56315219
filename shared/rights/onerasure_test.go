package rights_test

import (
	"testing"
	"time"

	"privacydesk/shared/rights"
	"privacydesk/shared/testkit"
)

func TestOnErasure(t *testing.T) {
	ordered := testkit.T0
	before, after, at := ordered.Add(-time.Hour), ordered.Add(time.Hour), ordered.Add(24*time.Hour)
	for name, c := range map[string]struct {
		request rights.Request
		want    rights.Effect
	}{
		"reduced":                            {rights.Request{State: rights.Fulfilled, ReducedAt: before}, rights.Untouched},
		"reduced, with an export still open": {rights.Request{State: rights.Fulfilled, ReducedAt: before, ExportUntil: at.Add(1)}, rights.Untouched},
		"unconfirmed, before the order":      {rights.Request{State: rights.Unverified, ReceivedAt: before}, rights.Deleted},
		"unconfirmed, with the order":        {rights.Request{State: rights.Unverified, ReceivedAt: ordered}, rights.Untouched},
		"unconfirmed, after the order":       {rights.Request{State: rights.Unverified, ReceivedAt: after}, rights.Untouched},
		"never confirmed, and expired":       {rights.Request{State: rights.Expired, ReceivedAt: after}, rights.Deleted},
		"never confirmed, and withdrawn":     {rights.Request{State: rights.Withdrawn, ReceivedAt: before}, rights.Deleted},
		"received":                           {rights.Request{State: rights.Received, ReceivedAt: before}, rights.Delays},
		"open":                               {rights.Request{State: rights.Open, VerifiedAt: before}, rights.Delays},
		"waiting":                            {rights.Request{State: rights.WaitingForPerson, VerifiedAt: after}, rights.Delays},
		"an export that is open":             {rights.Request{State: rights.Fulfilled, VerifiedAt: before, ExportUntil: at.Add(1)}, rights.Delays},
		"an export that is over":             {rights.Request{State: rights.Fulfilled, VerifiedAt: before, ExportUntil: at}, rights.Shrunk},
		"an order of its own":                {rights.Request{State: rights.Fulfilled, VerifiedAt: before, EraseFrom: before}, rights.Untouched},
		"refused":                            {rights.Request{State: rights.Refused, VerifiedAt: before}, rights.Shrunk},
		"refused without a confirmation":     {rights.Request{State: rights.Refused, ReceivedAt: before}, rights.Shrunk},
		"opt-outs alone":                     {rights.Request{State: rights.Fulfilled, ReceivedAt: before}, rights.Shrunk},
		"expired, confirmed before":          {rights.Request{State: rights.Expired, VerifiedAt: before}, rights.Shrunk},
	} {
		if got := c.request.OnErasure(ordered, at); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
