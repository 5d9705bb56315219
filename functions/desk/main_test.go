package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

// However a path is spelt, what is not people's is the machines', who must sign.
func TestDoors(t *testing.T) {
	door := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(name)) })
	}
	both := web.Lambda(split(door("machines"), door("people")))
	for path, want := range map[string]string{
		"/desk": "people", "/desk/": "people", "/desk/requests/PD-1": "people", "/desk/../api/requests": "people", "/desk//api/requests": "people",
		"/api": "machines", "/api/requests": "machines", "/api/../desk": "machines", "//desk": "machines", "/desks": "machines", "/deskx/y": "machines",
		"/DESK": "machines", "/./desk": "machines", "desk": "machines", "/": "machines", "": "machines", "/nowhere": "machines",
	} {
		var e events.APIGatewayV2HTTPRequest
		e.RawPath, e.RequestContext.HTTP.Method = path, http.MethodGet
		if got, err := both(t.Context(), e); err != nil || got.Body != want {
			t.Errorf("%q is for %s, %v", path, got.Body, err)
		}
	}
}

// The schedule of retention says how long an export is given out, and a start refuses one that is wrong.
func TestDecidingKeepsTheSchedule(t *testing.T) {
	shipped := testkit.Desk(t)
	d := *shipped
	d.Retention = slices.Clone(d.Retention)
	at := slices.IndexFunc(d.Retention, func(r settings.Retention) bool { return r.Class == "export" })
	d.Retention[at].After = "3 days"
	if s, err := deciding(nil, person.Key{}, &d, time.Now, nil); err != nil || s.Settings.ExportFor != 72*time.Hour {
		t.Errorf("an export of 3 days: %+v, %v", s, err)
	}
	d.Retention[at].After, d.Retention[at].Line = "31 days", 48
	if _, err := deciding(nil, person.Key{}, &d, time.Now, nil); err == nil || !strings.HasPrefix(err.Error(), "desk.yaml line 48: retention: export must be kept 30 days at most") {
		t.Errorf("an export of 31 days: %v", err)
	}
}
