package login

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// provider is what the identity provider says of itself, and its keys.
type provider struct {
	*oidc.Provider
	metadata
	keys   *oidc.RemoteKeySet
	readAt time.Time
}

// metadata are members beside those that oidc.Provider reads (OpenID Connect
// Discovery 1.0 section 3, RFC 8414, RFC 9207 section 3).
type metadata struct {
	AuthURL     string   `json:"authorization_endpoint"`
	TokenURL    string   `json:"token_endpoint"`
	KeysURL     string   `json:"jwks_uri"`
	UserInfoURL string   `json:"userinfo_endpoint"`
	EndSession  string   `json:"end_session_endpoint"`
	NamesIssuer bool     `json:"authorization_response_iss_parameter_supported"`
	Scopes      []string `json:"scopes_supported"`
	AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
}

// knownFor is how long the provider's metadata is used before it is read again. Its
// keys are read again whenever one is not known.
const knownFor = time.Hour

// provider reads the provider's metadata, once an hour at most.
func (l *Login) provider(ctx context.Context) (*provider, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known != nil && l.Now().Sub(l.known.readAt) < knownFor {
		return l.known, nil
	}
	p, err := l.discover(l.calls(ctx))
	if err != nil {
		return nil, err
	}
	l.known = p
	return p, nil
}

func (l *Login) discover(ctx context.Context) (*provider, error) {
	if !trusted(l.Issuer) {
		return nil, failed(Setup, "the issuer is not https")
	}
	found, err := oidc.NewProvider(ctx, l.Issuer)
	if _, another := errors.AsType[*oidc.IssuerMismatchError](err); another {
		return nil, failed(Setup, "the metadata is of another issuer")
	}
	if err != nil {
		return nil, failed(ProviderDown, "read the metadata"+reason(err))
	}
	p := &provider{Provider: found, readAt: l.Now()}
	if err := found.Claims(&p.metadata); err != nil {
		return nil, failed(Setup, "the metadata cannot be read")
	}
	for _, u := range []string{p.AuthURL, p.TokenURL, p.KeysURL} {
		if !trusted(u) {
			return nil, failed(Setup, "an endpoint of the metadata is not https")
		}
	}
	p.keys = oidc.NewRemoteKeySet(ctx, p.KeysURL)
	return p, nil
}

// calls makes the libraries use our client, which follows no redirect: the addresses
// are those that were named.
func (l *Login) calls(ctx context.Context) context.Context {
	client := *l.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if client.Timeout == 0 || client.Timeout > answersIn {
		client.Timeout = answersIn
	}
	return oidc.ClientContext(ctx, &client)
}

// trusted reports whether nobody on the way can read or change what is sent to an address.
func trusted(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && local
}

// authStyle is how the client shows its secret: client_secret_basic unless the
// provider knows only the other way (RFC 8414 section 2).
func (p *provider) authStyle(secret string) oauth2.AuthStyle {
	if secret == "" || len(p.AuthMethods) > 0 && !slices.Contains(p.AuthMethods, "client_secret_basic") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}

func (p *provider) knowsScope(scope string) bool { return slices.Contains(p.Scopes, scope) }

// reason is why a call failed, without the address and without what was answered.
func reason(err error) string {
	var n net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &n) && n.Timeout():
		return ": no answer in time"
	case errors.As(err, &n):
		return ": no connection"
	}
	return ": an answer that is not understood"
}

// Leave is where the browser can end its session at the provider too; "": there is
// no such place, or it is not known now (OpenID Connect RP-Initiated Logout 1.0).
func (l *Login) Leave(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, leavesIn)
	defer cancel()
	p, err := l.provider(ctx)
	if err != nil || !trusted(p.EndSession) {
		return ""
	}
	u, err := url.Parse(p.EndSession)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", l.ClientID)
	q.Set("post_logout_redirect_uri", l.BaseURL+PathLoggedOut)
	q.Set("logout_uri", l.BaseURL+PathLoggedOut) // Amazon Cognito's name for it
	u.RawQuery = q.Encode()
	return u.String()
}
