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
		r.kinds = append(r.kinds, kindOf(h))
	}
	is := func(k kind) []int { return r.t.columns(func(o kind) bool { return o == k }, r.p.address) }
	r.outDates, r.reasons = is(outDate), is(reason)
	r.explicit, r.ins = is(saysOut), is(saysIn)
	for _, i := range is(status) {
		if r.holds(i, func(m said) bool { return m >= out }) {
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

// holds reports whether the first cells of a column hold a word that means
// something.
func (r *reader) holds(column int, means func(said) bool) bool {
	n := 0
	for rec := range r.t.records {
		if n++; n > sampled {
			break
		}
		if means(meaning(rec.cell(column))) {
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
	switch {
	case len(consent) > 0:
		p.decided, p.reads = fmt.Sprintf("Who is out is read from %s.", quoted(r.t, consent)), r.byConsent
		if r.a.all {
			p.notes = append(p.notes, "ALL=yes was not needed, and changes nothing: a column says who is out.")
		}
	case len(r.outDates) > 0:
		p.decided, p.reads = fmt.Sprintf("Who has a date in %s is out.", quoted(r.t, r.outDates)), r.byDate
	case len(r.reasons) > 0 && (r.by != "" || r.a.all || r.holds(r.reasons[0], func(m said) bool { return m == out || m >= bounce })):
		p.decided, p.reads = fmt.Sprintf("Everybody on it is out, for the reason in %s.", quoted(r.t, r.reasons[:1])), r.byReason
	case r.t.header == nil && r.looksDecided():
		return errors.New("a column seems to say who is out, but no line names the columns; nothing was imported. Put a first line that names them above it, such as email,unsubscribed")
	case r.by != "":
		p.decided, p.reads = fmt.Sprintf("Everybody on it is out: %s says so (%s).", r.by, r.why), everybody(r.why)
	case len(r.plains) > 0 && r.t.plainList(p.address) && !r.born():
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
	width := 0
	for rec := range r.t.records {
		width = len(rec.cells)
		break
	}
	for i := range width {
		if i != r.p.address && r.holds(i, func(m said) bool { return m > nothing }) {
			return true
		}
	}
	return false
}

// byConsent goes by the columns of consent. One that says out decides, unless a
// column of opt-outs says otherwise of the same person.
func (r *reader) byConsent(rec record) (why, since string, err error) {
	staysIn := -1
	for _, i := range r.explicit {
		switch m := r.kinds[i].reads(rec.cell(i)); m {
		case unknown:
			return "", "", cannotRead(r.t, rec, i)
		case out, bounce, spam:
			return r.reasonOf(rec, m), rec.cell(i), nil
		case softBounce:
			return softly, "", nil
		case in:
			staysIn = i
		}
	}
	for _, i := range r.ins {
		switch m := r.kinds[i].reads(rec.cell(i)); {
		case m == unknown:
			return "", "", cannotRead(r.t, rec, i)
		case m != out && m != bounce && m != spam:
		case staysIn >= 0:
			return "", "", fmt.Errorf("line %d: %q says that the person is out, and %q that they are not; nothing was imported. Say by which to go, such as CONSENT=%q", rec.line, r.t.header[i], r.t.header[staysIn], r.t.header[staysIn])
		default:
			return r.reasonOf(rec, m), "", nil
		}
	}
	return "", "", nil
}

// reasonOf lets a column of reasons say more than a mere yes.
func (r *reader) reasonOf(rec record, m said) string {
	if m == out && len(r.reasons) > 0 {
		if more := meaning(rec.cell(r.reasons[0])).reasonOf(); more != "" {
			return more
		}
	}
	return m.reasonOf()
}

// byDate takes those as out who have a date. On a list of opt-outs one without
// is not beyond doubt.
func (r *reader) byDate(rec record) (why, since string, err error) {
	for _, i := range r.outDates {
		if meaning(rec.cell(i)) != nothing && meaning(rec.cell(i)) != no {
			return r.reasonOf(rec, out), "", nil
		}
	}
	switch {
	case r.a.all:
		return unsubscribed, "", nil
	case r.by != "":
		return "", "", fmt.Errorf("line %d has no date in %s, though %s calls this a list of opt-outs; nothing was imported. If everybody on it is out, say ALL=yes", rec.line, quoted(r.t, r.outDates), r.by)
	}
	return "", "", nil
}

func (r *reader) byReason(rec record) (why, since string, err error) {
	switch m := meaning(rec.cell(r.reasons[0])); {
	case m == softBounce:
		return softly, "", nil
	case m.reasonOf() != "":
		return m.reasonOf(), "", nil
	case m == in:
		return "", "", nil
	case r.by != "" && r.why != softly:
		return r.why, "", nil
	case r.a.all:
		return unsubscribed, "", nil
	}
	return "", "", cannotRead(r.t, rec, r.reasons[0])
}
