package disposal_test

import (
	"encoding/json"
	"testing"

	"privacydesk/shared/domain/disposal"
)

// Whatever is taken for a certificate has one spelling, and its hash.
func FuzzCertificate(f *testing.F) {
	_, _, c := one(f)
	good, err := json.Marshal(c)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var read disposal.Certificate
		if read.UnmarshalJSON(data) != nil {
			return
		}
		again, err := read.MarshalJSON()
		if err != nil || string(again) != string(data) {
			t.Errorf("%s is taken for %s, %v", data, again, err)
		}
	})
}
