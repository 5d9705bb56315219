package optout

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/person"
)

// Verdict says whether a person must not be contacted, and why.
type Verdict struct {
	Suppressed bool
	Scope      Scope // the record that says so: what lasts before a pause, the person's own choice first, the whole channel before a topic
	Reason     string
	Since      time.Time
	Until      time.Time // of a pause
	// ErasedAt is when the person was last erased, suppressed or not: whoever
	// asks must hold nothing of them from before (Art. 19 GDPR, Cal. Civ. Code
	// 1798.105(c)). Zero: never.
	ErasedAt time.Time
}

// Check screens addresses for a mailing through a channel about a topic (""
// for none): one verdict an address, in their order. The zero Address is
// never suppressed.
func (s *Service) Check(ctx context.Context, addresses []person.Address, channel Channel, topic string) ([]Verdict, error) {
	scopes := deciding(channel.About(topic))
	read := scopes
	if channel != Email {
		read = append(slices.Clone(scopes), Email.Scope()) // which everybody has who was erased
	}
	refs := make([]person.Ref, len(addresses))
	keys := make([]Key, 0, len(addresses)*len(read))
	for i, a := range addresses {
		if a.IsZero() {
			continue
		}
		refs[i] = s.Key.Ref(a)
		keys = append(keys, keysOf(refs[i], read)...)
	}
	records, err := s.Store.Records(ctx, keys)
	if err != nil {
		return nil, err
	}
	verdicts := make([]Verdict, len(addresses))
	for i, ref := range refs {
		verdicts[i] = verdict(records, ref, scopes, s.Now())
		verdicts[i].ErasedAt = erasedAt(records, ref, read)
	}
	return verdicts, nil
}

func keysOf(ref person.Ref, scopes []Scope) []Key {
	keys := make([]Key, len(scopes))
	for i, scope := range scopes {
		keys[i] = Key{ref, scope}
	}
	return keys
}

// deciding are the scopes whose records decide about a mailing of a scope, in
// the order in which they are named.
func deciding(scope Scope) []Scope {
	scopes := []Scope{scope.Channel().Scope()}
	if scope.Topic() != "" {
		scopes = append(scopes, scope)
	}
	if scope.Channel() == Email {
		scopes = append(scopes, Complaint.Scope(), Bounce.Scope())
	}
	return scopes
}

// erasedAt is the latest of what the records of a person say.
func erasedAt(records map[Key]Record, ref person.Ref, scopes []Scope) (last time.Time) {
	for _, scope := range scopes {
		if at := records[Key{ref, scope}].ErasedAt; at.After(last) {
			last = at
		}
	}
	return last
}

// verdict names what lasts before a pause, whose end would be no end.
func verdict(records map[Key]Record, ref person.Ref, scopes []Scope, now time.Time) Verdict {
	var verdict Verdict
	for _, scope := range scopes {
		r, found := records[Key{ref, scope}]
		if !found || !r.Suppresses(now) || r.State == Paused && verdict.Suppressed {
			continue
		}
		verdict = Verdict{Suppressed: true, Scope: scope, Reason: r.Reason(), Since: r.Since()}
		if r.State != Paused {
			return verdict
		}
		verdict.Until = r.Until
	}
	return verdict
}
