package login

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
)

// Code says why nobody was signed in.
type Code string

// The codes of a Failure.
const (
	ProviderDown  Code = "provider_down"  // it did not answer, or not in time
	Setup         Code = "setup"          // it does not know the desk, or is not the one that was named
	Denied        Code = "denied"         // the person or the provider said no
	NoRole        Code = "no_role"        // none of their groups has a role
	NoCookie      Code = "no_cookie"      // this browser has begun no such login, or has ended it already
	TooLate       Code = "expired"        // begun more than ten minutes ago, or the token is out of time
	Replay        Code = "replay"         // the code was used before, or is another login's
	MixUp         Code = "mix_up"         // the answer is another provider's
	UnknownKey    Code = "unknown_key"    // the token is not signed by the provider
	WrongNonce    Code = "wrong_nonce"    // the token is of another login
	WrongAudience Code = "wrong_audience" // the token is for another application
	StaleLogin    Code = "stale_login"    // a recent login was asked for, and the token shows none
	BadToken      Code = "bad_token"      // there is no token, or it says something impossible
)

// Codes lists all codes.
var Codes = []Code{ProviderDown, Setup, Denied, NoRole, NoCookie, TooLate, Replay, MixUp, UnknownKey, WrongNonce, WrongAudience, StaleLogin, BadToken}

// Failure is why nobody was signed in.
type Failure struct {
	Code   Code
	detail string // for the log: what was being done, or the provider's error code
}

func (f *Failure) Error() string { return "login failed: " + string(f.Code) + " " + f.detail }

// CodeOf is the code of an error of this package.
func CodeOf(err error) Code {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f.Code
	}
	return ""
}

func failed(code Code, detail string) *Failure { return &Failure{Code: code, detail: detail} }

// logged writes the line about a failure. What an engineer must mend is an error.
func logged(ctx context.Context, err error) error {
	f, ok := errors.AsType[*Failure](err)
	if !ok {
		return err
	}
	level := slog.LevelWarn
	if f.Code == ProviderDown || f.Code == Setup {
		level = slog.LevelError
	}
	slog.Log(ctx, level, "login failed", "reason", string(f.Code), "detail", f.detail)
	return err
}

var errorCode = regexp.MustCompile(`^[a-z_]{1,40}$`)

// ofProvider is the failure that a provider's error code means (RFC 6749 sections
// 4.1.2.1 and 5.2, OpenID Connect Core 1.0 section 3.1.2.6).
func ofProvider(code string) *Failure {
	if !errorCode.MatchString(code) {
		code = "(another text)"
	}
	switch code {
	case "access_denied", "login_required", "interaction_required", "consent_required", "account_selection_required":
		return failed(Denied, code)
	case "server_error", "temporarily_unavailable":
		return failed(ProviderDown, code)
	case "invalid_grant":
		return failed(Replay, code)
	}
	return failed(Setup, code)
}
