//go:build browser

package browser

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"privacydesk/infra/local/oidc"
)

// sendsFile chooses a file on the form that is shown, and sends it.
func (b *tab) sendsFile(name, content string) int64 {
	b.Helper()
	path := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type="file"]`), []string{path}))
	return b.press(`form[enctype="multipart/form-data"] button`)
}

// An officer adds a document for the person, puts a redacted copy in its place, and removes that, all by forms.
func TestDocumentsAtTheDesk(t *testing.T) {
	inSettings(t, onTwo, func(b *tab) {
		b.signIn(oidc.Officer, "/desk")
		a := b.asks(map[string]any{"kinds": []string{"access"}, "country": "DE"})
		b.answered(b.visit(a.file), 200)
		b.says("Nobody has added a document.")
		b.answered(b.press(`a[href="`+a.file+`/act/file"]`), 200)
		b.answered(b.press(`main form.act button`), 422)
		b.look("desk-document-for-nobody")
		b.click(`input[name="for"][value="answer"]`)
		b.answered(b.press(`main form.act button`), 200)
		b.look("desk-document-form")
		b.answered(b.sendsFile("program.exe", "MZ\x00\x00"), 422)
		b.says("This document cannot be taken")
		b.look("desk-document-refused")
		b.answered(b.sendsFile("extract.csv", "name,telephone\nTricia,+44 20 7946 0018\n"), 200)
		if b.path() != a.file {
			b.Fatalf("the file leads to %s", b.path())
		}
		b.says("For the person", "1 KB", "arrived")
		b.look("desk-file-with-document")

		b.answered(b.press(`a[href="`+a.file+`/act/replace"]`), 200)
		b.click(`input[name="file"]`)
		b.look("desk-document-replace")
		b.answered(b.press(`main form.act button`), 200)
		b.says("The copy takes the place of")
		b.answered(b.sendsFile("redacted.csv", "name,telephone\nTricia,(left out)\n"), 200)
		b.says("replaced by", "in the place of", "A redacted copy took the place of a document")

		b.answered(b.press(`a[href="`+a.file+`/act/remove"]`), 200)
		b.click(`input[name="file"]`)
		b.answered(b.press(`main form.act button`), 200)
		b.says("A document was removed")
		b.look("desk-file-documents-gone")
		if ask[bool](b, `!!document.querySelector("#files th a")`) {
			b.Error("a document is given out that was removed")
		}
	})
}
