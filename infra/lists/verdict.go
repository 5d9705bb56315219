package main

import (
	"fmt"
	"slices"
)

// byConsent goes by the columns of consent. Where they are silent, a date of
// opting out says it.
func (r *reader) byConsent(rec record) (why, since string, err error) {
	why, since, err = r.byColumns(rec)
	if err != nil || why != "" || len(r.outDates) == 0 || !r.silent(rec) {
		return why, since, err
	}
	for _, i := range r.outDates {
		if isSince(rec.cell(i)) {
			return r.reasonOf(rec, out), "", nil
		}
	}
	return "", "", nil
}

// silent reports whether no column of consent says anything of a person.
func (r *reader) silent(rec record) bool {
	return !slices.ContainsFunc(slices.Concat(r.explicit, r.ins), func(i int) bool { return meaning(rec.cell(i)) != nothing })
}

// isSince reports whether a cell holds a date of opting out, or words of it.
func isSince(cell string) bool {
	m := meaning(cell)
	return m != nothing && m != no && m != in
}

// byColumns goes by the columns of consent. One that says out decides, unless a
// column of opt-outs says otherwise of the same person.
func (r *reader) byColumns(rec record) (why, since string, err error) {
	staysIn := -1
	for _, i := range r.explicit {
		switch m := r.kinds[i].reads(rec.cell(i)); m {
		case unknown:
			return "", "", cannotRead(r.t, rec, i)
		case out, bounce, spam:
			return r.reasonOf(rec, m), r.since(rec, i), nil
		case softBounce:
			return softly, "", nil
		case in:
			staysIn = i
		}
	}
	for _, i := range r.ins {
		if r.kinds[i].reads(rec.cell(i)) == in && meaning(rec.cell(i)) == yes {
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
			return r.reasonOf(rec, m), r.since(rec, i), nil
		}
	}
	return "", "", nil
}

// since is the date that a column of consent holds, or when its word was written,
// such as in "Email Marketing Consent Timestamp". When somebody opted in, which
// may be beside a no, is not asked for.
func (r *reader) since(rec record, column int) string {
	if _, dated := readDate(rec.cell(column), dayFirst); dated {
		return rec.cell(column)
	}
	if len(r.outDates) > 0 || meaning(rec.cell(column)) < out {
		return ""
	}
	name := fold(r.t.header[column]) + " timestamp"
	return rec.cell(slices.IndexFunc(r.t.header, func(h string) bool { return fold(h) == name }))
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
		if isSince(rec.cell(i)) {
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
