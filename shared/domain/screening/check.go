package screening

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Result is whether a person must not be contacted, and why.
type Result struct {
	Suppressed bool
	Scope      optout.Scope // of the record that decides: what lasts before a pause, the person's own choice first, the whole channel before a topic
	Reason     string
	Since      time.Time
	Until      time.Time // of a pause
	// ErasedAt is when the person was last erased, suppressed or not: the
	// caller must hold nothing of them from before (Art. 19 GDPR, Cal. Civ. Code
	// 1798.105(c)). Zero: never.
	ErasedAt time.Time
}

// Store reads the records.
type Store interface {
	// Records is that of optout.Store.
	Records(context.Context, []optout.Key) (map[optout.Key]optout.Record, error)
}

// Checker answers who must not be contacted.
type Checker struct {
	Store Store
	Key   person.Key
	Now   func() time.Time
}

// Chosen reports whether nothing stops the person, or a choice of their own
// does. What bounced or was reported as spam is neither: it may still be opted
// out of.
func (r Result) Chosen() bool {
	return !r.Suppressed || r.Scope != optout.Complaint.Scope() && r.Scope != optout.Bounce.Scope()
}

// Covers reports whether what stops a topic is the stop of its whole channel.
func (r Result) Covers(scope optout.Scope) bool {
	return r.Suppressed && scope.Topic() != "" && r.Scope == scope.Channel().Scope()
}

// CheckOne is Check for one person and what they see as one subject.
func (s *Checker) CheckOne(ctx context.Context, a person.Address, scope optout.Scope) (Result, error) {
	results, err := s.Check(ctx, []person.Address{a}, scope.Channel(), scope.Topic())
	if err != nil {
		return Result{}, err
	}
	return results[0], nil
}

// Unstopped are those of some scopes that nothing stops, by what is known of a
// person.
func (s *Checker) Unstopped(known map[optout.Scope]optout.Record, scopes []optout.Scope) []optout.Scope {
	var open []optout.Scope
	for _, scope := range scopes {
		stopped := func(by optout.Scope) bool { return known[by].Suppresses(s.Now()) }
		if !slices.ContainsFunc(Deciding(scope), stopped) {
			open = append(open, scope)
		}
	}
	return open
}

// Check screens addresses for a mailing through a channel about a topic (""
// for none): one result per address, in their order. The zero Address is
// never suppressed.
func (s *Checker) Check(ctx context.Context, addresses []person.Address, channel optout.Channel, topic string) ([]Result, error) {
	scopes := Deciding(channel.About(topic))
	read := scopes
	if channel != optout.Email {
		read = append(slices.Clone(scopes), optout.Email.Scope()) // which everybody has who was erased
	}
	refs := make([]person.Ref, len(addresses))
	keys := make([]optout.Key, 0, len(addresses)*len(read))
	for i, a := range addresses {
		if a.IsZero() {
			continue
		}
		refs[i] = s.Key.Ref(a)
		keys = append(keys, optout.Keys(refs[i], read...)...)
	}
	records, err := s.Store.Records(ctx, keys)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(addresses))
	for i, ref := range refs {
		results[i] = decide(records, ref, scopes, s.Now())
		results[i].ErasedAt = erasedAt(records, ref, read)
	}
	return results, nil
}

// Deciding are the scopes whose records decide about a mailing of a scope, in
// the order in which they are named.
func Deciding(scope optout.Scope) []optout.Scope {
	scopes := []optout.Scope{scope.Channel().Scope()}
	if scope.Topic() != "" {
		scopes = append(scopes, scope)
	}
	if scope.Channel() == optout.Email {
		scopes = append(scopes, optout.Complaint.Scope(), optout.Bounce.Scope())
	}
	return scopes
}

// erasedAt is the latest erasure in the records of a person.
func erasedAt(records map[optout.Key]optout.Record, ref person.Ref, scopes []optout.Scope) (last time.Time) {
	for _, k := range optout.Keys(ref, scopes...) {
		if at := records[k].ErasedAt; at.After(last) {
			last = at
		}
	}
	return last
}

// decide names what lasts before a pause, since the end of the pause would end nothing.
func decide(records map[optout.Key]optout.Record, ref person.Ref, scopes []optout.Scope, now time.Time) Result {
	var result Result
	for _, k := range optout.Keys(ref, scopes...) {
		r := records[k]
		if !r.Suppresses(now) || r.State == optout.Paused && result.Suppressed {
			continue
		}
		result = Result{Suppressed: true, Scope: k.Scope, Reason: Reason(r), Since: Since(r)}
		if r.State != optout.Paused {
			return result
		}
		result.Until = r.Until
	}
	return result
}

// Reason is why, in the words of the suppression check.
func Reason(r optout.Record) string {
	switch {
	case r.State == optout.Paused:
		return "paused"
	case r.Scope == optout.Bounce.Scope():
		return "bounced"
	case r.Scope == optout.Complaint.Scope():
		return "complained"
	}
	return "unsubscribed"
}

// Since is from when on the person must not be contacted.
func Since(r optout.Record) time.Time {
	if r.State == optout.Out {
		return r.OutSince
	}
	return r.ChangedAt
}
