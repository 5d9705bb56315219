package stack

import (
	"crypto/rand"
	"net/http"
	"time"

	"privacydesk/infra/local/loopback"
	"privacydesk/infra/local/oidc"
	"privacydesk/shared/adapter/login"
)

// OpenID is the desk as a client of an OpenID provider.
type OpenID struct{ Issuer, ClientID, ClientSecret string }

// startLogins starts the local OpenID provider, unless another one is named.
func (s *Stack) startLogins() error {
	if s.config.OpenID.Issuer != "" {
		return nil
	}
	s.config.OpenID = OpenID{Issuer: s.ports.url(s.ports.logins), ClientID: "privacy-desk", ClientSecret: rand.Text()}
	var err error
	s.Logins, err = oidc.New(oidc.Config{
		Issuer: s.config.OpenID.Issuer, ClientID: s.config.OpenID.ClientID, ClientSecret: s.config.OpenID.ClientSecret,
		Callback: s.URL + login.PathCallback, AfterLogout: s.URL + login.PathLoggedOut, Now: s.Now,
	})
	if err != nil {
		return err
	}
	s.logins = s.serve(s.ports.logins, &http.Server{Handler: loopback.Only(s.Logins), ReadHeaderTimeout: 10 * time.Second})
	return nil
}

// Issuer is that of the OpenID provider at which officers log in.
func (s *Stack) Issuer() string { return s.config.OpenID.Issuer }
