package outbound

import (
	"net/netip"
	"testing"
)

func TestPublicAddresses(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "52.94.236.248": true, "100.63.255.255": true, "100.128.0.0": true, "172.15.255.255": true, "172.32.0.0": true,
		"169.253.255.255": true, "198.17.255.255": true, "198.20.0.0": true, "223.255.255.255": true, "192.31.196.1": true,
		"2600:1f18::1": true, "2a00:1450:4001:830::200e": true, "2001:4860:4860::8888": true, "2001:200::1": true,

		"0.0.0.0": false, "0.1.2.3": false, "127.0.0.1": false, "127.255.255.254": false, "255.255.255.255": false, "224.0.0.1": false, "240.0.0.1": false,
		"10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, // RFC 1918
		"100.64.0.1": false, "100.100.100.200": false, "100.127.255.255": false, // shared by carriers (RFC 6598), and a cloud's metadata
		"169.254.169.254": false, "169.254.170.2": false, "169.254.100.1": false, // link-local: metadata, credentials of containers, Lambda's own
		"192.0.0.1": false, "192.0.0.192": false, "192.0.2.1": false, "198.18.0.1": false, "198.51.100.1": false, "203.0.113.1": false, "192.88.99.1": false,

		"::": false, "::1": false, "::7f00:1": false, "fe80::1": false, "fe80::1%eth0": false, "2600:1f18::1%eth0": false, "fec0::1": false, "ff02::1": false,
		"fc00::1": false, "fd00:ec2::254": false, "fd20:ce::254": false, // unique local: metadata too
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::ffff:8.8.8.8": false, // mapped
		"64:ff9b::8.8.8.8": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::a9fe:a9fe": false, // NAT64
		"2002:a9fe:a9fe::1": false, "2002:808:808::1": false, "2001::a9fe:a9fe": false, "2001:0:4136:e378::": false, // 6to4, Teredo
		"2001:db8::1": false, "3fff::1": false, "100::1": false, "5f00::1": false, "4000::1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: public = %t", text, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}
