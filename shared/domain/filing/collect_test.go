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

// Who goes back in the browser sends another file by the same form. S3 takes it: what was read before is not there any more.
func TestAFormThatIsUsedTwice(t *testing.T) {
	other := attachment.Content{Size: 30, ETag: `"u"`, SHA256: "ef56", Begins: []byte("%PDF-1.7")}
	for name, c := range map[string]struct {
		content attachment.Content
		state   attachment.State
		sha256  string
		entries int
	}{
		"the same once more": {table, attachment.Stored, "cd34", 1},
		"another":            {other, attachment.Stored, "ef56", 2},
		"a program":          {attachment.Content{Size: 9, ETag: `"v"`, Begins: []byte("MZ\x00")}, attachment.Gone, "cd34", 2},
	} {
		r := newRig(t, access(lifecycle.Open))
		old := r.adds(answer, table)
		replacing := answer
		replacing.Replaces = old.ID
		a := r.adds(replacing, table)
		before := len(r.kinds())
		r.bucket.objects[a.ID] = c.content
		for range 2 {
			_, err := r.Arrived(t.Context(), "PD-1", a.ID)
			if taken := c.state == attachment.Stored; (err == nil) != taken {
				t.Errorf("%s: %v", name, err)
			}
		}
		f := r.file()
		for _, is := range f.Files {
			if is.ID == a.ID && (is.State != c.state || is.SHA256 != c.sha256 || is.Replaces != old.ID || is.Readable(c.content.ETag) != (is.State == attachment.Stored)) {
				t.Errorf("%s: %+v", name, is)
			}
		}
		if n := len(r.kinds()) - before; n != c.entries-1 {
			t.Errorf("%s: %d entries more", name, n)
		}
		if r.state(old.ID) == attachment.Stored {
			t.Errorf("%s: what was replaced is back", name)
		}
	}
}
