package oidc

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// NewBrowser makes a client that keeps cookies as a browser does. A browser
// trusts this machine's own addresses with cookies that are marked Secure; Go's
// jar takes them by https alone.
func NewBrowser() *http.Client {
	jar, _ := cookiejar.New(nil) // never fails
	return &http.Client{Jar: trusting{jar}}
}

// trusting takes every address as one by https.
type trusting struct{ jar http.CookieJar }

// Cookies implements http.CookieJar.
func (t trusting) Cookies(u *url.URL) []*http.Cookie { return t.jar.Cookies(secure(u)) }

// SetCookies implements http.CookieJar.
func (t trusting) SetCookies(u *url.URL, cookies []*http.Cookie) {
	t.jar.SetCookies(secure(u), cookies)
}

func secure(u *url.URL) *url.URL {
	out := *u
	out.Scheme = "https"
	return &out
}

// LogIn logs a person in on the way to an address of the desk, such as
// http://127.0.0.1:3000/desk, by the provider's page. It returns the page that
// the desk answered with; the caller closes its body. The session is in the
// browser's cookies.
func LogIn(ctx context.Context, browser *http.Client, to, person string) (*http.Response, error) {
	target, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	login := url.URL{Scheme: target.Scheme, Host: target.Host, Path: "/desk/login", RawQuery: url.Values{"to": {target.RequestURI()}}.Encode()}
	page, err := send(ctx, browser, http.MethodGet, login.String(), "")
	if err != nil {
		return nil, err
	}
	_ = page.Body.Close()
	at := page.Request.URL
	if page.StatusCode != http.StatusOK || !strings.HasSuffix(at.Path, "/oauth/authorize") {
		return nil, fmt.Errorf("the login led to %s%s, which answered %s, and not to the provider's page", at.Host, at.Path, page.Status)
	}
	return send(ctx, browser, http.MethodPost, at.String(), url.Values{"person": {person}}.Encode())
}

func send(ctx context.Context, browser *http.Client, method, address, form string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "text/html")
	if form != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return browser.Do(request)
}
