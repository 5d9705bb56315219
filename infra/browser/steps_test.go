//go:build browser

package browser

import (
	"strings"

	"github.com/chromedp/chromedp"
)

// visit opens an address, or a path of the site, and gives the status.
func (b *tab) visit(address string) int64 {
	b.Helper()
	if strings.HasPrefix(address, "/") {
		address = desk.URL + address
	}
	return b.loads(chromedp.Navigate(address))
}

// press clicks on what leads to another page, and gives the page's status.
func (b *tab) press(selector string) int64 {
	b.Helper()
	return b.loads(chromedp.Click(chromedp.CSS(selector)))
}

func (b *tab) loads(steps ...chromedp.Action[chromedp.Void]) int64 {
	b.Helper()
	response, err := chromedp.RunResponse(b.ctx, steps...)
	if err != nil {
		b.Fatalf("in the browser: %v", err)
	}
	return response.Status
}

// fill writes into a field in place of what is there.
func (b *tab) fill(selector, text string) {
	b.Helper()
	b.do(chromedp.Clear(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// types writes into a field that is empty.
func (b *tab) types(selector, text string) {
	b.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// click ticks a box, opens details, ...: what leads nowhere else.
func (b *tab) click(selector string) {
	b.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

func ask[T any](b *tab, expression string) T {
	b.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return out
}

// path is where the tab is, without the site.
func (b *tab) path() string { return ask[string](b, "location.pathname") }

// says checks that the page has the words.
func (b *tab) says(words ...string) {
	b.Helper()
	text := strings.Join(strings.Fields(ask[string](b, "document.body.innerText")), " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.Errorf("the page does not say %q but: %s", w, text)
		}
	}
}

// answered checks a page's status.
func (b *tab) answered(got, want int64) {
	b.Helper()
	if got != want {
		b.Fatalf("answered %d, want %d: %s", got, want, ask[string](b, "location.href + document.body.innerText.slice(0, 2000)"))
	}
}
