package outbound

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"privacydesk/shared/domain/fault"
)

// Refused is the error for an answer that is no success: TooMany after 429, Unavailable after anything else, each with
// RetryAt where the system asked for a time. It holds nothing of the body.
func (a Answer) Refused(op string, now time.Time) *fault.Error {
	code := fault.Unavailable
	if a.Status == http.StatusTooManyRequests {
		code = fault.TooMany
	}
	err := fault.Wrap(code, fmt.Errorf("it answered %d", a.Status), op)
	if a.RetryAfter > 0 {
		err.RetryAt = now.Add(a.RetryAfter)
	}
	return err
}

// reason says why there was no answer, in words of its own: an error of net/http names the address, and a path may hold
// whom the call is about.
func reason(err error) error {
	var timeout net.Error
	_, unresolved := errors.AsType[*net.DNSError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, errAddress):
		return errAddress
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("it took too long")
	case unresolved:
		return errors.New("its name has no address")
	case untrusted:
		return errors.New("its certificate is not valid for its name")
	}
	return errors.New("no answer")
}
