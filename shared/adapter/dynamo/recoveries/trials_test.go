package recoveries_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit"
)

// Who was erased may be known from a tombstone alone, since the table of requests is lost: in service, or in the copy that
// was made while an erasure was under way. Nothing of theirs comes back, of either table.
func TestATombstoneAloneSaysWhoWasErased(t *testing.T) {
	for name, inCopy := range map[string]bool{"in service": false, "in the copy": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLost(t)
			f := asked(t, l.wasReq, "PD-1", lifecycle.Fulfilled, 2)
			asked(t, l.wasReq, "PD-2", lifecycle.Unverified, 1)
			sms := choice(t, "zaphod@example.com", "sms", optout.Out, testkit.T0)
			applied(t, l.was, sms)
			table := l.is.Table.Name
			if inCopy {
				table = l.was.Table.Name
			}
			put(t, l.is.Table.DB, table, map[string]string{
				"ref": string(f.Request.Ref), "scope": "email", "state": "out", "version": "n:2", "changed_at": "2026-11-22T12:00:00.000Z",
				"reduced_at": "2099-11-23T12:00:00.000Z", "erased_at": l.Now.Format("2006-01-02T15:04:05.000Z"),
			})
			applied(t, l.was, choice(t, "ford@example.com", "email", optout.Out, testkit.T0)) // by whom the key is known
			l.bring(t)
			if r, err := l.isReq.Load(t.Context(), "PD-1"); err != nil || !r.Reduced() {
				t.Errorf("the log of a closed request: %+v, %v", r, err)
			}
			if r := recordOf(t, l.is, sms.Key); !r.Tombstone() || !r.ErasedAt.Equal(l.Now) {
				t.Errorf("%+v", r)
			}
			for _, row := range append(all(t, l.is.Table.DB, l.isReq.Table.Name), all(t, l.is.Table.DB, l.is.Table.Name)...) {
				if strings.Contains(row, "zaphod") || strings.Contains(row, "note 0") {
					t.Errorf("an erased person is back: %s", row)
				}
			}
		})
	}
}

// A copy that is newer than the row in service, such as of a table that somebody filled from an older one: an opt-out
// there is the newest choice. An import that was undone since is none: the row in service has moved on.
func TestACopyThatIsNewer(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	at := func(n int) time.Time { return testkit.T0.Add(time.Duration(n) * time.Minute) }
	choose := func(s *optouts.Store, address string, states ...optout.State) optout.Key {
		var k optout.Key
		for n, to := range states {
			c := choice(t, address, "email", to, at(n))
			if to != optout.Out && n > 0 {
				c.IfVersion = n
			}
			k = applied(t, s, c).Key
		}
		return k
	}
	newer := choose(l.was, "zaphod@example.com", optout.Out, optout.In, optout.Out)
	choose(l.is, "zaphod@example.com", optout.Out, optout.In)
	paused := choose(l.was, "ford@example.com", optout.Paused, optout.Out)
	choose(l.is, "ford@example.com", optout.Paused)
	undone := choose(l.was, "trillian@example.com", optout.Out, optout.In, optout.Out)
	put(t, l.is.Table.DB, l.is.Table.Name, map[string]string{
		"ref": string(undone.Ref), "scope": "email", "state": "in", "version": "n:4", "changed_at": "2026-11-22T12:01:00.000Z", "address": "trillian@example.com",
	})
	for range 2 {
		l.bring(t)
		if r := recordOf(t, l.is, newer); r.State != optout.Out || r.Version != 3 || r.Projection.DueAt.IsZero() {
			t.Errorf("%+v", r)
		}
		if r := recordOf(t, l.is, paused); r.State != optout.Out {
			t.Errorf("%+v", r)
		}
		if r := recordOf(t, l.is, undone); r.State != optout.In {
			t.Errorf("an import is back: %+v", r)
		}
	}
}

// A copy of another stack is refused whichever of the two it is, before anything is written. One row whose address is
// another person's stops nobody else from coming back.
func TestWhoseCopyItIs(t *testing.T) {
	foreign := func(t *testing.T, address string) string {
		key, err := person.NewKey(strings.Repeat("another", 9))
		if err != nil {
			t.Fatal(err)
		}
		return string(key.Ref(testkit.Address(t, address)))
	}
	for name, c := range map[string]struct {
		plant func(*testing.T, *lost)
		says  string
	}{
		"the opt-outs of another": {func(t *testing.T, l *lost) {
			asked(t, l.wasReq, "PD-1", lifecycle.Open, 1)
			put(t, l.is.Table.DB, l.was.Table.Name, map[string]string{"ref": foreign(t, "ford@example.com"), "scope": "email", "state": "out", "version": "n:1", "address": "ford@example.com"})
		}, "another reference key"},
		"the requests of another": {func(t *testing.T, l *lost) {
			applied(t, l.was, choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0))
			put(t, l.is.Table.DB, l.wasReq.Table.Name, map[string]string{"id": "PD-1", "row": "request", "ref": foreign(t, "ford@example.com"), "address": "ford@example.com"})
			put(t, l.is.Table.DB, l.wasReq.Table.Name, map[string]string{"id": "#holds", "row": "hold#x", "hold": "{}"})
		}, "another reference key"},
		"an empty one": {func(*testing.T, *lost) {}, "no row of the copies has an address"},
		"the two mixed up": {func(t *testing.T, l *lost) {
			asked(t, l.wasReq, "PD-1", lifecycle.Open, 1)
			applied(t, l.was, choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0))
			l.Copy.OptOuts, l.Copy.Requests = l.Copy.Requests, l.Copy.OptOuts
		}, "is no copy of the table of"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLost(t)
			c.plant(t, l)
			r := l.Recovery
			if _, err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
			if rows := append(all(t, l.is.Table.DB, l.is.Table.Name), all(t, l.is.Table.DB, l.isReq.Table.Name)...); len(rows) != 0 {
				t.Errorf("something was written: %s", rows)
			}
		})
	}
	t.Run("a single row", func(t *testing.T) {
		t.Parallel()
		l := newLost(t)
		asked(t, l.wasReq, "PD-1", lifecycle.Open, 1)
		for _, name := range []string{"a", "b", "c", "d"} {
			applied(t, l.was, choice(t, name+"@example.com", "email", optout.Out, testkit.T0))
		}
		put(t, l.is.Table.DB, l.was.Table.Name, map[string]string{"ref": foreign(t, "x@example.com"), "scope": "email", "state": "out", "version": "n:1", "address": "ford@example.com"})
		put(t, l.is.Table.DB, l.wasReq.Table.Name, map[string]string{
			"id": "PD-2", "row": "request", "ref": foreign(t, "x@example.com"), "address": "ford@example.com", "head_seq": "n:0", "head_hash": "",
		})
		got := l.bring(t)
		if got.Kinds["opt-out"].Back != 4 || got.Kinds["opt-out"].Refused != 1 || got.Kinds["request"].Back != 1 || got.Kinds["request"].Refused != 1 {
			t.Errorf("%+v %+v %q", got.Kinds["opt-out"], got.Kinds["request"], got.Refused)
		}
	})
}

// Rows in service that cannot be read stop neither the rest, nor do they seem to change all the time. Nothing of what
// is said names anybody, whatever stands in the rows.
func TestSpoiltRowsAreNamed(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	asked(t, l.isReq, "PD-1", lifecycle.Open, 2)
	asked(t, l.isReq, "PD-2", lifecycle.Open, 2)
	asked(t, l.isReq, "PD-3", lifecycle.Open, 2)
	applied(t, l.is, choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0))
	id := l.place(t)
	l.copied(t)
	table := l.isReq.Table.Name
	put(t, l.is.Table.DB, table, map[string]string{"id": "PD-1", "row": "event#0002", "entry": "zaphod@example.com"})
	put(t, l.is.Table.DB, table, map[string]string{"id": "#holds", "row": "event#00000001", "entry": "marvin"})
	put(t, l.is.Table.DB, table, map[string]string{"id": "#holds", "row": "hold#" + id, "hold": "marvin"})
	put(t, l.is.Table.DB, l.Copy.Requests, map[string]string{"id": "marvin@example.com", "row": "request", "kinds": "marvin"})
	put(t, l.is.Table.DB, l.Copy.Requests, map[string]string{"id": "PD-2", "row": "mail#0009#marvin", "template": "marvin@example.com", "mail_state": "pending", "seq": "n:1", "mood": "sad"})
	drop(t, l.isReq, "PD-2", "request", "event#0001", "mail#0001#acknowledge")
	drop(t, l.isReq, "PD-3", "request", "event#0001", "event#0002", "mail#0001#acknowledge")
	for range 2 {
		got := l.bring(t)
		for _, want := range []string{"request PD-1: a row \"event\" in the table cannot be read", "legal hold in the table cannot be read", "history of holds in the table"} {
			if !slices.ContainsFunc(got.Refused, func(s string) bool { return strings.Contains(s, want) }) {
				t.Errorf("%q is not said: %q", want, got.Refused)
			}
		}
		if text := fmt.Sprint(got.Refused, got.Letters); strings.Contains(text, "marvin") || strings.Contains(text, "@") || strings.Contains(text, "meanwhile") {
			t.Errorf("%s", text)
		}
	}
	for _, id := range []string{"PD-2", "PD-3"} {
		is, err := l.isReq.File(t.Context(), id)
		if err == nil {
			err = audit.Verify(is.Events, is.Request.Head)
		}
		if err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}
