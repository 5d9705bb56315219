package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// reader reads a list whose maker is not known by its columns.
type reader struct {
	t                         table
	a                         asked
	p                         plan
	explicit, ins             []int // columns of consent: those that speak of opting out, and of consent
	outDates, reasons, plains []int
	by, why                   string // what calls the list one of opt-outs
	kinds                     []kind
}

func readColumns(t table, a asked) (plan, error) {
	address, err := addressColumn(t, a.column)
	if err != nil {
		return plan{}, err
	}
	r := reader{t: t, a: a, p: plan{address: address, scope: -1}}
	if err := r.sort(); err != nil {
		return plan{}, err
	}
	r.p.width = 1 + slices.Max(slices.Concat([]int{address}, r.explicit, r.ins, r.outDates, r.reasons))
	r.by, r.why = called(t, address, a.file)
	if err := r.decide(); err != nil {
		return plan{}, err
	}
	if t.json {
		r.p.name = "JSON"
	}
	return r.p, nil
}

// sort looks for the columns that say something.
func (r *reader) sort() error {
	for _, h := range r.t.header {
		if k := kindOf(h); fold(h) != fold(r.a.consent) {
			r.kinds = append(r.kinds, k)
		} else {
			r.kinds = append(r.kinds, kindAlone(h)) // the caller says that it is one
		}
	}
	is := func(k kind) (found []int) {
		for i, o := range r.kinds {
			if i != r.p.address && o == k {
				found = append(found, i)
			}
		}
		return found
	}
	r.outDates, r.reasons = is(outDate), is(reason)
	r.explicit, r.ins = is(saysOut), is(saysIn)
	for _, i := range is(status) {
		if r.speaks(i) {
			r.explicit = append(r.explicit, i)
		}
	}
	slices.Sort(r.explicit)
	for i, h := range r.t.header {
		if i != r.p.address && plainDates.MatchString(fold(h)) {
			r.plains = append(r.plains, i)
		}
	}
	if r.a.consent == "" {
		return nil
	}
	i := slices.IndexFunc(r.t.header, func(h string) bool { return fold(h) == fold(r.a.consent) })
	switch {
	case slices.Contains(r.explicit, i):
		r.explicit, r.ins = []int{i}, nil
	case slices.Contains(r.ins, i):
		r.explicit, r.ins = nil, []int{i}
	default:
		return fmt.Errorf("no column %q is known to say who is out. Columns found: %s", r.a.consent, r.t.names())
	}
	return nil
}

// speaks reports whether a column of some status is about mailings: its name or
// one of its values says so.
func (r *reader) speaks(column int) bool {
	header := r.t.header[column]
	if fold(header) == fold(r.a.consent) || mailWords.MatchString(fold(header)) {
		return r.holds(column, func(m said) bool { return m >= out })
	}
	return r.holdsValue(column, plainly)
}

// saysWhy reports whether a column of reasons holds one for which people are
// out: what events, orders and contracts have for a type is none.
func (r *reader) saysWhy(column int) bool {
	name := fold(r.t.header[column])
	sure := bounceNames.MatchString(name) || outNames.MatchString(name)
	return r.holdsValue(column, func(value string) bool {
		m := meaning(value)
		return (m == out || m >= bounce) && (sure || plainly(value))
	})
}

// holds reports whether the first cells of a column hold a word that means
// something.
func (r *reader) holds(column int, means func(said) bool) bool {
	return r.holdsValue(column, func(value string) bool { return means(meaning(value)) })
}

func (r *reader) holdsValue(column int, is func(string) bool) bool {
	for rec := range r.t.top {
		if is(rec.cell(column)) {
			return true
		}
	}
	return false
}

func (r *reader) decide() error {
	p := &r.p
	consent := slices.Concat(r.explicit, r.ins)
	p.dates = r.outDates
	if len(p.dates) == 0 && r.t.plainList(p.address) && (len(consent) == 0 || !r.born()) {
		p.dates = r.plains
	}
	if len(p.dates) == 0 && len(consent) == 0 && (len(r.reasons) > 0 || r.by != "") && !r.born() {
		p.dates = r.plains // on a list of opt-outs, their own
	}
	switch {
	case len(consent) == 0 && !r.a.all && allowed(r.t, r.a.file):
		return errors.New("the name says that this is a list of people who may be written to; nothing was imported. If everybody on it is to be opted out, say ALL=yes")
	case len(consent) > 0:
		p.decided, p.reads = fmt.Sprintf("Who is out is read from %s.", quoted(r.t, consent)), r.byConsent
		if r.a.all {
			p.notes = append(p.notes, "ALL=yes was not needed, and changes nothing: a column says who is out.")
		}
	case len(r.outDates) > 0:
		p.decided, p.reads = fmt.Sprintf("Who has a date in %s is out.", quoted(r.t, r.outDates)), r.byDate
	case len(r.reasons) > 0 && (r.by != "" || r.a.all || r.saysWhy(r.reasons[0])):
		p.decided, p.reads = fmt.Sprintf("Everybody on it is out, for the reason in %s.", quoted(r.t, r.reasons[:1])), r.byReason
	case r.t.header == nil && r.looksDecided():
		return errors.New("a column seems to say who is out, but no line names the columns; nothing was imported. Put a first line that names them above it, such as email,unsubscribed")
	case r.by != "":
		p.decided, p.reads = fmt.Sprintf("Everybody on it is out: %s says so (%s).", r.by, r.why), everybody(r.why)
	case len(r.plains) > 0 && r.t.plainList(p.address) && !r.born() && !ofOthers(r.t, r.a.file):
		p.decided, p.reads = fmt.Sprintf("Everybody on it is out: it holds addresses with a date in %s and nothing else.", quoted(r.t, r.plains)), everybody(unsubscribed)
	case r.a.all:
		p.decided, p.reads = "ALL=yes: everybody on it is out.", everybody(unsubscribed)
	default:
		return fmt.Errorf("no column says who is out, and neither a reason, a date nor the file's name says that this is a list of opt-outs; nothing was imported. Columns found: %s. If everybody on it is to be opted out, say ALL=yes", r.t.names())
	}
	return nil
}

// born reports whether the dates are when an entry was made, which contacts
// have too.
func (r *reader) born() bool {
	for _, i := range r.plains {
		if name := fold(r.t.header[i]); !strings.HasPrefix(name, "creat") && !strings.HasPrefix(name, "add") && !strings.Contains(name, "create") && !strings.Contains(name, "added") {
			return false
		}
	}
	return true
}

// looksDecided reports whether a column without a name holds words that may say
// who is out.
func (r *reader) looksDecided() bool {
	for first := range r.t.records {
		for i := range first.cells {
			if i != r.p.address && r.holds(i, func(m said) bool { return m > nothing }) {
				return true
			}
		}
		break
	}
	return false
}
