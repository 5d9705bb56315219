package deskpage

import (
	"slices"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
)

// Typed is what stands in the fields of a form, by their names.
type Typed map[string][]string

// First is the first value of a field.
func (t Typed) First(name string) string {
	if all := t[name]; len(all) > 0 {
		return all[0]
	}
	return ""
}

// Fault is what is wrong with a field, by a code; Message is for machines.
type Fault struct {
	Field   string `json:"field"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// Faults are those of an error, for the fields of a form. What the domain calls
// otherwise than the form does is renamed.
func Faults(err error, renamed map[string]string) []Fault {
	var all []Fault
	for _, f := range fault.FieldsOf(err) {
		name := f.Field
		if own, other := renamed[name]; other {
			name = own
		}
		all = append(all, Fault{name, f.Reason, f.Message})
	}
	return all
}

// inputs make the fields of one form: labels and hints stand in the words under
// "desk.field.", the form's own or those that several forms share.
type inputs struct {
	t      *catalog.Texts
	form   string
	typed  Typed
	faults []Fault
}

// key is that of a field's words.
func (in inputs) key(name string) string {
	base, _, _ := strings.Cut(name, ".") // "outcome.access" is an outcome
	if own := "desk.field." + in.form + "." + base; in.t.Has(own) {
		return own
	}
	return "desk.field." + base
}

func (in inputs) field(kind, name string, pairs ...string) field {
	key := in.key(name)
	f := field{Kind: kind, Name: name, Label: in.t.Text(key, pairs...), Value: in.typed.First(name), Error: in.wrong(name)}
	if in.t.Has(key + ".hint") {
		f.Hint = in.t.Text(key+".hint", pairs...)
	}
	return f
}

func (in inputs) area(name string, rows int, pairs ...string) field {
	f := in.field("area", name, pairs...)
	f.Rows = rows
	return f
}

// choice is a field with options; what stands in it is chosen.
func (in inputs) choice(kind, name string, options []option, pairs ...string) field {
	f := in.field(kind, name, pairs...)
	f.Value, f.Options = "", options
	for i, o := range f.Options {
		f.Options[i].Chosen = slices.Contains(in.typed[name], o.Value)
	}
	return f
}

// coded are options whose words the catalogue has under a group.
func coded[T ~string](t *catalog.Texts, group string, codes []T) []option {
	var all []option
	for _, c := range codes {
		o := option{Value: string(c), Text: t.Named(group, string(c))}
		all = append(all, o)
	}
	return all
}

// wrong says what is wrong with a field, "" for nothing.
func (in inputs) wrong(name string) string {
	for _, f := range in.faults {
		if f.Field == name {
			return in.sentence(f)
		}
	}
	return ""
}

// sentence puts a fault into words: those of its field, else those of its reason.
func (in inputs) sentence(f Fault) string {
	base, _, _ := strings.Cut(f.Field, ".")
	for _, key := range []string{"desk.wrong." + in.form + "." + base + "." + f.Reason, "desk.wrong." + base + "." + f.Reason, "fault.email." + f.Reason, "desk.wrong." + f.Reason} {
		if in.t.Has(key) && (base == "address" || !strings.HasPrefix(key, "fault.email.")) {
			return in.t.Text(key)
		}
	}
	return in.t.Text("desk.wrong.invalid")
}

// summary lists what must be corrected, each with a link to its field.
func (in inputs) summary() (problem string, list []link) {
	if len(in.faults) == 0 {
		return "", nil
	}
	for _, f := range in.faults {
		text := in.sentence(f)
		if _, kind, one := strings.Cut(f.Field, "."); one { // several kinds can lack the same
			text = in.t.Named("desk.kind.", kind) + ": " + text
		}
		list = append(list, link{"#f-" + f.Field, text})
	}
	return in.t.Plural("desk.correct", len(list)), list
}

// problem is why something is refused, or what must be corrected.
func (in inputs) problem(d *Desk, r *Refusal) (problem string, list []link) {
	if r != nil {
		return r.words(d, in.t), nil
	}
	return in.summary()
}

// languages are those in which letters are written.
func languages() []option {
	var all []option
	for _, code := range catalog.Languages() {
		all = append(all, option{Value: code, Text: catalog.Name(code)})
	}
	return all
}

// countries begin with none.
func countries(t *catalog.Texts) []option {
	all := []option{{Value: "", Text: t.Text("desk.unknown")}}
	for _, p := range t.Countries() {
		all = append(all, option{Value: p.Code, Text: p.Name})
	}
	return all
}

// regions are what our laws tell apart.
func regions(t *catalog.Texts) []option {
	all := []option{{Value: "", Text: t.Text("desk.unknown")}}
	for _, p := range catalog.Regions() {
		all = append(all, option{Value: p.Code, Text: p.Name + " (" + p.Code[:2] + ")"})
	}
	return all
}
