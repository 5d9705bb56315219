package main

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// importer sends a list to the desk, batch by batch. After each batch it
// writes a checkpoint; run again with the same file it goes on from there. The
// desk takes rows twice without harm, so a lost checkpoint loses only time.
type importer struct {
	options
	desk  *desk
	out   io.Writer
	sleep func(context.Context, time.Duration)
	done  progress
}

// progress is what is behind us; it is the checkpoint.
type progress struct {
	Line    int            `json:"line"` // of the last row that is settled
	Rows    int            `json:"rows"`
	Counts  map[string]int `json:"counts"`            // by the desk's answer
	Remarks map[int]string `json:"remarks,omitempty"` // by line
}

// Answers of the desk to a row; see POST /suppressions/import.
const (
	taken     = "taken"
	known     = "known"
	kept      = "kept"
	refused   = "refused"
	unsettled = "unsettled"
)

const batch = 500 // rows a call; the desk takes twice as many, but may have to leave some for the next

func (i *importer) run(ctx context.Context, data []byte, at time.Time) error {
	now := i.desk.now()
	if at.After(now.Add(farAhead)) {
		return errors.New("the list's date is still to come")
	}
	l, err := readList(data, at)
	if err != nil {
		return err
	}
	l.tellFuture(now)
	mark := i.checkpoint(data, at)
	resumed := i.resume(mark)
	fmt.Fprintf(i.out, "%s: %d opt-outs, %d people who are not out, %d lines to look at\n", l.format, len(l.rows), l.notOut, len(l.remarks))
	if resumed {
		fmt.Fprintf(i.out, "Going on after line %d, where the last run ended.\n", i.done.Line)
	}
	err = i.send(ctx, l, mark)
	report, reportErr := i.report(l, mark)
	fmt.Fprintf(i.out, "%d new, %d known before, %d left alone because the person has come back since, %d not taken\n",
		i.done.Counts[taken], i.done.Counts[known], i.done.Counts[kept], i.done.Counts[refused]+len(l.remarks)-count(l.remarks, oddDate)-count(l.remarks, futureDate))
	if report != "" {
		fmt.Fprintf(i.out, "Line by line: %s\n", report)
	}
	if err != nil {
		return fmt.Errorf("%w\nNothing is lost: %d of %d opt-outs are in the desk. Run the same command to go on", err, i.done.Rows, len(l.rows))
	}
	return errors.Join(reportErr, os.Remove(mark))
}

func count(remarks []remark, reason string) int {
	n := 0
	for _, r := range remarks {
		if r.reason == reason {
			n++
		}
	}
	return n
}

// send sends what is not settled yet.
func (i *importer) send(ctx context.Context, l list, mark string) error {
	rest := slices.DeleteFunc(slices.Clone(l.rows), func(r row) bool { return r.line <= i.done.Line })
	for rows := range slices.Chunk(rest, batch) {
		if err := i.settle(ctx, rows); err != nil {
			return err
		}
		i.done.Line, i.done.Rows = rows[len(rows)-1].line, i.done.Rows+len(rows)
		if err := i.save(mark); err != nil {
			return err
		}
		fmt.Fprintf(i.out, "  %d of %d\n", i.done.Rows, len(l.rows))
	}
	return nil
}

// settle sends a batch until every row of it has its answer. What is answered
// counts only when all is: until then a new run sends the whole batch again.
func (i *importer) settle(ctx context.Context, rows []row) error {
	counts, remarks := map[string]int{}, map[int]string{}
	for len(rows) > 0 {
		var err error
		if rows, err = i.ask(ctx, rows, counts, remarks); err != nil {
			return err
		}
	}
	for status, n := range counts {
		i.done.Counts[status] += n
	}
	for line, reason := range remarks {
		i.done.Remarks[line] = reason
	}
	return nil
}

// ask sends rows once, or more often while none of them is settled, and gives
// those back that are not.
func (i *importer) ask(ctx context.Context, rows []row, counts map[string]int, remarks map[int]string) (again []row, err error) {
	err = insist(ctx, i.sleep, func() error {
		var answer struct {
			Results []struct {
				Status string
				Error  struct{ Message string }
			}
		}
		ask := map[string]any{"rows": rows, "source": filepath.Base(i.file), "even_if_back": i.even}
		if err := i.desk.call(ctx, "POST", "/suppressions/import", ask, &answer); err != nil {
			return err
		}
		if len(answer.Results) != len(rows) {
			return fmt.Errorf("the desk gave %d answers to %d rows", len(answer.Results), len(rows))
		}
		again = nil
		for n, result := range answer.Results {
			switch result.Status {
			case unsettled:
				again = append(again, rows[n])
				continue
			case refused:
				remarks[rows[n].line] = "not taken: " + result.Error.Message
			case kept:
				remarks[rows[n].line] = "left alone: the person has come back since the list's date"
			}
			counts[result.Status]++
		}
		if len(again) == len(rows) {
			return errAgain
		}
		return nil
	})
	return again, err
}

// checkpoint names the file of the checkpoint: another list, desk or wish has
// another one.
func (i *importer) checkpoint(data []byte, at time.Time) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s %v\n", i.url, at, i.even)
	sum.Write(data)
	return filepath.Join(i.folder, hex.EncodeToString(sum.Sum(nil))[:16]+".json")
}

func (i *importer) resume(mark string) bool {
	text, err := os.ReadFile(mark)
	resumed := err == nil && json.Unmarshal(text, &i.done) == nil
	if !resumed {
		i.done = progress{}
	}
	if i.done.Counts == nil {
		i.done.Counts = map[string]int{}
	}
	if i.done.Remarks == nil {
		i.done.Remarks = map[int]string{}
	}
	return resumed
}

// save replaces the checkpoint whole, or not at all.
func (i *importer) save(mark string) error {
	text, err := json.Marshal(i.done)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(i.folder, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(mark+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(mark+".new", mark)
}

// report writes the lines that were not taken as they stand, "" if all were. Its
// file is named as the checkpoint is, so that each list has its own, whatever
// its file is called.
func (i *importer) report(l list, mark string) (string, error) {
	remarks := slices.Clone(l.remarks)
	for line, reason := range i.done.Remarks {
		remarks = append(remarks, remark{line, reason})
	}
	if len(remarks) == 0 {
		return "", nil
	}
	slices.SortStableFunc(remarks, func(a, b remark) int { return a.line - b.line })
	var text strings.Builder
	out := csv.NewWriter(&text)
	_ = out.Write([]string{"line", "what"}) // a builder takes everything
	for _, r := range remarks {
		_ = out.Write([]string{strconv.Itoa(r.line), r.reason})
	}
	out.Flush()
	path := filepath.Join(i.folder, filepath.Base(i.file)+"."+strings.TrimSuffix(filepath.Base(mark), ".json")+".report.csv")
	if err := os.MkdirAll(i.folder, 0o755); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, []byte(text.String()), 0o600)
}
