package access_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
)

func sum(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}

// documents are those, and then err.
func documents(err error, all ...access.Document) iter.Seq2[access.Document, error] {
	return func(yield func(access.Document, error) bool) {
		for _, d := range all {
			if !yield(d, nil) {
				return
			}
		}
		if err != nil {
			yield(access.Document{}, err)
		}
	}
}

// answer is an archive of the contents of files, by their ids.
func answer(contents map[string]string) access.Archive {
	a := access.Archive{Reference: "PD-1", MadeAt: at, Documents: documents(nil,
		access.JSON("export.json", map[string]string{"reference": "PD-1"}),
		access.InWords("answer.txt", "About the use of your data", []access.Section{{Title: "Sources", Lines: []string{"You.", "Your browser."}}}),
	)}
	given := func(system, id string) attachment.File {
		f := file(system, id, attachment.Answer, attachment.Stored)
		f.Size, f.SHA256 = int64(len(contents[id])), sum(contents[id])
		return f
	}
	a.Parts = []access.Part{
		{State: ledger.Done, Files: []attachment.File{given("", "own")}},
		{System: "crm", State: ledger.Done, Files: []attachment.File{given("crm", "one"), given("crm", "two")}},
		{System: "news", State: ledger.NotFound},
	}
	a.Open = func(f attachment.File) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(contents[f.ID])), nil
	}
	return a
}

func TestArchiveHoldsWhatItsManifestSays(t *testing.T) {
	contents := map[string]string{"own": "a letter", "one": "rows of the CRM", "two": strings.Repeat("more rows ", 1000)}
	var out bytes.Buffer
	content, err := answer(contents).Write(&out)
	if err != nil {
		t.Fatal(err)
	}
	if content.Size != int64(out.Len()) || content.SHA256 != sum(out.String()) || !bytes.HasPrefix(out.Bytes(), content.Begins) || len(content.Begins) < 4 {
		t.Errorf("%+v", content)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]string{}
	var names []string
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || !f.Modified.Equal(at) {
			t.Errorf("%s: %v %v", f.Name, f.Modified, err)
		}
		held[f.Name] = string(text)
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "export.json answer.txt files/privacy_desk/PD-1-own.txt files/crm/PD-1-one.txt files/crm/PD-1-two.txt manifest.json" {
		t.Error(got)
	}
	if held["answer.txt"] != "About the use of your data\n\nSources\n- You.\n- Your browser.\n" || held["files/crm/PD-1-two.txt"] != contents["two"] {
		t.Errorf("%q", held["answer.txt"])
	}
	var m access.Manifest
	if err := json.Unmarshal([]byte(held["manifest.json"]), &m); err != nil || m.Schema != "privacydesk-archive/v1" || m.Reference != "PD-1" || !m.MadeAt.Equal(at) {
		t.Fatalf("%v %+v", err, m)
	}
	if len(m.Files) != len(names)-1 || len(m.Parts) != 3 || m.Parts[2].State != ledger.NotFound || len(m.Parts[1].Files) != 2 {
		t.Errorf("%+v", m)
	}
	for i, f := range m.Files {
		if f.Name != names[i] || f.SHA256 != sum(held[f.Name]) || f.Bytes != int64(len(held[f.Name])) || (f.System == "crm") != strings.HasPrefix(f.Name, "files/crm/") {
			t.Errorf("%+v", f)
		}
	}
}

// What cannot be given whole is not given at all.
func TestArchiveThatCannotBeWritten(t *testing.T) {
	broken := errors.New("the disk is full")
	for name, c := range map[string]struct {
		change func(*access.Archive)
		want   error
	}{
		"a file is another": {func(a *access.Archive) { a.Parts[1].Files[0].SHA256 = sum("other") }, access.ErrOther},
		"a file is longer":  {func(a *access.Archive) { a.Parts[1].Files[1].Size++ }, access.ErrOther},
		"a file is gone": {func(a *access.Archive) {
			a.Open = func(attachment.File) (io.ReadCloser, error) { return nil, fault.New(fault.NotFound, "gone") }
		}, fault.New(fault.NotFound, "")},
		"a document fails": {func(a *access.Archive) {
			a.Documents = documents(nil, access.Document{Name: "x", Write: func(io.Writer) error { return broken }})
		}, broken},
		"there is no document": {func(a *access.Archive) { a.Documents = documents(broken) }, broken},
	} {
		a := answer(map[string]string{"own": "a", "one": "b", "two": "c"})
		c.change(&a)
		if _, err := a.Write(io.Discard); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHowMuchGoesIntoOneArchive(t *testing.T) {
	a := answer(nil)
	a.Parts[0].Files[0].Size, a.Parts[1].Files[0].Size = access.MaxFiles, 0
	if access.TooLarge(a.Parts) {
		t.Error("as much as allowed is too large")
	}
	if a.Parts[1].Files[0].Size = 1; !access.TooLarge(a.Parts) {
		t.Error("more is taken")
	}
}
