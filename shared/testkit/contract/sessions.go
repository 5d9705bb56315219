package contract

import (
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

// SessionStore opens a store of sessions that goes by a clock.
type SessionStore func(testing.TB, func() time.Time) staff.Sessions

// SessionContract is what every store of sessions must keep.
func SessionContract(t *testing.T, open SessionStore) {
	for name, check := range map[string]func(*testing.T, *desk){
		"a session comes back as it was":              sessionKept,
		"a click is noted and makes it longer":        clicks,
		"a session that has ended is not there":       sessionEnds,
		"a click brings no session back":              noRevival,
		"all sessions of an account end, no others":   logOutEverywhere,
		"a login with another role ends the former":   roleChanged,
		"a login without a role ends all":             roleLost,
		"an id is good for its own account":           idOfAnother,
		"everybody who is signed in is listed":        everybody,
		"a login without a name or a time of sign-in": sparse,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &desk{now: testkit.T0}
			d.Sessions = open(t, func() time.Time { return d.now })
			check(t, d)
		})
	}
}

type desk struct {
	staff.Sessions
	now time.Time
}

var anna = staff.Account{ID: "anna's", Name: "Anna Weber", Role: staff.Officer, SignedInAt: testkit.T0.Add(-time.Minute)}

func (d *desk) signIn(tb testing.TB, a staff.Account) staff.Session {
	tb.Helper()
	s, err := staff.SignIn(background, d, a, d.now)
	if err != nil || s.ID == "" {
		tb.Fatalf("sign in: %q, %v", s.ID, err)
	}
	return s
}

func (d *desk) want(tb testing.TB, what string, s staff.Session, there bool) {
	tb.Helper()
	got, err := staff.Resume(background, d, s.Account.ID, s.ID, d.now)
	if there && (err != nil || got.ID != s.ID || got.Role != s.Role) {
		tb.Errorf("%s: %+v, %v, want %+v", what, got, err, s)
	}
	if !there && !fault.Is(err, fault.NotFound) {
		tb.Errorf("%s: it goes on, %v", what, err)
	}
}

func sessionKept(t *testing.T, d *desk) {
	s := d.signIn(t, anna)
	if got, err := d.Read(background, anna.ID, s.ID); err != nil || got != s {
		t.Errorf("read %+v, %v, want %+v", got, err, s)
	}
	if other := d.signIn(t, anna); other.ID == s.ID {
		t.Error("two logins share an id")
	}
}

func sparse(t *testing.T, d *desk) {
	s := d.signIn(t, staff.Account{ID: "x", Role: staff.Viewer})
	if got, err := d.Read(background, "x", s.ID); err != nil || got != s {
		t.Errorf("read %+v, %v, want %+v", got, err, s)
	}
}

func clicks(t *testing.T, d *desk) {
	s := d.signIn(t, anna)
	for range 3 {
		d.now = d.now.Add(staff.IdleFor - time.Minute)
		d.want(t, "a click in time", s, true)
	}
	all, err := d.Of(background, anna.ID)
	if err != nil || len(all) != 1 || !all[0].SeenAt.Equal(d.now) || !all[0].StartedAt.Equal(s.StartedAt) || all[0].ID != "" {
		t.Errorf("the session is %+v, %v", all, err)
	}
}

func sessionEnds(t *testing.T, d *desk) {
	s := d.signIn(t, anna)
	d.now = d.now.Add(staff.IdleFor)
	d.want(t, "idle", s, false)
	if all, err := d.Of(background, anna.ID); len(all) != 0 || err != nil {
		t.Errorf("an ended session is listed: %v, %v", all, err)
	}
	d.now = testkit.T0
	s = d.signIn(t, anna)
	for d.now.Sub(testkit.T0) < staff.LastFor-20*time.Minute {
		d.now = d.now.Add(20 * time.Minute)
		d.want(t, "busy", s, d.now.Sub(testkit.T0) < staff.LastFor)
	}
	d.now = testkit.T0.Add(staff.LastFor)
	d.want(t, "busy for too long", s, false)
}

func noRevival(t *testing.T, d *desk) {
	s := d.signIn(t, anna)
	must(t, d.End(background, anna.ID, s.ID))
	must(t, d.End(background, anna.ID, s.ID))
	if err := d.Touch(background, s); !fault.Is(err, fault.NotFound) {
		t.Errorf("a click after the end: %v", err)
	}
	d.want(t, "after the end", s, false)
}

func logOutEverywhere(t *testing.T, d *desk) {
	one, two, bert := d.signIn(t, anna), d.signIn(t, anna), d.signIn(t, staff.Account{ID: "bert's", Role: staff.Admin})
	must(t, d.EndAll(background, anna.ID))
	d.want(t, "one", one, false)
	d.want(t, "two", two, false)
	d.want(t, "a colleague's", bert, true)
}

func everybody(t *testing.T, d *desk) {
	gone := d.signIn(t, staff.Account{ID: "anna", Role: staff.Viewer}) // its id begins another's
	d.now = d.now.Add(staff.IdleFor - time.Minute)
	one := d.signIn(t, anna)
	d.now = d.now.Add(time.Minute)
	bert := d.signIn(t, staff.Account{ID: "bert's", Role: staff.Admin})
	for name, list := range map[string]struct {
		of   string
		want []staff.Session
	}{"of all": {"", []staff.Session{one, bert}}, "of one": {anna.ID, []staff.Session{one}}, "of who is gone": {gone.Account.ID, nil}} {
		got, err := d.All(background)
		if list.of != "" {
			got, err = d.Of(background, list.of)
		}
		for i := range list.want {
			list.want[i].ID = ""
		}
		if err != nil || !slices.Equal(got, list.want) {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, list.want)
		}
	}
}

func roleChanged(t *testing.T, d *desk) {
	was, viewer := d.signIn(t, anna), anna
	same := d.signIn(t, anna)
	d.want(t, "beside a login of the same role", was, true)
	viewer.Role = staff.Viewer
	now := d.signIn(t, viewer)
	d.want(t, "of the former role", was, false)
	d.want(t, "of the former role too", same, false)
	d.want(t, "of the new role", now, true)
}

func roleLost(t *testing.T, d *desk) {
	was, nobody := d.signIn(t, anna), anna
	nobody.Role = ""
	if _, err := staff.SignIn(background, d, nobody, d.now); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without a role: %v", err)
	}
	d.want(t, "before the role was lost", was, false)
}

func idOfAnother(t *testing.T, d *desk) {
	s := d.signIn(t, anna)
	s.Account.ID = "bert's"
	d.want(t, "as another account", s, false)
	s.Account.ID, s.ID = anna.ID, ""
	d.want(t, "without an id", s, false)
}
