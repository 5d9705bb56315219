package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/suppression"
)

type kept struct{ err error }

func (k kept) Drifts(context.Context, int) ([]suppression.Drift, error) {
	return []suppression.Drift{{ID: "r1", Counts: map[suppression.Cause]int{suppression.Missing: 3}}}, k.err
}

func TestDrift(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		body   string
	}{
		"reports":       {nil, http.StatusOK, `"missing":3`},
		"table is down": {fault.New(fault.Unavailable, "no answer"), http.StatusServiceUnavailable, "unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			out := httptest.NewRecorder()
			(&Door{Drifts: kept{c.err}}).drift(out, httptest.NewRequest(http.MethodGet, "/api/drift", nil))
			if out.Code != c.status || !strings.Contains(out.Body.String(), c.body) {
				t.Errorf("%d %s", out.Code, out.Body)
			}
		})
	}
}
