//go:build browser

package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	deskfile "privacydesk/shared/domain/settings"
)

// contracts is a system whose owner is asked what it holds. Nobody must wait for it.
var contracts = deskfile.System{
	ID: "contracts", Name: deskfile.Words{"en": "the contract files"}, Owner: "sales@biosero.com",
	Told: []string{"access"}, Way: "task", AnswerDays: 10, Needs: []string{"email", "name"}, Vendor: "salesforce",
}

// The owner of a system looks whom it is about, sends what it holds, and answers; on any device, and without script.
func TestOwner(t *testing.T) {
	inEverySetting(t, func(b *tab) {
		a := b.asks(map[string]any{"kinds": []string{"access"}, "country": "DE"})
		page := b.tasked(a)
		b.answered(b.visit(page), 200)
		b.says("A privacy task for you", "There is no file here yet")
		b.look("owner-task")
		b.answered(b.pressOwner("reveal"), 200)
		b.says(a.address, "Tricia McMillan")
		b.look("owner-whom")

		b.click("#outcome-done")
		b.answered(b.pressOwner("answer"), 422)
		b.says("There is no file here yet. Add one above, or choose “Nothing found” if the system holds nothing.")
		b.look("owner-no-file")

		b.answered(b.pressOwner("add_file"), 200)
		b.look("owner-add-file")
		b.answered(b.upload("photo.pdf", "MZ\x00\x00"), 422)
		b.says("We cannot take this file")
		b.look("owner-file-refused")
		b.answered(b.upload("contracts.csv", "contract,since\n42,2024\n"), 200)
		b.says("Your file has arrived", ".csv, 1 KB")
		b.look("owner-file-arrived")

		b.click("#outcome-done")
		b.fill("#records", "1")
		b.answered(b.pressOwner("answer"), 200)
		b.says("Thank you, we have noted your answer", "Done, 1 record")
		b.look("owner-answered")
		b.answered(b.visit(page), 410)
		b.says("This task has been answered")
	})
}

// tasked waits for the mail to the owner about a request, and gives the address of its page.
func (b *tab) tasked(a opened) (page string) {
	b.Helper()
	id := reference.FindString(a.file)
	b.wait("the owner has the task", func() bool {
		for _, m := range b.mails(contracts.Owner) {
			if strings.Contains(m.Text, id) {
				page = b.linkIn(m, "/systems/")
			}
		}
		return page != ""
	})
	return page
}

// pressOwner presses the button of the form that posts an action.
func (b *tab) pressOwner(action string) int64 {
	b.Helper()
	return b.press(`form:has(input[name="action"][value="` + action + `"]) button`)
}

// upload chooses a file of this machine, and sends it.
func (b *tab) upload(name, content string) int64 {
	b.Helper()
	file := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		b.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}))
	return b.press(`form[enctype="multipart/form-data"] button`)
}
