package outbound

import (
	"crypto/tls"
	"errors"
	"net"
)

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
