package form

import (
	"strings"
	"unicode"

	"privacydesk/shared/domain/settings"
)

// Meaning is what a form field stands for: the name of its setting in desk.yaml.
type Meaning string

// The meanings of form fields; every other field is ignored.
const (
	Ignored    Meaning = ""
	Email      Meaning = "email"
	Name       Meaning = "name"
	Topic      Meaning = "topic"
	Everything Meaning = "everything"
	Erase      Meaning = "erase"
	Redirect   Meaning = "redirect"
	Campaign   Meaning = "campaign"
	Language   Meaning = "language"
	Honeypot   Meaning = "honeypot"
	Kind       Meaning = "kind"
	Country    Meaning = "country"
	Region     Meaning = "region"
	Details    Meaning = "details"
	OnBehalfOf Meaning = "on_behalf_of"
)

// Reader reads forms by the field names of one organisation.
type Reader struct {
	whole  map[string]Meaning // by the name as it is sent
	folded map[string]Meaning // by fieldKey
	suffix []pattern          // of a fieldKey
}

type pattern struct {
	end     string
	meaning Meaning
}

// NewReader indexes the field names of desk.yaml.
func NewReader(f *settings.Forms) *Reader {
	r := &Reader{whole: map[string]Meaning{}, folded: map[string]Meaning{}}
	for _, row := range f.Names() {
		for _, name := range row.Names {
			r.add(name, Meaning(row.Setting))
		}
	}
	return r
}

func (r *Reader) add(name string, m Meaning) {
	if end, anyStart := strings.CutPrefix(name, "*"); anyStart {
		if end = fieldKey(end); end != "" {
			r.suffix = append(r.suffix, pattern{end, m})
		}
		return
	}
	if isWhole(name) {
		r.whole[strings.ToLower(name)] = m
		return
	}
	r.folded[fieldKey(name)] = m
}

// isWhole reports whether a setting names one field by its position in a form,
// such as input_3 or wpforms[fields][1], so that input_4 is another one.
func isWhole(name string) bool {
	return strings.Contains(name, "[") || strings.TrimRight(name, "0123456789") != name
}

// Meaning says what a form field stands for, by its name alone.
func (r *Reader) Meaning(field string) Meaning {
	if m, ok := r.whole[strings.ToLower(field)]; ok {
		return m
	}
	key := fieldKey(field)
	if m, ok := r.folded[key]; ok {
		return m
	}
	for _, p := range r.suffix {
		if strings.HasSuffix(key, p.end) {
			return p.meaning
		}
	}
	return Ignored
}

// group returns what a nested field stands in: "fields" of fields[Email], ""
// of a field that is not nested. What belongs together stands in one group.
func group(field string) string {
	outer, _ := cutName(field)
	return outer
}

// fieldKey folds the spellings of one field name: "fields[E-Mail 2]",
// "email[value]" and "Email*" are "email".
func fieldKey(field string) string {
	_, name := cutName(field)
	folded := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	return strings.TrimRight(folded, "0123456789")
}

// cutName takes the innermost name of a nested one. An index and the word
// "value" are no names: email[], email[0] and email[value] are email.
func cutName(field string) (group, name string) {
	for {
		open := strings.LastIndexByte(field, '[')
		if open < 0 {
			return "", field
		}
		inner := strings.Trim(field[open:], "[] ")
		if strings.Trim(inner, "0123456789") != "" && inner != "value" {
			return field[:open], inner
		}
		field = field[:open]
	}
}
