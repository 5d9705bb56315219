package standin

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// entry is one address on a suppression list. MessageID and FeedbackID are set
// when SES itself put it there after a bounce or a complaint.
type entry struct {
	Address    string    `json:"address"`
	Reason     string    `json:"reason"`
	Updated    time.Time `json:"updated"`
	MessageID  string    `json:"message_id,omitempty"`
	FeedbackID string    `json:"feedback_id,omitempty"`
}

// list is one suppression list, the account's or a tenant's. It pages through a
// million entries in a stable order: keys are sorted once, later ones are merged in
// when the next page is asked for, removed ones are skipped.
type list struct {
	entries map[string]entry    // by folded address
	variant map[string][]string // lower-cased address -> folded addresses, for sending
	order   []string            // sorted; may still name removed entries
	added   []string            // put since the last merge
}

func newList() *list {
	return &list{entries: map[string]entry{}, variant: map[string][]string{}}
}

func (l *list) put(e entry) {
	e.Address = fold(e.Address)
	if _, known := l.entries[e.Address]; !known {
		lower := strings.ToLower(e.Address)
		l.variant[lower] = append(l.variant[lower], e.Address)
		l.added = append(l.added, e.Address)
	}
	l.entries[e.Address] = e
}

func (l *list) get(address string) (entry, bool) {
	e, ok := l.entries[fold(address)]
	return e, ok
}

func (l *list) remove(address string) bool {
	address = fold(address)
	if _, ok := l.entries[address]; !ok {
		return false
	}
	delete(l.entries, address)
	lower := strings.ToLower(address)
	l.variant[lower] = slices.DeleteFunc(l.variant[lower], func(v string) bool { return v == address })
	if len(l.variant[lower]) == 0 {
		delete(l.variant, lower)
	}
	return true
}

// matching returns the entries that sending takes for this address: case does not
// count there.
func (l *list) matching(address string) []entry {
	var found []entry
	for _, key := range l.variant[strings.ToLower(address)] {
		found = append(found, l.entries[key])
	}
	return found
}

// page returns up to limit entries after the given key that keep accepts, and
// whether there are more.
func (l *list) page(after string, limit int, keep func(entry) bool) (found []entry, more bool) {
	l.merge()
	from, ok := slices.BinarySearch(l.order, after)
	if ok {
		from++
	}
	for _, key := range l.order[from:] {
		e, present := l.entries[key]
		if !present || !keep(e) {
			continue
		}
		if len(found) == limit {
			return found, true
		}
		found = append(found, e)
	}
	return found, false
}

// merge sorts only what is new: a few keys are put in place, many are merged. When
// most keys are of removed entries, it begins anew.
func (l *list) merge() {
	added := l.added
	l.added = nil
	if len(l.order) > 2*len(l.entries) {
		l.order = slices.Sorted(maps.Keys(l.entries))
		return
	}
	if len(added) > 32 {
		slices.Sort(added)
		l.order = slices.Compact(mergeSorted(l.order, added))
		return
	}
	for _, key := range added {
		if at, there := slices.BinarySearch(l.order, key); !there {
			l.order = slices.Insert(l.order, at, key)
		}
	}
}

func mergeSorted(a, b []string) []string {
	out := make([]string, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func (l *list) all() []entry {
	found, _ := l.page("", len(l.entries), func(entry) bool { return true })
	return found
}
