// Package login signs people in with the organisation's identity provider: OpenID
// Connect, authorization code flow with PKCE, as a relying party (OpenID Connect
// Core 1.0, RFC 7636, RFC 9207, RFC 9700).
//
// Nothing of a login is kept on the server. What must come back with the answer
// travels in a sealed cookie of its own for each login, so that tabs that are
// opened together do not spoil each other's. The browser keeps a second sealed
// cookie, which names its session.
//
// The provider is asked when somebody logs in, and at no other time. Its tokens
// are read once and dropped.
//
// It must not know pages, a store, or what a role may do. Its log lines hold no
// claim of a token and no text that the provider has written.
package login
