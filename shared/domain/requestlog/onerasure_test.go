package requestlog_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/testkit"
)

func TestOnErasure(t *testing.T) {
	ordered := testkit.T0
	before, after, at := ordered.Add(-time.Hour), ordered.Add(time.Hour), ordered.Add(24*time.Hour)
	for name, c := range map[string]struct {
		request request.Request
		want    requestlog.Effect
	}{
		"reduced":                            {request.Request{State: lifecycle.Fulfilled, ReducedAt: before}, requestlog.Untouched},
		"reduced, with an export still open": {request.Request{State: lifecycle.Fulfilled, ReducedAt: before, ExportUntil: at.Add(1)}, requestlog.Untouched},
		"unconfirmed, before the order":      {request.Request{State: lifecycle.Unverified, ReceivedAt: before}, requestlog.Deleted},
		"unconfirmed, with the order":        {request.Request{State: lifecycle.Unverified, ReceivedAt: ordered}, requestlog.Untouched},
		"unconfirmed, after the order":       {request.Request{State: lifecycle.Unverified, ReceivedAt: after}, requestlog.Untouched},
		"never confirmed, and expired":       {request.Request{State: lifecycle.Expired, ReceivedAt: after}, requestlog.Deleted},
		"never confirmed, and withdrawn":     {request.Request{State: lifecycle.Withdrawn, ReceivedAt: before}, requestlog.Deleted},
		"received":                           {request.Request{State: lifecycle.Received, ReceivedAt: before}, requestlog.Delays},
		"open":                               {request.Request{State: lifecycle.Open, VerifiedAt: before}, requestlog.Delays},
		"waiting":                            {request.Request{State: lifecycle.WaitingForPerson, VerifiedAt: after}, requestlog.Delays},
		"an export that is open":             {request.Request{State: lifecycle.Fulfilled, VerifiedAt: before, ExportUntil: at.Add(1)}, requestlog.Delays},
		"an export that is over":             {request.Request{State: lifecycle.Fulfilled, VerifiedAt: before, ExportUntil: at}, requestlog.Shrunk},
		"an order of its own":                {request.Request{State: lifecycle.Fulfilled, VerifiedAt: before, EraseFrom: before}, requestlog.Untouched},
		"refused":                            {request.Request{State: lifecycle.Refused, VerifiedAt: before}, requestlog.Shrunk},
		"refused without a confirmation":     {request.Request{State: lifecycle.Refused, ReceivedAt: before}, requestlog.Shrunk},
		"opt-outs alone":                     {request.Request{State: lifecycle.Fulfilled, ReceivedAt: before}, requestlog.Shrunk},
		"expired, confirmed before":          {request.Request{State: lifecycle.Expired, VerifiedAt: before}, requestlog.Shrunk},
	} {
		if got := requestlog.OnErasure(&c.request, ordered, at); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
