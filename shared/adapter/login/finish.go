package login

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"privacydesk/shared/domain/staff"
)

// Finish reads the provider's answer, which the browser brings: who has signed in,
// and the path below /desk where they wanted to go. The cookie of the login is
// deleted, however it ends. The error is a *Failure; the path is there all the same
// where it is known, and of NoRole the account.
func (l *Login) Finish(w http.ResponseWriter, r *http.Request) (staff.Account, string, error) {
	ctx, cancel := context.WithTimeout(r.Context(), answersIn)
	defer cancel()
	answer := r.URL.Query()
	b, err := l.takeBegun(w, r, answer.Get("state"))
	to := Below(b.To)
	if err != nil {
		return staff.Account{}, to, logged(ctx, err)
	}
	a, err := l.finish(ctx, b, answer)
	return a, to, logged(ctx, err)
}

func (l *Login) finish(ctx context.Context, b begun, answer url.Values) (staff.Account, error) {
	p, err := l.provider(ctx)
	if err != nil {
		return staff.Account{}, err
	}
	if err := l.ours(p, answer); err != nil {
		return staff.Account{}, err
	}
	token, err := l.exchange(ctx, p, answer.Get("code"), b.Verifier)
	if err != nil {
		return staff.Account{}, err
	}
	c, err := l.verify(ctx, p, token, b)
	if err != nil {
		return staff.Account{}, err
	}
	return l.account(ctx, p, token, c)
}

// ours reports whether an answer is of our provider (RFC 9207 section 2.4), and good news.
func (l *Login) ours(p *provider, answer url.Values) error {
	if issuer, there := answer["iss"]; p.NamesIssuer && !there || there && (len(issuer) != 1 || issuer[0] != l.Issuer) {
		return failed(MixUp, "iss of the answer")
	}
	if code := answer.Get("error"); code != "" {
		return ofProvider(code)
	}
	if answer.Get("code") == "" {
		return failed(BadToken, "no code")
	}
	return nil
}

func (l *Login) exchange(ctx context.Context, p *provider, code, verifier string) (*oauth2.Token, error) {
	secret, err := l.Secret(ctx)
	if err != nil {
		return nil, failed(Setup, "read the client's secret")
	}
	token, err := l.config(p, secret).Exchange(l.calls(ctx), code, oauth2.VerifierOption(verifier))
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response.StatusCode < http.StatusInternalServerError {
		return nil, ofProvider(refused.ErrorCode)
	}
	if err != nil {
		return nil, failed(ProviderDown, "exchange the code"+reason(err))
	}
	return token, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
