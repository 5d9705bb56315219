//go:build browser

package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// look examines the page that the tab shows: its width; and, where scripts run,
// what axe-core says of it in light and dark, with a picture of each.
func (b *tab) look(name string) {
	b.Helper()
	b.lookAs(name, pageStandards)
}

func (b *tab) lookAs(name, standards string) {
	b.Helper()
	b.fits(name)
	if !b.script {
		return
	}
	for _, scheme := range b.schemes() {
		b.do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}))
		b.passesAxe(name+", "+scheme, standards)
		if !b.brief && !b.blind {
			b.picture(fmt.Sprintf("%s-%s-%s.png", name, b.device, scheme))
		}
	}
}

func (b *tab) schemes() []string {
	if b.brief {
		return []string{"light"}
	}
	return []string{"light", "dark"}
}

// fits checks that nobody must scroll sideways.
func (b *tab) fits(name string) {
	b.Helper()
	wide := ask[string](b, `(() => {
		const window_ = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= window_) return "";
		const over = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > window_ + 1);
		return document.documentElement.scrollWidth + " in " + window_ + ": " + over.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ");
	})()`)
	if wide != "" {
		b.Errorf("%s is wider than the window: %s", name, wide)
	}
}

// violation is one rule of axe-core that a page breaks, and where.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, FailureSummary string }
}

// What is held to which of axe-core's rules: pages to WCAG 2.2 AA and good practice; a mail has no landmarks of
// its own, for it is shown inside of a page.
const (
	mailStandards = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22a","wcag22aa"]`
	pageStandards = `["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22a","wcag22aa","best-practice"]`
)

func (b *tab) passesAxe(name, standards string) {
	b.Helper()
	if !ask[bool](b, "typeof axe === 'object'") {
		b.do(chromedp.Evaluate[chromedp.Void](axe))
	}
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](
		`axe.run(document, {runOnly: `+standards+`, resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("axe-core on %s: %v", name, err)
	}
	var violations []violation
	if err := json.Unmarshal([]byte(out), &violations); err != nil {
		b.Fatal(err)
	}
	for _, v := range violations {
		b.Errorf("%s breaks %s (%s): %s\n%s", name, v.ID, v.Impact, v.Help, v.where())
	}
}

func (v violation) where() string {
	var out []string
	for _, n := range v.Nodes {
		out = append(out, n.HTML+"\n\t"+strings.ReplaceAll(n.FailureSummary, "\n", "\n\t"))
	}
	return strings.Join(out, "\n")
}

func (b *tab) picture(file string) {
	b.Helper()
	image, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.Fatalf("a picture of %s: %v", file, err)
	}
	if err := os.WriteFile(filepath.Join(screenshots, file), image, 0o644); err != nil {
		b.Fatal(err)
	}
}
