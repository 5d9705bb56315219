//go:build browser

package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A person gets a mail, follows its link, leaves, and takes it back.
func TestLinkButtonUndo(t *testing.T) {
	inEverySetting(t, func(b *tab) {
		address := newAddress()
		m := b.send(address)
		b.visit(desk.AWS + "/mailbox/" + m.ID)
		b.look("mailbox-mail")
		b.visit(b.linkIn(m, "/u/"))
		b.look("link")
		b.says("t***@h***.example", "News")
		b.stopped(address)

		b.answered(b.press("form.act button"), 200)
		b.look("unsubscribed")
		if !b.suppressed(address, "email", "newsletter") || b.suppressed(address, "email", "events") {
			b.Error("the link about the newsletter stops the newsletter, and nothing else")
		}
		undo := ask[string](b, `document.querySelector("form.act").getAttribute("action")`)
		b.answered(b.press("form.act button"), 200)
		b.look("undone")
		if b.suppressed(address, "email", "newsletter") {
			b.Error("the undo has not brought the newsletter back")
		}
		b.overtaken(m, undo)
		b.damaged(b.linkIn(m, "/u/"))
	})
}

// overtaken presses an undo after the person has chosen something else since.
func (b *tab) overtaken(m letter, undo string) {
	b.Helper()
	b.visit(b.linkIn(m, "/u/"))
	b.press("form.act button")
	b.scripts(true)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("form.act").setAttribute("action", "` + undo + `")`))
	b.scripts(b.script)
	b.answered(b.press("form.act button"), 409)
	b.look("link-overtaken")
}

func (b *tab) damaged(link string) {
	b.Helper()
	b.answered(b.visit(strings.TrimSuffix(link, link[len(link)-4:])), 400)
	b.look("link-damaged")
	b.answered(b.press(`main a[href^="/unsubscribe"]`), 200)
}
