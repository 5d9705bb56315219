package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// Table is a part of an export for reading.
type Table struct {
	Title   string // "opt_outs", "opt_ins", "requests", "decisions", "history", "mails", "counters"
	Columns []string
	Rows    [][]string
}

// Tables are the export as tables, for the page and for CSV.
func (e Export) Tables() []Table {
	optOuts := Table{Title: "opt_outs", Columns: []string{"scope", "state", "first_at", "changed_at", "until", "source", "campaign", "form", "name", "reduced_at", "erased_at"}}
	for _, o := range e.OptOuts {
		optOuts.Rows = append(optOuts.Rows, []string{o.Scope, o.State, text(o.FirstAt), text(o.ChangedAt), text(o.Until), o.Source, o.Campaign, o.Form, o.Name, text(o.ReducedAt), text(o.ErasedAt)})
	}
	optIns := Table{Title: "opt_ins", Columns: []string{"at", "scope"}}
	for _, o := range e.OptIns {
		for _, scope := range o.Scopes {
			optIns.Rows = append(optIns.Rows, []string{text(o.AskedAt), scope})
		}
	}
	requests := Table{Title: "requests", Columns: []string{"reference", "kinds", "state", "received_at", "verified_at", "closed_at", "name", "details", "statement", "reduced_at"}}
	decisions := Table{Title: "decisions", Columns: []string{"reference", "at", "kind", "outcome", "grounds", "explanation"}}
	history := Table{Title: "history", Columns: []string{"reference", "at", "event", "actor", "facts"}}
	mails := Table{Title: "mails", Columns: []string{"reference", "template", "state", "sent_at", "subject", "text"}}
	for _, r := range e.Requests {
		requests.Rows = append(requests.Rows, []string{r.Reference, strings.Join(intake.Codes(r.Kinds), " "), string(r.State), text(r.ReceivedAt), text(r.VerifiedAt), text(r.ClosedAt), r.Name, r.Details, r.Statement, text(r.ReducedAt)})
		if d := r.Decision; d != nil {
			decisions.Rows = append(decisions.Rows, decisionRows(r, d)...)
		}
		for _, m := range r.Mails {
			mails.Rows = append(mails.Rows, []string{r.Reference, string(m.Template), string(m.State), text(m.SentAt), m.Subject, m.Text})
		}
	}
	for _, h := range e.Histories {
		history.Rows = append(history.Rows, historyRows(h)...)
	}
	counters := Table{Title: "counters", Columns: []string{"name", "count", "since"}}
	for _, c := range e.Counters {
		counters.Rows = append(counters.Rows, []string{c.Name, strconv.Itoa(c.Count), text(c.Since)})
	}
	return []Table{optOuts, optIns, requests, decisions, history, mails, counters}
}

// decisionRows are the answers of a decision, one a kind.
func decisionRows(r RequestFile, d *decision.Decision) [][]string {
	if len(d.Answers) == 0 { // all that was asked for took effect by itself
		return [][]string{{r.Reference, text(d.At), strings.Join(intake.Codes(r.Kinds), " "), string(d.Outcome), "", ""}}
	}
	var rows [][]string
	for _, a := range d.Answers {
		rows = append(rows, []string{r.Reference, text(d.At), string(a.Kind), string(a.Outcome), a.Citations(), a.Explanation})
	}
	return rows
}

func historyRows(encoded json.RawMessage) [][]string {
	h, err := audit.DecodeHistory(encoded)
	if err != nil {
		return nil
	}
	var rows [][]string
	for _, e := range h.Entries {
		if e.Kind == string(lifecycle.EventNoted) || e.Kind == string(lifecycle.EventAssigned) {
			continue // the officers' own
		}
		var facts []string
		for name, value := range e.Facts {
			if value != "" {
				facts = append(facts, name+"="+value)
			}
		}
		slices.Sort(facts)
		actor, _, _ := strings.Cut(e.Actor, ":")
		rows = append(rows, []string{h.Head.Subject, text(e.At), e.Kind, actor, strings.Join(facts, " ")})
	}
	return rows
}

func text(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// WriteCSV writes the tables one below the other, each row led by its
// table's title. No cell begins a formula.
func (e Export) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	for _, t := range e.Tables() {
		for _, row := range append([][]string{t.Columns}, t.Rows...) {
			cells := []string{t.Title}
			for _, c := range row {
				cells = append(cells, SafeCell(c))
			}
			if err := out.Write(cells); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

const (
	formula = "=+-@|%＝＋－＠" // what begins one, East Asian keyboards included
	split   = ";\t\r\n"    // where some country's spreadsheet begins a new cell, whatever stands in quotes
)

// SafeCell keeps a spreadsheet from taking a text for a formula
// (https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe goes
// before it wherever a cell may begin.
func SafeCell(s string) string {
	var out strings.Builder
	begins := true
	for i, r := range s {
		if begins && strings.ContainsRune(formula, r) || i == 0 && strings.ContainsRune(split, r) {
			out.WriteByte('\'')
		}
		out.WriteRune(r)
		// Blanks and quotes may be trimmed off.
		begins = strings.ContainsRune(split, r) || begins && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '"')
	}
	return out.String()
}
