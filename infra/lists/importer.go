package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// importer sends a list to the desk, batch by batch, and writes checkpoints; run
// again with the same file it goes on from there. The desk takes rows twice
// without harm, so a lost checkpoint loses only time.
type importer struct {
	options
	desk  *desk
	out   io.Writer
	done  progress
	saved time.Time
}

// progress is what is behind us; it is the checkpoint.
type progress struct {
	Import  string         `json:"import"`            // the id by which the desk undoes it
	Before  int            `json:"before,omitempty"`  // how many a run before, that came to its end, has taken
	Rows    int            `json:"rows"`              // done, from the first on
	Counts  map[string]int `json:"counts"`            // by the desk's answer
	Reasons map[string]int `json:"reasons,omitempty"` // of the new ones
	Remarks map[int]string `json:"remarks,omitempty"` // by line
}

func newProgress() progress {
	return progress{Import: strings.ToLower(rand.Text()), Counts: map[string]int{}, Reasons: map[string]int{}, Remarks: map[int]string{}}
}

// Answers of the desk to a row; see POST /suppressions/import.
const (
	taken     = "taken"
	repeated  = "repeated"
	known     = "known"
	kept      = "kept"
	refused   = "refused"
	unsettled = "unsettled"
)

const (
	batch    = 500 // rows a call; the desk takes twice as many, but may have to leave some for the next
	inFlight = 4   // calls at the same time
	saveEach = time.Second
)

func (i *importer) run(ctx context.Context, data []byte, at time.Time) error {
	now := i.desk.now()
	if at.After(now.Add(farAhead)) {
		return errors.New("the list's date is still to come")
	}
	l, err := readList(data, i.asked, at)
	if err != nil {
		return err
	}
	l.noteFuture(now)
	for _, said := range l.readings {
		fmt.Fprintln(i.out, said)
	}
	fmt.Fprintf(i.out, "%d opt-outs, %d people who are not out%s, %d lines to look at\n", len(l.rows), l.notOut, l.softly(), len(l.remarks))
	mark := i.checkpoint(data, at)
	if i.resume(mark) {
		fmt.Fprintf(i.out, "Going on after %d of %d, where the last run ended.\n", i.done.Rows, len(l.rows))
	} else if !i.dry {
		i.again(mark)
	}
	err = i.send(ctx, l, mark)
	report, reportErr := i.report(l, mark)
	i.sum(l, report)
	if err != nil {
		return fmt.Errorf("%w\nNothing is lost: %d of %d opt-outs are done. Run the same command to go on", err, i.done.Rows, len(l.rows))
	}
	if err := os.Remove(mark); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return reportErr
}

// again makes one import of a list that was taken before and is sent once more,
// so that the report still takes back what the first run did.
func (i *importer) again(mark string) {
	before, err := readReport(i.reportPath(mark))
	if err == nil && before.taken > 0 && before.back == 0 {
		i.done.Import, i.done.Before = before.id, before.taken
	}
}

func (l list) softly() string {
	if l.soft == 0 {
		return ""
	}
	return fmt.Sprintf(", %d with a temporary bounce or none that opts out", l.soft)
}

// sum says what became of the list.
func (i *importer) sum(l list, report string) {
	begin := ""
	if i.dry {
		begin = "Nothing was written. There would be: "
	}
	fmt.Fprintf(i.out, "%s%d new%s, %d known before, %d left alone because the person has come back since, %d not taken\n",
		begin, i.done.Counts[taken], i.byReason(), i.done.Counts[known], i.done.Counts[kept], i.notTaken(l))
	fmt.Fprintf(i.out, "Line by line: %s\n", report)
	if i.done.Counts[taken]+i.done.Before > 0 && !i.dry {
		fmt.Fprintf(i.out, "To take it back: make import UNDO=%s\n", report)
	}
}

// byReason lists the reasons where there is more than one.
func (i *importer) byReason() string {
	var each []string
	for _, why := range slices.Sorted(maps.Keys(i.done.Reasons)) {
		each = append(each, fmt.Sprintf("%d %s", i.done.Reasons[why], why))
	}
	if len(each) < 2 {
		return ""
	}
	return " (" + strings.Join(each, ", ") + ")"
}

func (i *importer) notTaken(l list) int {
	n := i.done.Counts[refused]
	for _, r := range l.remarks {
		if r.reason != oddDate && r.reason != futureDate {
			n++
		}
	}
	return n
}

// outcome is what became of one batch.
type outcome struct {
	progress
	err error
}

// send sends what is not done yet, some batches at the same time. They count
// in their order, so that one number says how far the list has come.
func (i *importer) send(ctx context.Context, l list, mark string) error {
	if len(l.rows) > i.done.Rows && !i.dry {
		if err := i.save(mark); err != nil { // the import's id, before anything has it
			return err
		}
	}
	var calls sync.WaitGroup
	defer calls.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	answers, rest := make(chan chan outcome, inFlight-1), l.rows[i.done.Rows:]
	calls.Go(func() {
		defer close(answers)
		for rows := range slices.Chunk(rest, batch) {
			answer := make(chan outcome, 1)
			select {
			case answers <- answer:
				calls.Go(func() { answer <- i.sendBatch(ctx, rows) })
			case <-ctx.Done():
				return
			}
		}
	})
	for answer := range answers {
		s := <-answer
		if s.err != nil {
			return errors.Join(s.err, i.save(mark))
		}
		i.done.add(s.progress)
		if now := i.desk.now(); now.Sub(i.saved) >= saveEach {
			if err := i.save(mark); err != nil {
				return err
			}
			fmt.Fprintf(i.out, "  %d of %d\n", i.done.Rows, len(l.rows))
		}
	}
	if i.done.Rows < len(l.rows) {
		return errors.Join(errInterrupted, i.save(mark))
	}
	return nil
}

func (p *progress) add(batch progress) {
	p.Rows += batch.Rows
	for status, n := range batch.Counts {
		p.Counts[status] += n
	}
	for why, n := range batch.Reasons {
		p.Reasons[why] += n
	}
	maps.Copy(p.Remarks, batch.Remarks)
}

// sendBatch sends a batch until every row of it has its answer. What is answered
// counts only when all is: until then a new run sends the whole batch again.
func (i *importer) sendBatch(ctx context.Context, rows []row) outcome {
	s := outcome{progress: newProgress()}
	s.Rows = len(rows)
	for len(rows) > 0 && s.err == nil {
		rows, s.err = i.ask(ctx, rows, &s.progress)
	}
	return s
}

// ask sends rows once, or more often while none of them is done, and gives
// those back that are not.
func (i *importer) ask(ctx context.Context, rows []row, done *progress) (again []row, err error) {
	err = i.desk.insist(ctx, func() error {
		var answer struct {
			Results []struct {
				Status string
				Error  struct{ Message string }
			}
		}
		ask := map[string]any{"rows": rows, "source": filepath.Base(i.file), "even_if_back": i.even, "import": i.done.Import, "dry": i.dry}
		if err := i.desk.call(ctx, "POST", "/suppressions/import", ask, &answer); err != nil {
			return err
		}
		if len(answer.Results) != len(rows) {
			return fmt.Errorf("the desk gave %d answers to %d rows", len(answer.Results), len(rows))
		}
		again = nil
		for n, result := range answer.Results {
			if result.Status == unsettled {
				again = append(again, rows[n])
				continue
			}
			if result.Status == repeated && i.done.Before > 0 {
				result.Status = known
			}
			done.count(rows[n], result.Status, result.Error.Message)
		}
		if len(again) == len(rows) {
			return errAgain
		}
		return nil
	})
	return again, err
}

// count counts one answer. A row that came before in the list was known by then,
// and one that this import had taken before its answer got lost is new.
func (p *progress) count(r row, status, message string) {
	switch {
	case r.again && (status == taken || status == repeated):
		status = known
	case status == repeated:
		status = taken
	}
	p.Counts[status]++
	switch status {
	case taken:
		p.Reasons[r.Reason]++
	case refused:
		p.Remarks[r.line] = "not taken: " + message
	case kept:
		p.Remarks[r.line] = "left alone: the person has come back since the list's date"
	}
}
