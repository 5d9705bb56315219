package quota

import (
	"net/netip"
	"time"
)

// Source limits what one sender of forms may cause.
type Source struct {
	Digest    func(network string) string // keyed; never the address itself
	PerMinute int
	PerDay    int
}

// wider is how much more a /48 of IPv6 may do than one of its 65,536 networks:
// a site or a hosting customer is given so much (RFC 6177).
const wider = 4

// Limits are those of an address. Sources that are not known have none: they
// would all share one.
func (s Source) Limits(a netip.Addr) []Limit {
	switch a = a.Unmap().WithZone(""); {
	case a.Is4():
		return s.of(netip.PrefixFrom(a, 32), 1)
	case a.Is6():
		return append(s.of(netip.PrefixFrom(a, 64), 1), s.of(netip.PrefixFrom(a, 48), wider)...)
	}
	return nil
}

func (s Source) of(network netip.Prefix, times int) []Limit {
	ref := s.Digest(network.Masked().String())
	return []Limit{
		{Name: "requests-minute", Ref: ref, Max: s.PerMinute * times, Per: time.Minute},
		{Name: "requests-day", Ref: ref, Max: s.PerDay * times, Per: Day},
	}
}
