package outbound

import (
	"net/netip"
	"slices"
)

// special are the blocks of public-looking space that are for special purposes: IANA's registries of special-purpose
// addresses (RFC 6890), less those that are reachable from everywhere.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	"2001::/23",     // protocols, among them Teredo, which carries an IPv4 address
	"2001:db8::/32", // documentation
	"2002::/16",     // 6to4, which carries an IPv4 address
	"3fff::/20",     // documentation
)

// global is all of IPv6 that is given out to networks (RFC 4291 section 2.4). Outside of it lie loopback, link-local and
// unique local addresses, mapped IPv4 and NAT64.
var global = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// public tells whether an address is one of the internet's, which no private network and no host uses for itself. An IPv4
// address in IPv6's clothes is none: a system has no reason to publish one.
func public(a netip.Addr) bool {
	inside := func(p netip.Prefix) bool { return p.Contains(a) }
	return a.IsValid() && a.Zone() == "" && (a.Is4() || global.Contains(a)) && !slices.ContainsFunc(special, inside)
}
