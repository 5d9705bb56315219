package request_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

func TestOnErasure(t *testing.T) {
	ordered := testkit.T0
	before, after, at := ordered.Add(-time.Hour), ordered.Add(time.Hour), ordered.Add(24*time.Hour)
	for name, c := range map[string]struct {
		request request.Request
		want    request.Effect
	}{
		"reduced":                            {request.Request{State: lifecycle.Fulfilled, ReducedAt: before}, request.Untouched},
		"reduced, with an export still open": {request.Request{State: lifecycle.Fulfilled, ReducedAt: before, ExportUntil: at.Add(1)}, request.Untouched},
		"unconfirmed, before the order":      {request.Request{State: lifecycle.Unverified, ReceivedAt: before}, request.Deleted},
		"unconfirmed, with the order":        {request.Request{State: lifecycle.Unverified, ReceivedAt: ordered}, request.Untouched},
		"unconfirmed, after the order":       {request.Request{State: lifecycle.Unverified, ReceivedAt: after}, request.Untouched},
		"never confirmed, and expired":       {request.Request{State: lifecycle.Expired, ReceivedAt: after}, request.Deleted},
		"never confirmed, and withdrawn":     {request.Request{State: lifecycle.Withdrawn, ReceivedAt: before}, request.Deleted},
		"received":                           {request.Request{State: lifecycle.Received, ReceivedAt: before}, request.Delays},
		"open":                               {request.Request{State: lifecycle.Open, VerifiedAt: before}, request.Delays},
		"waiting":                            {request.Request{State: lifecycle.WaitingForPerson, VerifiedAt: after}, request.Delays},
		"an export that is open":             {request.Request{State: lifecycle.Fulfilled, VerifiedAt: before, ExportUntil: at.Add(1)}, request.Delays},
		"an export that is over":             {request.Request{State: lifecycle.Fulfilled, VerifiedAt: before, ExportUntil: at}, request.Shrunk},
		"an order of its own":                {request.Request{State: lifecycle.Fulfilled, VerifiedAt: before, EraseFrom: before}, request.Untouched},
		"refused":                            {request.Request{State: lifecycle.Refused, VerifiedAt: before}, request.Shrunk},
		"refused without a confirmation":     {request.Request{State: lifecycle.Refused, ReceivedAt: before}, request.Shrunk},
		"opt-outs alone":                     {request.Request{State: lifecycle.Fulfilled, ReceivedAt: before}, request.Shrunk},
		"expired, confirmed before":          {request.Request{State: lifecycle.Expired, VerifiedAt: before}, request.Shrunk},
	} {
		if got := c.request.OnErasure(ordered, at); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
