package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/testkit"
)

// readFeed asks for the changes after a cursor.
func (r *rig) readFeed(after string) (rows []changeRow, next string, more bool) {
	r.T.Helper()
	c := get("/api/suppressions", "Accept", "application/json")
	c.Query = "after=" + url.QueryEscape(after)
	var page struct {
		Changes []changeRow
		After   string
		More    bool
	}
	a := r.Expect(c, http.StatusOK, `"changes":[`)
	if err := json.Unmarshal([]byte(a.Body), &page); err != nil {
		r.T.Fatal(err)
	}
	for _, row := range page.Changes {
		r.Note(fmt.Sprint(row))
	}
	return page.Changes, page.After, page.More
}

func TestReadingTheFeed(t *testing.T) {
	r := newRig(t)
	if rows, next, more := r.readFeed(""); len(rows) > 0 || next != "" || more {
		t.Errorf("of nobody: %v %q %v", rows, next, more)
	}
	r.Expect(postForm("email=out%40example.com"), http.StatusOK, "")
	if rows, _, _ := r.readFeed(""); len(rows) > 0 {
		t.Errorf("younger than a minute: %v", rows)
	}
	r.clock = r.clock.Add(10 * time.Minute)
	undo := r.press(marvin, "newsletter")
	r.clock = r.clock.Add(time.Minute)
	rows, next, more := r.readFeed("")
	if len(rows) != 2 || more || rows[0].Address != "out@example.com" || rows[0].State != "out" || rows[0].Reason != "unsubscribed" || !rows[0].Since.Equal(testkit.T0) ||
		rows[1].Address != marvin || rows[1].Scope != "email/newsletter" {
		t.Errorf("%+v %v", rows, more)
	}
	if again, same, _ := r.readFeed(next); len(again) > 0 || same == "" {
		t.Errorf("read on: %v", again)
	}
	r.Expect(post(undo, ""), http.StatusOK, "")
	r.clock = r.clock.Add(2 * time.Minute)
	if rows, _, _ = r.readFeed(next); len(rows) != 1 || rows[0].Address != marvin || rows[0].State != "in" || rows[0].Reason != "" || rows[0].Until != nil {
		t.Errorf("undone: %+v", rows)
	}
}

func TestFeedHasPages(t *testing.T) {
	r := newRig(t)
	many := make([]importRow, 1000)
	for i := range many {
		many[i] = importRow{Address: fmt.Sprintf("a%d@example.com", i)}
	}
	ask[importedRow](r, "/suppressions/import", map[string]any{"rows": many})
	ask[importedRow](r, "/suppressions/import", map[string]any{"rows": []importRow{{Address: "b@example.com", Reason: "bounced"}}})
	r.clock = r.clock.Add(time.Hour)
	first, next, more := r.readFeed("")
	rest, _, end := r.readFeed(next)
	if len(first) != 1000 || !more || len(rest) != 1 || end {
		t.Errorf("%d, more %v, then %d, more %v", len(first), more, len(rest), end)
	}
}

// A cursor names a record: it is sealed, and good for nothing else.
func TestFeedCursors(t *testing.T) {
	r := newRig(t)
	stopped(r)
	r.clock = r.clock.Add(time.Hour)
	_, next, _ := r.readFeed("")
	other, err := link.Box{Ring: r.Ring, Purpose: link.DeskSession}.Seal([]byte("2026-11-22T12:00:00.000Z r email"))
	if err != nil {
		t.Fatal(err)
	}
	garbage, err := link.Box{Ring: r.Ring, Purpose: link.FeedCursor}.Seal([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	for name, cursor := range map[string]string{"a word": "x", "cut": next[:len(next)-2], "of another purpose": other, "no position": garbage, "an address": marvin} {
		t.Run(name, func(t *testing.T) {
			c := get("/api/suppressions", "Accept", "application/json")
			c.Query = "after=" + url.QueryEscape(cursor)
			r.Expect(c, http.StatusBadRequest, "after must be a cursor that this route has given")
		})
	}
	c := get("/api/suppressions", "Accept", "application/json")
	c.Query = "cursor=" + next
	r.Expect(c, http.StatusUnprocessableEntity, "must be one of after")
}

func TestFeedOfATableThatDoesNotAnswer(t *testing.T) {
	r := newRig(t)
	r.store.err = fault.New(fault.Unavailable, "read the feed")
	r.Expect(get("/api/suppressions", "Accept", "application/json"), http.StatusServiceUnavailable, "")
}
