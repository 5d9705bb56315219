package audit

import (
	"bytes"
	"encoding/json"
	"testing"
)

// What is taken is what encoding/json sees, and nothing is lost.
func FuzzReadObject(f *testing.F) {
	for _, s := range []string{`{}`, ` { "a" : [1, {"b":"}\"]"}] , "" : null,"\u00e9\\":-1.5e3}`, `{"a":1,"a":2}`, `[]`, `{"a":"\ud800"}`, `{"a":tru}`, `{"a":1}}`, `"`, ``, "{\"\xff\":1}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := readMembers(data)
		if err != nil {
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(data, &want); err != nil || len(want) != len(got) {
			t.Fatalf("%v, %d members, want %d", err, len(got), len(want))
		}
		for name, value := range want {
			if !bytes.Equal(got[name], value) {
				t.Errorf("%q: %s, want %s", name, got[name], value)
			}
		}
	})
}
