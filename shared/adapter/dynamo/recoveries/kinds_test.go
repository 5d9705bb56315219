package recoveries_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// rowsOfNobody are those of each kind that an older copy must not bring back, as doc.go has them.
var rowsOfNobody = map[string][]map[string]string{
	"OptOuts": {
		{"ref": "#jobs", "scope": "#0001", "job_row": "{}", "expires_at": "n:1"},
		{"ref": "#jobs", "scope": "#off", "job_row": "{}", "expires_at": "n:1"},
		{"ref": "#reconcile", "scope": "#run", "run": "{}", "expires_at": "n:1"},
		{"ref": "#reconcile", "scope": "#completed", "completed_at": "2026-11-22T12:00:00.000Z"},
		{"ref": "#reconcile", "scope": "#seen#r#00000", "marks": "x", "expires_at": "n:1"},
		{"ref": "#reconcile", "scope": "#report#2026", "report": "{}", "expires_at": "n:1"},
		{"ref": "zaphod's", "scope": "#opt-in", "address": "zaphod@example.com", "pending": "mail#0", "pending_at": "2026-11-22T12:00:00.000Z", "expires_at": "n:1"},
		{"ref": "zaphod's", "scope": "#opted-in", "address": "zaphod@example.com", "pending": "mail#0", "pending_at": "2026-11-22T12:00:00.000Z"},
		{"ref": "zaphod's", "scope": "#my-links", "address": "zaphod@example.com", "pending": "mail#0", "pending_at": "2026-11-22T12:00:00.000Z", "expires_at": "n:1"},
		{"ref": "trillian's", "scope": "email", "version": "n:2", "pending": "ses#0", "pending_at": "2026-11-22T12:00:00.000Z"},
	},
	"Requests": {
		{"id": "#clock", "row": "mail#0000#digest", "template": "digest", "mail_state": "sent"},
		{"id": "#staff", "row": "session#anna's#abc", "role": "officer", "started_at": "2026-11-22T12:00:00.000Z", "expires_at": "n:9999999999"},
		{"id": "#sent#abc", "row": "#sent", "request": "PD-1", "expires_at": "n:9999999999"},
	},
}

// rowsUnknown are of no kind that there is. Each is named by what it is, and never by whose it is.
var rowsUnknown = map[string][]struct {
	row  map[string]string
	name string
}{
	"OptOuts": {
		{map[string]string{"ref": "marvin's", "scope": "marvin@example.com", "state": "zaphod@example.com"}, "OptOuts: (another text) in the state (another text)"},
		{map[string]string{"ref": "#wallet", "scope": "#zaphod@example.com"}, "OptOuts: #wallet"},
		{map[string]string{"ref": "marvin's", "scope": "#later#marvin"}, "OptOuts: #later"},
		{map[string]string{"ref": "marvin's", "scope": "fax", "state": "out", "version": "n:1"}, "OptOuts: fax in the state out"},
		{map[string]string{"ref": "marvin's", "scope": "email", "state": "gone", "version": "n:1"}, "OptOuts: email in the state gone"},
	},
	"Requests": {
		{map[string]string{"id": "#letters#marvin", "row": "x"}, "Requests: #letters"},
		{map[string]string{"id": "PD-9", "row": "task#crm"}, `Requests: a row "task" of a request`},
	},
}

// Every kind of row is either brought back by a rule, or left, or refused by name.
func TestEveryKindOfRowHasARule(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	applied(t, l.was, choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0))
	tables := map[string]string{"OptOuts": l.was.Table.Name, "Requests": l.wasReq.Table.Name}
	left := 0
	for table, rows := range rowsOfNobody {
		for _, row := range rows {
			put(t, l.is.Table.DB, tables[table], row)
			left++
		}
	}
	var want []string
	for table, rows := range rowsUnknown {
		for _, row := range rows {
			put(t, l.is.Table.DB, tables[table], row.row)
			want = append(want, row.name)
		}
	}
	strange := choice(t, "ford@example.com", "email", optout.Out, testkit.T0)
	put(t, l.is.Table.DB, l.was.Table.Name, map[string]string{
		"ref": string(strange.Ref), "scope": "email", "state": "out", "version": "n:1", "address": "ford@example.com", "mood": "sad", "marvin@example.com": "sad",
	})
	want = append(want, `the attribute mood of a row "opt-out" is not known: it does not come back`)
	got := l.bring(t)
	counted := 0
	for kind, c := range got.Kinds {
		counted += c.Left
		if c.Left > 0 && c.Why == "" {
			t.Errorf("%q is left without a reason", kind)
		}
	}
	if counted != left || got.Kinds["opt-out"].Back != 2 {
		t.Errorf("%d are left, want %d; %+v", counted, left, got.Kinds["opt-out"])
	}
	for _, name := range want {
		if !slices.Contains(got.Refused, name) {
			t.Errorf("%q is not refused: %q", name, got.Refused)
		}
	}
	if text := fmt.Sprint(got.Refused, got.Letters); strings.Contains(text, "example.com") || strings.Contains(text, "marvin") {
		t.Error("somebody is named: ", text)
	}
	if rows := append(all(t, l.is.Table.DB, l.is.Table.Name), all(t, l.is.Table.DB, l.isReq.Table.Name)...); len(rows) != 2 {
		t.Errorf("%d rows came back: %s", len(rows), rows)
	}
}
