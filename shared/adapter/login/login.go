package login

import (
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"privacydesk/shared/domain/staff"
)

// Box seals and opens what a cookie carries, for one purpose.
type Box interface {
	Seal(plain []byte) (string, error)
	Open(token string) ([]byte, error)
}

// Login signs people in. All fields are needed, except where they say so.
type Login struct {
	Issuer   string                                // as the provider writes it, https; http on this machine alone
	ClientID string                                //
	Secret   func(context.Context) (string, error) // of the client; "": it has none
	BaseURL  string                                // public, without a slash at the end
	HTTP     *http.Client                          // for calls to the provider; it must not wait for ever
	Now      func() time.Time                      //

	Begun   Box // of the cookie of a login that has begun
	Session Box // of the cookie that names the session

	AccountID func(issuer, subject string) string // a keyed digest
	Groups    []string                            // claims that may hold the groups: a name, or a path such as realm_access.roles
	Roles     map[string]staff.Role               // by group

	mu    sync.Mutex
	known *provider
}

// Paths of the desk that the provider must know.
const (
	PathCallback  = "/desk/callback"   // redirect_uri
	PathLoggedOut = "/desk/logged-out" // post_logout_redirect_uri
)

const (
	beginsFor = 10 * time.Minute // how long a login that has begun may take
	answersIn = 6 * time.Second  // all calls to the provider for one click
	leavesIn  = 2 * time.Second  // the same for a logout, which must not wait
	freshFor  = time.Minute      // how old a login may be where a new one is asked for
	skew      = time.Minute      // how far the provider's clock may be from ours
)

// Start sends the browser to the provider, and from there back to a path below
// /desk. Again: whoever is signed in there must prove anew who they are. The
// error is a *Failure; then nothing is written.
func (l *Login) Start(w http.ResponseWriter, r *http.Request, to string, again bool) error {
	ctx, cancel := context.WithTimeout(r.Context(), answersIn)
	defer cancel()
	p, err := l.provider(ctx)
	if err != nil {
		return logged(ctx, err)
	}
	b := begun{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), To: Below(to), Again: again, At: l.Now().Unix()}
	if err := l.keepBegun(w, b); err != nil {
		return logged(ctx, failed(Setup, "seal"))
	}
	http.Redirect(w, r, l.config(p, "").AuthCodeURL(b.State, l.asked(b)...), http.StatusSeeOther)
	return nil
}

// asked is what the provider is told beside the usual.
func (l *Login) asked(b begun) []oauth2.AuthCodeOption {
	options := []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("nonce", b.Nonce), oauth2.S256ChallengeOption(b.Verifier)}
	if !b.Again {
		return options
	}
	options = append(options, oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(freshFor.Seconds()))))
	if l.Issuer != google {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login")) // Amazon Cognito knows no max_age
	}
	return options
}

// google refuses prompt=login as invalid.
const google = "https://accounts.google.com"

func (l *Login) config(p *provider, secret string) *oauth2.Config {
	scopes := []string{"openid", "profile"}
	if p.knowsScope("groups") {
		scopes = append(scopes, "groups")
	}
	endpoint := p.Endpoint()
	endpoint.AuthStyle = p.authStyle(secret)
	return &oauth2.Config{ClientID: l.ClientID, ClientSecret: secret, Endpoint: endpoint, RedirectURL: l.BaseURL + PathCallback, Scopes: scopes}
}
