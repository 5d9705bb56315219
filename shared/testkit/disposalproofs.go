package testkit

import (
	"context"
	"slices"
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
)

// Certificates opens all certificates of a store, the oldest first, and checks
// them, their chain, and that each stands in the history as it says.
func Certificates(tb testing.TB, s disposal.Store, signer *audit.Signer) []disposal.Certificate {
	tb.Helper()
	var all []disposal.Certificate
	var entries []audit.Entry
	for before, more := 0, true; more; {
		proofs, err := s.Proofs(context.Background(), before, 50)
		if err != nil {
			tb.Fatal(err)
		}
		for _, p := range proofs {
			c, err := disposal.CheckCertificate(p.Certificate, signer.PublicKeys())
			if err != nil || c.Position != p.Entry.Head() || c.Prev != p.Entry.Prev {
				tb.Errorf("certificate %d: %v, %+v", p.Entry.Seq, err, c.Position)
			}
			signed, _ := c.MarshalJSON()
			if said, err := p.Said().MarshalJSON(); err != nil || string(said) != string(signed) {
				tb.Errorf("certificate %d is said to be %s, and is %s, %v", p.Entry.Seq, said, signed, err)
			}
			all, entries, before = append(all, c), append(entries, p.Entry), p.Entry.Seq
		}
		more = before > 1 && len(proofs) > 0
	}
	slices.Reverse(all)
	slices.Reverse(entries)
	if head, err := s.Head(context.Background()); err != nil || audit.Verify(entries, head) != nil {
		tb.Errorf("the history of %d entries: %v, %v", len(entries), err, audit.Verify(entries, head))
	}
	return all
}
