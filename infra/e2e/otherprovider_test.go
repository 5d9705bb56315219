package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"html"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/adapter/login"
)

// The desk at oidc-provider, a complete OpenID provider that is not ours: it asks for consent, gives the groups at its
// userinfo endpoint alone, keeps people logged in, and asks them whether they want to log out.
func TestLoginAtAnotherProvider(t *testing.T) {
	t.Parallel()
	first := freeRow(t, 5)
	site := "http://127.0.0.1:" + strconv.Itoa(first)
	other := stack.OpenID{ClientID: "privacy-desk", ClientSecret: "a secret: of 32 bytes / or more +"}
	other.Issuer = startProvider(t, site, first+4, other)
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true, Port: first, OpenID: other})
	defer d.Close()

	v := newVisitor(t, d.URL)
	v.signIn(d.URL+"/desk/login", "officer")
	if got := v.role(); got != "officer" {
		t.Fatalf("the role is %q", got)
	}
	if at, status, _ := v.look(d.URL+"/desk/login?to=/desk/me", nil); status != http.StatusOK || at.Path != "/desk/me" {
		t.Errorf("who is logged in at the provider is led to %s, which answers %d", at, status)
	}
	if at, _ := v.signIn(d.URL+"/desk/login?again&to=/desk/me", "officer"); at.Path != "/desk/me" { // the provider asks again, and says when
		t.Errorf("a new login leads to %s", at)
	}

	_, _, body := v.look(d.URL+"/desk/logout", url.Values{})
	_, _, page := v.look(linkTo(t, body, other.Issuer), nil)
	form := valuesIn(page)
	form.Set("logout", "yes")
	if at, status, body := v.look(other.Issuer+"/session/end/confirm", form); at.Path != login.PathLoggedOut || status != http.StatusOK {
		t.Errorf("the provider leads to %s, which answers %d: %s", at, status, body)
	}

	stranger := newVisitor(t, d.URL)
	if at, status := stranger.signIn(d.URL+"/desk/login", "visitor"); status != http.StatusForbidden || at.Path != login.PathCallback || stranger.role() != "" {
		t.Errorf("who is in no group is led to %s, which answers %d", at, status)
	}
}

// signIn fills in the provider's forms until it leads back to the desk.
func (v *visitor) signIn(from, who string) (at *url.URL, status int) {
	v.tb.Helper()
	at, status, body := v.look(from, nil)
	asked := 0
	for ; strings.HasPrefix(at.Path, "/interaction/"); asked++ {
		form := valuesIn(body)
		form.Set("login", who)
		form.Set("password", "any")
		at, status, body = v.look(at.String(), form)
	}
	if asked == 0 {
		v.tb.Errorf("the provider asked nothing; %s answers %d: %s", at, status, body)
	}
	return at, status
}

// linkTo is the link to a site in a page.
func linkTo(tb testing.TB, page, site string) string {
	tb.Helper()
	found := regexp.MustCompile(`href="(` + regexp.QuoteMeta(site) + `[^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		tb.Fatalf("no link to %s in %s", site, page)
	}
	return html.UnescapeString(found[1])
}

// startProvider starts oidc-provider for the desk of a site, until the test ends, and gives its issuer.
func startProvider(t *testing.T, site string, port int, desk stack.OpenID) string {
	t.Helper()
	node := needNode(t)
	cmd := exec.Command(node, "provider.mjs")
	var said bytes.Buffer
	cmd.Dir, cmd.Stderr = "npm", &said
	cmd.Env = append(os.Environ(), "PORT="+strconv.Itoa(port), "SITE="+site, "CLIENT_ID="+desk.ClientID, "CLIENT_SECRET="+desk.ClientSecret)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log("oidc-provider said:", said.String())
		}
	})
	issuer, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal("oidc-provider did not start:", err)
	}
	return strings.TrimSpace(issuer)
}

// needNode fetches oidc-provider where it is missing. Without Node.js or the package the test is skipped; under CI=true it fails.
func needNode(t *testing.T) (node string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if _, absent := os.Stat(filepath.Join("npm", "node_modules", "oidc-provider")); err == nil && absent != nil {
		fetch := exec.Command("npm", "ci")
		fetch.Dir = "npm"
		if said, failed := fetch.CombinedOutput(); failed != nil {
			err = errors.New(string(said))
		}
	}
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: oidc-provider cannot be started: %v", err)
	}
	return node
}

// freeRow gives the first of some free ports in a row, away from those that the system gives to whoever asks for any.
func freeRow(t *testing.T, n int) int {
	t.Helper()
	for range 100 {
		first := 20_000 + rand.IntN(10_000)
		free := true
		for port := first; port < first+n && free; port++ {
			listener, err := net.Listen("tcp", ":"+strconv.Itoa(port))
			if free = err == nil; free {
				free = listener.Close() == nil
			}
		}
		if free {
			return first
		}
	}
	t.Fatal("no free ports in a row")
	return 0
}
