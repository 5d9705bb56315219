// Package patch says how one stored row changes, in words that the domain
// writes and every store follows: Set, SetOnce, Clear, Increment and KeepOnly
// on named attributes, under conditions. A store turns a patch into one write;
// Apply does the same to a row in memory. The package must not know a store.
package patch

import "slices"

// Op is what a step does to its attribute.
type Op int

// The operations. All of them see the row as it was before the patch.
const (
	OpSet       Op = iota // to Step.Value
	OpSetOnce             // to Step.Value, unless the attribute is there
	OpClear               // removes the attribute
	OpIncrement           // adds 1; an absent number counts as 0
	OpUnite               // adds the texts of a Set to those of the attribute
)

// Step is one operation on one attribute.
type Step struct {
	Op    Op
	Attr  string
	Value any // a text, an int64, a Set or a Row; nil where the operation has none
}

// Patch is a change of one row. The zero Patch changes nothing. An attribute
// must stand in one step at most.
type Patch struct {
	steps      []Step
	conditions []Condition
	kept       []string // nil: all
}

// Set writes an attribute. A value that is empty ("", the zero time, nil)
// clears it: a row holds no empty attributes. Values are of the types that Row names.
func (p *Patch) Set(attr string, v any) { p.add(OpSet, attr, v) }

// SetOnce writes an attribute that the row does not have yet.
func (p *Patch) SetOnce(attr string, v any) { p.add(OpSetOnce, attr, v) }

func (p *Patch) add(op Op, attr string, v any) {
	if v = normal(v); v != nil {
		p.steps = append(p.steps, Step{op, attr, v})
	} else if op == OpSet {
		p.Clear(attr)
	}
}

// Clear removes attributes.
func (p *Patch) Clear(attrs ...string) {
	for _, attr := range attrs {
		p.steps = append(p.steps, Step{Op: OpClear, Attr: attr})
	}
}

// Increment adds 1 to a number.
func (p *Patch) Increment(attr string) { p.steps = append(p.steps, Step{Op: OpIncrement, Attr: attr}) }

// Unite adds texts to a set of texts. None: nothing is added.
func (p *Patch) Unite(attr string, texts Set) {
	if len(texts) > 0 {
		p.steps = append(p.steps, Step{OpUnite, attr, texts})
	}
}

// KeepOnly removes every attribute that is not named, known to this code or
// not, before the other steps are taken. Without a name the row itself goes.
func (p *Patch) KeepOnly(attrs ...string) { p.kept = append([]string{}, attrs...) }

// If adds conditions. The patch is applied if all hold, or not at all.
func (p *Patch) If(conditions ...Condition) { p.conditions = append(p.conditions, conditions...) }

// Steps are the operations in the order in which they were added.
func (p Patch) Steps() []Step { return p.steps }

// Conditions must all hold.
func (p Patch) Conditions() []Condition { return p.conditions }

// Kept are the attributes of KeepOnly; ok is false where all are kept. A store
// that cannot say "all others" in a write reads the row, writes what Apply
// makes of it, and asks for the kept attributes to be as they were read.
func (p Patch) Kept() (attrs []string, ok bool) { return p.kept, p.kept != nil }

// Apply returns what the patch makes of a row, as a new one; nil stands for a
// row that is not there, and a row without attributes is one that goes. It
// reports false, and returns nil, where a condition does not hold.
func (p Patch) Apply(row Row) (Row, bool) {
	for _, c := range p.conditions {
		if !c.Holds(row) {
			return nil, false
		}
	}
	return p.Result(row), true
}

// Result is what Apply returns where all conditions hold, whether or not they do.
func (p Patch) Result(row Row) Row {
	after := Row{}
	for attr, v := range row {
		if p.kept == nil || slices.Contains(p.kept, attr) {
			after[attr] = v
		}
	}
	for _, s := range p.steps {
		s.apply(row, after)
	}
	return after
}

func (s Step) apply(before, after Row) {
	switch s.Op {
	case OpSet:
		after[s.Attr] = s.Value
	case OpSetOnce:
		if _, there := before[s.Attr]; !there {
			after[s.Attr] = s.Value
		}
	case OpClear:
		delete(after, s.Attr)
	case OpIncrement:
		after[s.Attr] = before.Int(s.Attr) + 1
	case OpUnite:
		was, _ := before[s.Attr].(Set)
		all := slices.Concat(was, s.Value.(Set))
		slices.Sort(all)
		after[s.Attr] = slices.Compact(all)
	}
}
