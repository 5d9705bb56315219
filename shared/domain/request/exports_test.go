package request_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// holdings are what is held beside requests.
type holdings struct {
	*desk
	err error
}

func (h holdings) OptOutsOf(ctx context.Context, ref person.Ref) ([]optout.Record, error) {
	if h.err != nil {
		return nil, h.err
	}
	return h.optOuts.OfPerson(ctx, ref)
}

func (h holdings) ConfirmationsOf(_ context.Context, ref person.Ref) ([]optout.OptInConfirmation, error) {
	return []optout.OptInConfirmation{{Ref: ref, Language: "es", QueuedAt: h.now, Confirmed: true, Versions: map[optout.Scope]int{"sms": 0, "email/news": 0}}}, nil
}

func (h holdings) CountersOf(_ context.Context, a person.Address) ([]export.Counter, error) {
	return []export.Counter{{Name: "of " + a.Reveal(), Count: 2, Since: h.now}}, nil
}

// granted is an access request of Marvin that was granted, beside others.
func (d *desk) granted() request.Request {
	d.t.Helper()
	other := d.from("trillian@example.com", deadline.Access, deadline.Objection)
	other.Name, other.Details = "Trillian", "her secret"
	d.opened(other)

	in := d.asks(germany, deadline.Objection)
	d.open(in)
	in = d.asks(germany, deadline.Access)
	in.Name, in.Details, in.Evidence = "Marvin", "all of it", optout.Evidence{}
	d.later(time.Hour)
	n, _ := d.notifier()
	r := d.open(in)
	d.drain(n)
	r = d.confirm(r)
	d.ok(d.Note(background, r.ID, "dpo", "very depressed"))
	d.drain(n)
	return d.ok(d.Decide(background, r.ID, "dpo", decision.Answer{Outcome: decision.Grant, Explanation: "Here it is."}))
}

func TestExport(t *testing.T) {
	d := newDesk(t)
	r := d.granted()
	f := d.file(r.ID)
	if err := d.Looked(background, &f, "Arthur/a7", lifecycle.EventLooked); err != nil {
		t.Fatal(err)
	}
	r = d.ok(d.Assign(background, r.ID, "Arthur/a7", "Slartibartfast/s1"))
	e, err := d.Export(background, r.ID, "", holdings{desk: d})
	if err != nil {
		t.Fatal(err)
	}
	if e.Schema != "privacydesk-export/v1" || e.Reference != r.ID || e.Address != marvin || e.PersonRef != string(r.Ref) || !e.MadeAt.Equal(d.now) {
		t.Errorf("%+v", e)
	}
	if len(e.OptOuts) != 4 || len(e.Requests) != 2 || len(e.Histories) != 2 || len(e.Counters) != 1 {
		t.Fatalf("%d opt-outs, %d requests, %d histories, %d counters", len(e.OptOuts), len(e.Requests), len(e.Histories), len(e.Counters))
	}
	got := e.Requests[1] // the earliest first
	if got.Reference != r.ID || got.Name != "Marvin" || got.Details != "all of it" || got.Decision.Answers[0].Explanation != "Here it is." || len(got.Mails) != 3 || got.Mails[0].SESID == "" {
		t.Errorf("%+v", got)
	}
	for i, text := range e.Histories {
		h, err := audit.DecodeHistory(text)
		if err != nil || h.Verify() != nil || h.Head.Subject != e.Requests[i].Reference {
			t.Errorf("history %d: %v, %v", i, err, h.Verify())
		}
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, foreign := range []string{"depressed", "rillian", "secret", "null", "Arthur", "Slartibartfast"} {
		if strings.Contains(string(text), foreign) {
			t.Errorf("the export holds %q: %s", foreign, text)
		}
	}
	for _, own := range []string{"all of it", marvin, `"kind":"noted"`, `"kind":"looked"`, `"kind":"assigned"`} {
		if !strings.Contains(string(text), own) {
			t.Errorf("the export lacks %q", own)
		}
	}
	d.wantUnchanged(r) // to look is no event
}

func TestExportHasItsTime(t *testing.T) {
	d := newDesk(t)
	r := d.granted()
	if err := d.Exported(background, r.ID, "json"); err != nil || d.event(r.ID, lifecycle.EventExported).Facts["format"] != "json" {
		t.Errorf("%v", err)
	}
	if f := d.event(r.ID, lifecycle.EventExported).Facts; f["fetches"] != "1" {
		t.Errorf("%v", f)
	}
	d.now = dayEnd(d.now, 5).Add(-1)
	if _, err := d.Export(background, r.ID, "", holdings{desk: d}); err != nil {
		t.Error(err)
	}
	d.later(1)
	_, err := d.Export(background, r.ID, "", holdings{desk: d})
	d.wantFault(err, fault.Expired, "not available")

	for _, other := range []request.Request{
		d.opened(d.asks(germany, deadline.Access)), d.refused(d.asks(germany, deadline.Portability)), d.open(d.asks(germany, deadline.Access)),
		d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Erasure)).ID, "dpo", decision.Answer{Outcome: decision.Grant})),
	} {
		_, err := d.Export(background, other.ID, "", holdings{desk: d})
		d.wantFault(err, fault.Expired, "")
		if other.State != lifecycle.Fulfilled {
			d.wantFault(d.Exported(background, other.ID, "csv"), fault.Conflict, "exported")
		}
	}
	_, err = d.Export(background, "PD-0000-0000-0000-0000", "", holdings{desk: d})
	d.wantFault(err, fault.NotFound, "")
}

// Half an export would be a wrong answer.
func TestExportIsWholeOrFails(t *testing.T) {
	d := newDesk(t)
	r := d.granted()
	_, err := d.Export(background, r.ID, "", holdings{desk: d, err: errDown})
	d.wantFault(err, fault.Unavailable, "")
	d.store.before = func(call string) error {
		if call == "of person" {
			return errDown
		}
		return nil
	}
	_, err = d.Export(background, r.ID, "", holdings{desk: d})
	d.wantFault(err, fault.Unavailable, "")
}

// Anybody can send requests in a person's name: their words are not given
// out, and a thousand of them cost no read each.
func TestExportTellsOfUnconfirmedRequestsInALine(t *testing.T) {
	d := newDesk(t)
	r := d.granted()
	for range 20 {
		in := d.asks(germany, deadline.Correction)
		in.Details = strings.Repeat("not theirs ", 300)
		d.ok(d.Open(background, in))
	}
	e, err := d.Export(background, r.ID, "", holdings{desk: d})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(e)
	if err != nil || strings.Contains(string(text), "not theirs") || len(e.Requests) != len(e.Histories)+20 {
		t.Errorf("%d requests, %d histories, %v", len(e.Requests), len(e.Histories), err)
	}
}

func TestExportTables(t *testing.T) {
	d := newDesk(t)
	e, err := d.Export(background, d.granted().ID, "", holdings{desk: d})
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, table := range e.Tables() {
		titles = append(titles, table.Title)
		if len(table.Rows) == 0 {
			t.Errorf("%s is empty", table.Title)
		}
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Errorf("%s: %d cells for %d columns", table.Title, len(row), len(table.Columns))
			}
			if strings.Contains(strings.Join(row, " "), "dpo") {
				t.Errorf("%s names the officer: %q", table.Title, row)
			}
		}
	}
	if !slices.Equal(titles, []string{"opt_outs", "opt_ins", "requests", "decisions", "history", "mails", "counters"}) {
		t.Errorf("tables %q", titles)
	}
}

func TestExportAsCSV(t *testing.T) {
	d := newDesk(t)
	in := d.asks(germany, deadline.Portability)
	in.Name, in.Details = `=HYPERLINK("https://evil.example","x")`, "one, \"two\"\n@SUM(A1)"
	r := d.ok(d.Decide(background, d.opened(in).ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	e, err := d.Export(background, r.ID, "", holdings{desk: d})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := e.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	read := csv.NewReader(strings.NewReader(out.String()))
	read.FieldsPerRecord = -1
	rows, err := read.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var name, details string
	for _, row := range rows {
		if row[0] == "requests" && row[1] == r.ID {
			name, details = row[7], row[8]
		}
	}
	if name != `'=HYPERLINK("https://evil.example","x")` || details != "one, \"two\"\n'@SUM(A1)" {
		t.Errorf("%q, %q", name, details)
	}
	if e.WriteCSV(brokenPipe{}) == nil {
		t.Error("nobody hears that the file is cut off")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// A spreadsheet splits a file at the sign of its own country, whatever wrote
// it: no piece of a cell may begin a formula either.
func TestSafeCell(t *testing.T) {
	for cell, want := range map[string]string{
		"":                      "",
		"Marvin":                "Marvin",
		"a=b":                   "a=b",
		"2026-11-22T12:00:00Z":  "2026-11-22T12:00:00Z",
		"=1+1":                  "'=1+1",
		"+1":                    "'+1",
		"-1":                    "'-1",
		"@SUM(1)":               "'@SUM(1)",
		"|calc":                 "'|calc",
		"%0A":                   "'%0A",
		"\t=1":                  "'\t'=1",
		"\r=1":                  "'\r'=1",
		";=1":                   "';'=1",
		"\n=1":                  "'\n'=1",
		"  =1":                  "  '=1",
		"\u00a0=1":              "\u00a0'=1",
		"＝1":                    "'＝1",
		"＋1":                    "'＋1",
		"－1":                    "'－1",
		"＠x":                    "'＠x",
		"Ford;=cmd|' /C calc'!": "Ford;'=cmd|' /C calc'!",
		"Ford; =1":              "Ford; '=1",
		"Ford\t@x\n+2":          "Ford\t'@x\n'+2",
		`Ford";"=1`:             `Ford";"'=1`,
		"kind access; state -":  "kind access; state -",
	} {
		if got := export.SafeCell(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

// However a spreadsheet splits a cell, and whatever it trims, nothing in it
// begins a formula; and nothing is taken away.
func FuzzSafeCell(f *testing.F) {
	for _, s := range []string{"", "=1", ";=1", "a;\t =1", "\"\";\"@x", "＝", "\u2003+1", "x\r\n-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := export.SafeCell(s)
		for _, piece := range strings.FieldsFunc(got, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
			if piece = strings.TrimLeft(piece, " \u00a0\""); piece != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(piece)[0]) {
				t.Errorf("%q leaves the formula %q", s, piece)
			}
		}
		if utf8.ValidString(s) && strings.ReplaceAll(got, "'", "") != strings.ReplaceAll(s, "'", "") {
			t.Errorf("%q is changed to %q", s, got)
		}
	})
}

// However often it is fetched, a day is one event.
func TestExportedIsAnEventADay(t *testing.T) {
	d := newDesk(t)
	r := d.granted()
	for range 3 {
		for range 50 {
			if err := d.Exported(background, r.ID, "json"); err != nil {
				t.Fatal(err)
			}
		}
		d.later(day)
	}
	if got := strings.Count(d.history(r.ID), "exported"); got != 3 || d.event(r.ID, lifecycle.EventExported).Facts["fetches"] != "101" || d.file(r.ID).Request.Fetched != 150 {
		t.Errorf("%d events of %d fetches, the last says %v", got, d.file(r.ID).Request.Fetched, d.event(r.ID, lifecycle.EventExported).Facts)
	}
}

// An export of any size comes in parts that a Lambda can answer with; together
// they are all of it, each request once.
func TestExportInParts(t *testing.T) {
	d := newDesk(t)
	r := d.granted()
	for i := range 260 {
		d.later(time.Second)
		in := d.asks(germany, deadline.Correction)
		in.Name, in.Details = strings.Repeat("<", 200), strings.Repeat("\"", intake.MaxDetails)
		if q := d.open(in); i%4 > 0 {
			d.confirm(q)
		}
	}
	seen, parts, part := map[string]int{}, 0, ""
	for {
		e, err := d.Export(background, r.ID, part, holdings{desk: d})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(e)
		if err != nil || len(text) > 3<<19 {
			t.Errorf("part %d has %d bytes, %v", parts, len(text), err)
		}
		if (len(e.OptOuts) > 0) != (parts == 0) {
			t.Errorf("part %d has %d opt-outs", parts, len(e.OptOuts))
		}
		for _, q := range e.Requests {
			seen[q.Reference]++
		}
		parts++
		if part = e.Next; part == "" {
			break
		}
	}
	once := slices.DeleteFunc(slices.Collect(maps.Values(seen)), func(n int) bool { return n == 1 })
	if parts < 3 || len(seen) != 262 || len(once) > 0 {
		t.Errorf("%d parts, %d requests, %d of them twice", parts, len(seen), len(once))
	}
	for _, wrong := range []string{"x", "1", "x.PD-1", ".", "1.PD-\"1", "1.PD-1\r\n", "1." + strings.Repeat("P", 41)} {
		_, err := d.Export(background, r.ID, wrong, holdings{desk: d})
		d.wantField(err, "part", "invalid")
	}
}
