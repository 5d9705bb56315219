package main

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// taskRow is a task as the table has it.
type taskRow struct {
	state, ground, setBy string
	records, round       int
}

// taskFile is what the table has of one request.
type taskFile struct {
	state  string
	rows   map[string]taskRow // by system
	events map[string]int     // "system_told crm"
	mails  map[string]int     // by template
}

// drainAndCheck ends all work without faults, with systems that are up, and checks every task.
func (t *tasks) drainAndCheck(ctx context.Context) {
	t.proxy.Decide(nil)
	defer func() { t.proxy.Decide(t.outcome) }()
	t.checkClosed(t.files(ctx))
	for _, s := range t.systems {
		s.up = true
		defer func() { s.up = false }()
	}
	for n := range 60 {
		t.tell()
		t.answerAll()
		if !t.waits(t.files(ctx)) {
			break
		}
		t.clock.Move([]time.Duration{3 * time.Minute, 11 * time.Minute, 25 * time.Hour}[min(n, 2)])
	}
	files := t.files(ctx)
	t.checkClosed(files)
	t.checkAll(files)
}

func (t *tasks) answerAll() {
	for _, s := range inSoak {
		of := t.systems[s.ID]
		for _, n := range slices.Clone(of.owes) {
			t.answers(of, n)
		}
		of.owes = nil // what is still owed was set by hand, or told anew
	}
}

// waits reports whether anything is still to be told or answered.
func (t *tasks) waits(files map[string]*taskFile) bool {
	for _, f := range files {
		for _, r := range f.rows {
			if r.state == "due" || r.state == "told" {
				return true
			}
		}
	}
	return false
}

// checkClosed: no case is closed while a task is outstanding that it must wait for.
func (t *tasks) checkClosed(files map[string]*taskFile) {
	for id, f := range files {
		if f.state != "fulfilled" && f.state != "partly_fulfilled" {
			continue
		}
		for _, s := range inSoak {
			r := f.rows[s.ID]
			if s.Required && (r.state == "due" || r.state == "told" || r.state == "failed" && r.setBy == "") {
				t.reportLoss("%s is %s, and %s is %s", id, f.state, s.ID, r.state)
			}
		}
	}
}

// checkAll holds the ledger against what was granted, what each system did, and what the history says.
func (t *tasks) checkAll(files map[string]*taskFile) {
	t.sum = taskSum{}
	for _, id := range t.granted {
		f := files[id]
		if f == nil {
			t.reportLoss("%s was granted, and is gone", id)
			continue
		}
		for _, s := range inSoak {
			if r, there := f.rows[s.ID]; there {
				t.checkRow(id, s.ID, f, r)
			} else {
				t.reportLoss("%s was granted, and %s has no task", id, s.ID)
			}
		}
		ends := f.events["fulfilled "] + f.events["partly_fulfilled "]
		if ends != 1 || f.mails["carried_out"] != 1 {
			t.reportLoss("%s is %s, ended %d times, with %d letters", id, f.state, ends, f.mails["carried_out"])
		}
		if told := f.events["notice"]; f.mails["owner_task"] != told {
			t.reportLoss("%s: owners were told %d times, in %d mails", id, told, f.mails["owner_task"])
		}
	}
	t.sum.lost = len(t.lost)
}

// checkRow: a task is told once, again only where an officer says so or it is handed over, and its answer is what the
// system did.
func (t *tasks) checkRow(id, system string, f *taskFile, r taskRow) {
	count := func(event string) int { return f.events[event+" "+system] }
	again := count("system_again")
	if told := count("system_told"); told > 1+again+count("system_handed_over") {
		t.reportLoss("%s: %s was told %d times by the ledger", id, system, told)
	}
	if answered := count("system_answered"); answered > 1+again {
		t.reportLoss("%s: %s answered %d times by the ledger", id, system, answered)
	}
	did, done := t.systems[system].did[notice(id, system, r.round)]
	switch {
	case r.setBy != "":
		t.sum.setByHand++
	case system == "bus" && r.state == "failed" && r.ground == "no_answer":
		t.sum.lapsed++
	case r.state == "done" || r.state == "not_found":
		if t.sum.done++; !done || string(did.State) != r.state || did.Records != r.records {
			t.reportLoss("%s: %s is %s, %d records, and did %v %+v", id, system, r.state, r.records, done, did)
		}
	default:
		t.reportLoss("%s: %s is still %s (%s)", id, system, r.state, r.ground)
	}
}

func notice(id, system string, round int) string {
	if round == 0 {
		return id + ".erasure." + system
	}
	return id + ".erasure." + system + "." + strconv.Itoa(round)
}

// files reads the table past the desk's own code.
func (t *tasks) files(ctx context.Context) map[string]*taskFile {
	files := map[string]*taskFile{}
	items, err := t.scan(ctx, t.tables["RequestsTable"])
	if err != nil {
		t.reportLoss("the table cannot be read: %v", err)
	}
	for _, item := range items {
		id := text(item, "id")
		if files[id] == nil {
			files[id] = &taskFile{rows: map[string]taskRow{}, events: map[string]int{}, mails: map[string]int{}}
		}
		files[id].read(item)
	}
	return files
}

func (f *taskFile) read(item map[string]types.AttributeValue) {
	kind, _, _ := strings.Cut(text(item, "row"), "#")
	switch kind {
	case "request":
		f.state = text(item, "state")
	case "mail":
		f.mails[text(item, "template")]++
	case "system":
		f.rows[text(item, "system")] = taskRow{
			text(item, "system_state"), text(item, "ground"), text(item, "set_by"), number(item, "records"), number(item, "round"),
		}
	case "event":
		var e struct {
			Kind  string
			Facts struct{ System, Notice, Outcome string }
		}
		_ = json.Unmarshal([]byte(text(item, "entry")), &e)
		if e.Kind == "system_answered" && e.Facts.Outcome == "failed" {
			e.Kind = "system_failed" // or there was no answer in time: another may follow
		}
		f.events[e.Kind+" "+e.Facts.System]++
		if e.Kind == "system_told" && e.Facts.Notice != "" {
			f.events["notice"]++
		}
	}
}

func number(item map[string]types.AttributeValue, name string) int {
	v, _ := item[name].(*types.AttributeValueMemberN)
	if v == nil {
		return 0
	}
	n, _ := strconv.Atoi(v.Value)
	return n
}
