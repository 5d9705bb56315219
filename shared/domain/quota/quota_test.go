package quota_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

func mails(t *testing.T, now *time.Time) *quota.Mails {
	return &quota.Mails{Meter: &testkit.Counts{Now: func() time.Time { return *now }}, Key: testkit.Key(t), PerMailbox: 3, PerDay: 100}
}

// sent counts the mails that find room, one for each address.
func sent(t *testing.T, m *quota.Mails, c quota.Cause, addresses ...string) (n int) {
	t.Helper()
	for _, a := range addresses {
		to := testkit.Address(t, a)
		switch err := m.Room(context.Background(), c, to); fault.CodeOf(err) {
		case "":
			n++
			if err := m.Spend(context.Background(), c, to); err != nil {
				t.Error(err)
			}
		case fault.TooMany:
		default:
			t.Error(err)
		}
	}
	return n
}

func TestSpellingsOfOneMailbox(t *testing.T) {
	now := testkit.T0
	for name, c := range map[string]struct {
		addresses []string
		want      int
	}{
		"twelve of Gmail": {[]string{
			"marvin@gmail.com", "m.arvin@gmail.com", "ma.rvin@gmail.com", "mar.vin@gmail.com", "marv.in@gmail.com", "m.a.r.v.i.n@gmail.com",
			"marvin@googlemail.com", "marvin+a@gmail.com", "mar.vin+b@gmail.com", "Marvin@Gmail.com", "marvin+@gmail.com", "m.arvin+c+d@googlemail.com",
		}, 3},
		"tags of any domain":  {[]string{"marvin+1@example.com", "marvin+2@example.com", "marvin+3@example.com", "marvin@example.com"}, 3},
		"dots of no other":    {[]string{"mar.vin@example.com", "marvin@example.com", "m.arvin@example.com", "ma.rvin@example.com"}, 4},
		"nothing but a tag":   {[]string{"+a@example.com", "+b@example.com", "+c@example.com", "+d@example.com"}, 4},
		"people of a company": {[]string{"a@example.com", "b@example.com", "c@example.com", "d@example.com"}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			if n := sent(t, mails(t, &now), quota.ByStranger, c.addresses...); n != c.want {
				t.Errorf("%d of %d found room, want %d", n, len(c.addresses), c.want)
			}
		})
	}
}

func TestCausesAreCountedApart(t *testing.T) {
	now := testkit.T0
	m := mails(t, &now)
	again := func(n int) (list []string) {
		for range n {
			list = append(list, "marvin@example.com")
		}
		return list
	}
	for _, c := range []struct {
		cause quota.Cause
		want  int
	}{{quota.ByStranger, 3}, {quota.ByMail, 1}, {quota.ByAuthor, 1}, {quota.ByHolder, 3}, {quota.ByConfirmed, 10}} {
		if n := sent(t, m, c.cause, again(10)...); n != c.want {
			t.Errorf("%d of %q, want %d", n, c.cause, c.want)
		}
	}
	now = now.Truncate(quota.Window).Add(quota.Window)
	for _, c := range []struct {
		cause quota.Cause
		want  int
	}{{quota.ByStranger, 3}, {quota.ByMail, 0}, {quota.ByAuthor, 0}, {quota.ByHolder, 3}} {
		if n := sent(t, m, c.cause, again(10)...); n != c.want {
			t.Errorf("in the next window %d of %q, want %d", n, c.cause, c.want)
		}
	}
}

func TestRoomSaysUntilWhen(t *testing.T) {
	now := testkit.T0.Truncate(quota.Day).Add(5*time.Hour + time.Minute)
	m, to := mails(t, &now), testkit.Address(t, "marvin@example.com")
	wait := func(c quota.Cause) (time.Duration, bool) {
		err := m.Room(context.Background(), c, to)
		return fault.RetryAt(err).Sub(now), errors.Is(err, quota.ErrBudget)
	}
	sent(t, m, quota.ByStranger, "marvin@example.com", "marvin@example.com", "marvin@example.com")
	if d, desk := wait(quota.ByStranger); d != 3*time.Hour-time.Minute || desk {
		t.Errorf("%v, %v", d, desk)
	}
	for i := range 97 {
		sent(t, m, quota.ByStranger, fmt.Sprintf("marvin%d@example.com", i))
	}
	if d, desk := wait(quota.ByStranger); d != 19*time.Hour-time.Minute || !desk {
		t.Errorf("%v, %v", d, desk)
	}
	to = testkit.Address(t, "trillian@example.com")
	if d, desk := wait(quota.ByStranger); d != 19*time.Hour-time.Minute || !desk {
		t.Errorf("%v, %v", d, desk)
	}
	if err := m.Room(context.Background(), quota.ByHolder, to); err != nil {
		t.Error(err)
	}
}

func TestLimitsOfASource(t *testing.T) {
	s := quota.Source{Digest: func(network string) string { return network }, PerMinute: 10, PerDay: 30}
	for address, want := range map[string][]string{
		"203.0.113.7":          {"203.0.113.7/32 10 1m0s", "203.0.113.7/32 30 24h0m0s"},
		"::ffff:203.0.113.7":   {"203.0.113.7/32 10 1m0s", "203.0.113.7/32 30 24h0m0s"},
		"2001:db8:1:2::3":      {"2001:db8:1:2::/64 10 1m0s", "2001:db8:1:2::/64 30 24h0m0s", "2001:db8:1::/48 40 1m0s", "2001:db8:1::/48 120 24h0m0s"},
		"2001:db8:1:2::4%eth0": {"2001:db8:1:2::/64 10 1m0s", "2001:db8:1:2::/64 30 24h0m0s", "2001:db8:1::/48 40 1m0s", "2001:db8:1::/48 120 24h0m0s"},
	} {
		var got []string
		for _, l := range s.Limits(netip.MustParseAddr(address)) {
			got = append(got, fmt.Sprint(l.Ref, " ", l.Max, " ", l.Per))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %q", address, got)
		}
	}
	if got := s.Limits(netip.Addr{}); len(got) != 0 {
		t.Errorf("a source that is not known shares %v", got)
	}
}
