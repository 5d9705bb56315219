package web

import (
	"net/http/httptest"
	"testing"
)

func TestPrivacySignal(t *testing.T) {
	for value, want := range map[string]bool{"": false, "1": true, "0": false, "11": false, "true": false, "1,1": true, "0, 1": true} {
		r := httptest.NewRequest("GET", "/", nil)
		if value != "" {
			r.Header.Set("Sec-GPC", value)
		}
		if PrivacySignal(r) != want {
			t.Errorf("%q: %v", value, !want)
		}
	}
}
