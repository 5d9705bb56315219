//go:build browser

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"privacydesk/shared/testkit"
)

// setting is a device, and whether its browser runs scripts.
type setting struct {
	device        string
	width, height int64
	script        bool
}

var settings = map[string]setting{
	"phone":                  {"phone", 390, 844, true},
	"phone without script":   {"phone", 390, 844, false},
	"desktop":                {"desktop", 1280, 900, true},
	"desktop without script": {"desktop", 1280, 900, false},
}

// inEverySetting goes the same way on every device, with script on and off.
func inEverySetting(t *testing.T, journey func(*tab)) {
	inSettings(t, func(setting) bool { return true }, journey)
}

func inSettings(t *testing.T, meant func(setting) bool, journey func(*tab)) {
	for name, s := range settings {
		if !meant(s) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			journey(open(t, s))
		})
	}
}

// tab is one tab with a profile of its own.
type tab struct {
	testing.TB
	setting
	ctx       context.Context
	elsewhere string // a site outside that the journey leads to
	brief     bool   // looks in light alone, and takes no pictures
	blind     bool   // takes no pictures (make preview shows them)
	signedIn  bool   // at the desk, which sets cookies

	mu         sync.Mutex
	complaints []string
}

// journeyLimit is how long one journey may take, on a machine that is busy with others.
const journeyLimit = 3 * time.Minute

// open opens a tab, which must be content with all that it saw when the test ends.
func open(t *testing.T, s setting) *tab {
	t.Helper()
	b := newTab(t, s)
	t.Cleanup(func() {
		if !b.signedIn {
			b.noCookies()
		}
		for _, c := range b.heard() {
			t.Error("the browser complains: ", c)
		}
	})
	return b
}

func newTab(t *testing.T, s setting) *tab {
	t.Helper()
	if err := testkit.Sources(); err != nil {
		t.Fatal(err)
	}
	b := &tab{TB: t, setting: s}
	ctx, cancel := chromedp.NewContext(window, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.hear))
	limited, stop := context.WithTimeout(ctx, journeyLimit)
	b.ctx = limited
	t.Cleanup(func() { stop(); cancel() })
	mobile := func(p *emulation.SetDeviceMetricsOverrideParams, _ *emulation.SetTouchEmulationEnabledParams) {
		p.Mobile = s.device == "phone"
	}
	b.do(chromedp.EmulateViewport(s.width, s.height, mobile), command(audits.Enable, cdp.Empty{}))
	b.scripts(s.script)
	return b
}

// command makes an action of a command of the browser's protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatalf("in the browser: %v", err)
	}
}

func (b *tab) scripts(on bool) {
	b.Helper()
	b.do(command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}))
}

// hear takes down what the browser has to complain about.
func (b *tab) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.complain("exception: %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.complain("console %s: %v", e.Type, e.Args)
		}
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork { // those are heard of below
			b.complain("%s %s: %s", e.Entry.Source, e.Entry.Level, e.Entry.Text)
		}
	case *audits.EventIssueAdded:
		if e.Issue.Code != audits.InspectorIssueCodeGenericIssue { // hints to authors
			b.complain("issue %s", issue(e.Issue))
		}
	case *network.EventRequestWillBeSent:
		b.requested(e.Request.URL)
	case *network.EventResponseReceived:
		// API Gateway has no icon; browsers ask for one, and do without.
		if e.Response.Status >= 400 && e.Type != network.ResourceTypeDocument && !strings.HasSuffix(e.Response.URL, "/favicon.ico") {
			b.complain("%s answered %d", e.Response.URL, e.Response.Status)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			b.complain("loading failed: %s %s", e.Type, e.ErrorText)
		}
	}
}

// issue sums up what the developer tools would show under Issues.
func issue(i *audits.InspectorIssue) string {
	details, err := json.Marshal(i.Details)
	if err != nil {
		return string(i.Code)
	}
	return fmt.Sprintf("%s %.400s", i.Code, details)
}

func (b *tab) requested(address string) {
	for _, here := range []string{"http://127.0.0.1:", "http://localhost:", "about:", "data:", b.elsewhere} {
		if here != "" && strings.HasPrefix(address, here) {
			return
		}
	}
	b.complain("a page loads %s", address)
}

func (b *tab) complain(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, fmt.Sprintf(format, args...))
}

func (b *tab) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.complaints)
}

func (b *tab) noCookies() {
	got, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{desk.URL}})
	if err != nil || len(got.Cookies) > 0 {
		b.complain("cookies: %v %v", got.Cookies, err)
	}
}
