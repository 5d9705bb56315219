package filing_test

import (
	"errors"
	"testing"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/lifecycle"
)

// Who answers has sent its file, although nobody came back from the bucket to say so.
func TestCollect(t *testing.T) {
	crm, contracts := filing.Wish{For: attachment.Answer, System: "crm", By: audit.BySystem}, filing.Wish{For: attachment.Answer, System: "contracts", By: audit.BySystem}
	r := newRig(t, access(lifecycle.Open))
	ids := map[string]string{}
	for _, w := range []filing.Wish{crm, contracts} {
		a, err := r.ExpectFrom(t.Context(), "PD-1", w)
		if err != nil {
			t.Fatal(err)
		}
		ids[w.System] = a.ID
	}
	if err := r.Collect(t.Context(), "PD-1", "crm"); err != nil || r.state(ids["crm"]) != attachment.Expected {
		t.Errorf("before it came: %v", err)
	}
	r.bucket.objects[ids["crm"]] = attachment.Content{Size: 9, Begins: []byte("MZ\x00")}
	if err := r.Collect(t.Context(), "PD-1", "crm"); !errors.Is(err, attachment.ErrType) || len(r.bucket.objects) > 0 {
		t.Errorf("a program: %v", err)
	}
	r.bucket.objects[ids["crm"]], r.bucket.objects[ids["contracts"]] = table, table
	for range 2 {
		if err := r.Collect(t.Context(), "PD-1", "crm"); err != nil {
			t.Fatal(err)
		}
	}
	if kinds := r.kinds(); r.state(ids["crm"]) != attachment.Stored || r.state(ids["contracts"]) != attachment.Expected || len(kinds) != 1 {
		t.Errorf("%+v %v", r.file().Files, kinds)
	}
	r.close()
	if err := r.Collect(t.Context(), "PD-1", "contracts"); err != nil || r.state(ids["contracts"]) != attachment.Expected {
		t.Errorf("of a case that is closed: %v", err)
	}
}
