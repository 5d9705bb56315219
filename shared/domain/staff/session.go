package staff

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
)

// How long a session lasts without a click, and in all (ASVS 5.0, 7.3.1 and 7.3.2).
const (
	IdleFor = 30 * time.Minute
	LastFor = 8 * time.Hour
)

// touchAfter is how old the stored time of the last click may be.
const touchAfter = time.Minute

// Session is one login that goes on. Its ID is secret: the browser's cookie has it.
type Session struct {
	ID string
	Account
	StartedAt time.Time
	SeenAt    time.Time // the last click, to a minute
}

// EndsAt is when the session ends if nothing is clicked.
func (s Session) EndsAt() time.Time {
	idle, last := s.SeenAt.Add(IdleFor), s.StartedAt.Add(LastFor)
	if idle.Before(last) {
		return idle
	}
	return last
}

// Live reports whether the session goes on.
func (s Session) Live(now time.Time) bool { return now.Before(s.EndsAt()) }

// Sessions keeps them. Errors are faults: Unavailable when the backend does not answer.
type Sessions interface {
	// Start stores a session.
	Start(context.Context, Session) error
	// Read returns a live session. NotFound: there is none, or it has ended.
	Read(ctx context.Context, account, id string) (Session, error)
	// Touch stores the time of the last click, if the session is still there. NotFound: it is not.
	Touch(ctx context.Context, s Session) error
	// End ends one session; one that is not there has ended.
	End(ctx context.Context, account, id string) error
	// EndAll ends all sessions of an account.
	EndAll(ctx context.Context, account string) error
	// Of returns an account's live sessions, oldest first. They have no ID: it is kept nowhere.
	Of(ctx context.Context, account string) ([]Session, error)
	// All returns everybody's, as Of does.
	All(context.Context) ([]Session, error)
}

// SignIn begins the session of a login. Its ID is new, whatever the browser has
// sent. Who has another role than before, or none, loses the sessions of the
// former one. Forbidden: the account has no role.
func SignIn(ctx context.Context, all Sessions, a Account, now time.Time) (Session, error) {
	if !slices.Contains(Roles, a.Role) {
		if err := all.EndAll(ctx, a.ID); err != nil {
			return Session{}, err
		}
		return Session{}, fault.New(fault.Forbidden, "The account has no role at the desk.")
	}
	others, err := all.Of(ctx, a.ID)
	if err != nil {
		return Session{}, err
	}
	if slices.ContainsFunc(others, func(s Session) bool { return s.Role != a.Role }) {
		if err := all.EndAll(ctx, a.ID); err != nil {
			return Session{}, err
		}
	}
	s := Session{ID: rand.Text(), Account: a, StartedAt: now, SeenAt: now}
	return s, all.Start(ctx, s)
}

// Resume reads the session of a click, and stores the click's time if the stored one is
// older than touchAfter. NotFound: the session has ended, or is no more.
func Resume(ctx context.Context, all Sessions, account, id string, now time.Time) (Session, error) {
	s, err := all.Read(ctx, account, id)
	if err != nil {
		return Session{}, err
	}
	if !s.Live(now) {
		return Session{}, errEnded
	}
	if now.Sub(s.SeenAt) >= touchAfter {
		s.SeenAt = now
		err = all.Touch(ctx, s)
	}
	return s, err
}

var errEnded = fault.New(fault.NotFound, "The session has ended.")
