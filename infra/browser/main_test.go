//go:build browser

package browser

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"privacydesk/infra/local/iam"
	"privacydesk/infra/local/stack"
	deskfile "privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/standin"
)

// What all tests share: one stack, one browser, axe-core, a folder for pictures.
var (
	desk        *stack.Stack
	port        int // the stack's first
	window      context.Context
	axe         string
	screenshots string
	asked       iam.Record // what the functions' roles were asked for
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if lacking := (&lack{}); errors.As(err, &lacking) && os.Getenv("CI") != "true" {
		fmt.Println("SKIPPED, NOT TESTED:", err)
		return
	}
	if err != nil {
		fmt.Println("FAIL:", err)
		code = 1
	}
	os.Exit(code)
}

// lack is something that this machine does not have.
type lack struct{ what string }

func (l *lack) Error() string { return l.what }

func run(m *testing.M) (code int, err error) {
	root, err := testkit.Root()
	if err != nil {
		return 0, err
	}
	if axe, err = readAxe(); err != nil {
		return 0, err
	}
	scratch, err := os.MkdirTemp("", "privacydesk-browser-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	screenshots = filepath.Join(root, ".local", "screenshots")
	if err := errors.Join(os.RemoveAll(screenshots), os.MkdirAll(screenshots, 0o755)); err != nil {
		return 0, err
	}
	closeBrowser, err := openBrowser(filepath.Join(scratch, "profile"))
	if err != nil {
		return 0, err
	}
	defer closeBrowser()
	if err := startDesk(root, filepath.Join(scratch, "data")); err != nil {
		return 0, err
	}
	code = m.Run()
	desk.Close()
	for _, denied := range asked.Denied() {
		fmt.Println("--- FAIL: IAM role:", denied)
		code = 1
	}
	return code, nil
}

func readAxe() (string, error) {
	script, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", &lack{"axe-core is missing here: make test-browser fetches it with npm (npm ci in infra/browser)"}
	}
	return string(script), nil
}

// startDesk starts a stack on four ports in a row, as the send command wants them.
func startDesk(root, data string) (err error) {
	for port = freePort(); !isFree(port+1) || !isFree(port+2) || !isFree(port+3); port = freePort() {
	}
	flag, err := testkit.DeskFlag(data, func(d *deskfile.Desk) {
		d.Requests.FourEyes, d.Systems = deskfile.FourEyes, []deskfile.System{contracts}
	})
	if err != nil {
		return err
	}
	desk, err = stack.Start(context.Background(), stack.Config{
		Root: root, Data: data, Memory: true, Port: port, Judged: asked.Tell, BuildFlags: []string{flag},
		StandIn:    func(c *standin.Config) { c.RequestsPerSecond = 1000 },
		Parameters: map[string]string{"SesRequestsPerSecond": "50", "SourceRequestsPerMinute": "10000"},
	})
	if errors.Is(err, database.ErrMissing) {
		return &lack{err.Error()}
	}
	return err
}

// freePort gives a free port, away from those that the system gives to
// whoever asks for any.
func freePort() int {
	for {
		if port := 20_000 + rand.IntN(10_000); isFree(port) {
			return port
		}
	}
}

func isFree(port int) bool {
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

// openBrowser starts Chromium with a new profile, and with what it asks of the
// network by itself switched off.
func openBrowser(profile string) (closeBrowser func(), err error) {
	path, err := chromium()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-device-scale-factor", "1"), chromedp.Flag("hide-scrollbars", true),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	quiet := func(string, ...any) {}
	browser, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet))
	if err := chromedp.Do(browser); err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	window = browser
	return func() { cancel(); stop() }, nil
}

// chromium finds the browser under the names that systems give it.
func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", &lack{"no Chromium here: install Debian's package chromium, or Chrome"}
}
