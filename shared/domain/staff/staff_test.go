package staff_test

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/staff"
)

// The table of roles and rights, drawn apart from the one that is tested.
const drawn = `
	              auditor viewer officer admin
	see_self      x       x      x       x
	see_queue     .       x      x       x
	see_file      .       x      x       x
	see_health    x       x      x       x
	see_register  x       .      x       x
	reveal        .       .      x       x
	handle        .       .      x       x
	decide        .       .      x       x
	erase         .       .      x       x
	set_systems   .       .      x       x
	attach        .       .      x       x
	give_out      .       .      x       x
	place_hold    .       .      .       x
	lift_hold     .       .      .       x
	end_sessions  .       .      .       x`

func TestRolesAndRights(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(drawn), "\n")
	roles := strings.Fields(rows[0])
	if len(rows)-1 != len(staff.Rights) || len(roles) != len(staff.Roles) {
		t.Fatalf("%d rights and %d roles are drawn, there are %d and %d", len(rows)-1, len(roles), len(staff.Rights), len(staff.Roles))
	}
	for i, row := range rows[1:] {
		cells := strings.Fields(row)
		if right := staff.Right(cells[0]); right != staff.Rights[i] {
			t.Errorf("right %d is %q, want %q", i, staff.Rights[i], right)
		}
		for j, cell := range cells[1:] {
			if got := staff.Role(roles[j]).May(staff.Right(cells[0])); got != (cell == "x") {
				t.Errorf("%s may %s: %t", roles[j], cells[0], got)
			}
		}
	}
	for _, x := range staff.Rights {
		for _, r := range []staff.Role{"", "owner", "Officer"} {
			if r.May(x) {
				t.Errorf("role %q may %s", r, x)
			}
		}
	}
}

func TestRoleOfGroups(t *testing.T) {
	table := map[string]staff.Role{"privacy": staff.Officer, "legal": staff.Viewer, "it": staff.Admin, "audit": staff.Auditor, "odd": "owner"}
	for groups, want := range map[string]staff.Role{
		"": "", "sales": "", "odd": "", "legal": staff.Viewer, "audit": staff.Auditor, "audit legal": staff.Viewer,
		"legal privacy": staff.Officer, "privacy legal": staff.Officer, "it privacy": staff.Admin, "Privacy": "",
	} {
		if got := staff.RoleOf(strings.Fields(groups), table); got != want {
			t.Errorf("groups %q: %q, want %q", groups, got, want)
		}
	}
}

func TestNamesHoldNoAddress(t *testing.T) {
	for name, want := range map[string]string{
		"Anna Weber": "Anna Weber", "  José  O’Neill-Brandt ": "José O’Neill-Brandt", "anna@example.com": "", "anna/admin": "", "<b>": "",
		strings.Repeat("a", 65): "",
	} {
		if got := staff.DisplayName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := (staff.Account{ID: "x1"}).Officer(); got != "x1" {
		t.Errorf("without a name: %q", got)
	}
	if got := (staff.Account{ID: "x1", Name: "Anna Weber"}).Officer(); got != "Anna Weber/x1" {
		t.Errorf("with a name: %q", got)
	}
}

func TestWhatNeedsARecentLogin(t *testing.T) {
	at := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	a := staff.Account{Role: staff.Officer, SignedInAt: at}
	for name, c := range map[string]struct {
		right      staff.Right
		after      time.Duration
		may, again bool
	}{
		"reads for hours":         {staff.SeeFile, 7 * time.Hour, true, false},
		"handles for hours":       {staff.Handle, 7 * time.Hour, true, false},
		"decides soon":            {staff.Decide, 15*time.Minute - time.Second, true, false},
		"decides late":            {staff.Decide, 15 * time.Minute, false, true},
		"erases late":             {staff.Erase, time.Hour, false, true},
		"may not, however recent": {staff.LiftHold, 0, false, false},
	} {
		if may, again := a.MayNow(c.right, at.Add(c.after)); may != c.may || again != c.again {
			t.Errorf("%s: %t, %t", name, may, again)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	at := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	s := staff.Session{ID: "s", StartedAt: at, SeenAt: at}
	if !s.Live(at.Add(30*time.Minute-time.Second)) || s.Live(at.Add(30*time.Minute)) {
		t.Error("a session without a click does not last 30 minutes")
	}
	s.SeenAt = at.Add(7*time.Hour + 50*time.Minute)
	if !s.Live(at.Add(8*time.Hour-time.Second)) || s.Live(at.Add(8*time.Hour)) {
		t.Error("a session does not last 8 hours at most")
	}
	if (staff.Session{}).Live(at) {
		t.Error("no session is live")
	}
}
