package outbound

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// errAddress is the error for a name that leads to an address which is not public.
var errAddress = errors.New("its name leads to an address that is not public")

// resolver looks a name up; net.DefaultResolver.
type resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// dialer connects to public addresses alone.
type dialer struct {
	names   resolver
	allowed func(netip.AddrPort) bool
}

const connecting = 5 * time.Second // for each address

// dial refuses a name with a single address that is not allowed: who mixes them wants to be called at the wrong one.
func (d dialer) dial(ctx context.Context, network, hostPort string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	found, err := d.names.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	addresses, err := d.check(found, port)
	if err != nil {
		return nil, err
	}
	own := net.Dialer{Timeout: connecting, ControlContext: d.control}
	err = errAddress
	for _, one := range addresses {
		var conn net.Conn
		if conn, err = own.DialContext(ctx, network, one.String()); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// check undoes first what Go's resolver does to an IPv4 address: it gives it as one of IPv6.
func (d dialer) check(found []netip.Addr, port string) ([]netip.AddrPort, error) {
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		return nil, err
	}
	var out []netip.AddrPort
	for _, one := range found {
		out = append(out, netip.AddrPortFrom(one.Unmap(), uint16(number)))
	}
	if slices.ContainsFunc(out, func(one netip.AddrPort) bool { return !d.allowed(one) }) {
		return nil, errAddress
	}
	return out, nil
}

// control is asked with the very address that is about to be connected to.
func (d dialer) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	if one, err := netip.ParseAddrPort(address); err != nil || !d.allowed(one) {
		return errAddress
	}
	return nil
}
