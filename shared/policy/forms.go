package policy

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Forms says which field names of the sites' forms mean what, and where a
// form may send the browser afterwards.
type Forms struct {
	Email      []string `yaml:"email"`
	Name       []string `yaml:"name"`
	Topic      []string `yaml:"topic"`
	Everything []string `yaml:"everything"`
	Erase      []string `yaml:"erase"`
	Redirect   []string `yaml:"redirect"`
	Campaign   []string `yaml:"campaign"`
	Language   []string `yaml:"language"`
	Honeypot   []string `yaml:"honeypot"`
	Kind       []string `yaml:"kind"` // of rights requests, as the next four
	Country    []string `yaml:"country"`
	Region     []string `yaml:"region"`
	Details    []string `yaml:"details"`
	OnBehalfOf []string `yaml:"on_behalf_of"`
	Redirects  []string `yaml:"redirects"`

	whole  map[string]Meaning // by the name as it is sent
	folded map[string]Meaning // by fieldKey
	suffix []pattern          // of a fieldKey
}

// Meaning is what a form field stands for.
type Meaning string

// The meanings of form fields; every other field is ignored.
const (
	Ignored    Meaning = ""
	Email      Meaning = "email"
	Name       Meaning = "name"
	TopicField Meaning = "topic"
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

type pattern struct {
	end     string
	meaning Meaning
}

// names are the settings of every meaning. Where a name stands under two of
// them, the later one wins.
func (f *Forms) names() []namesOf {
	return []namesOf{
		{Email, f.Email}, {Name, f.Name}, {TopicField, f.Topic}, {Everything, f.Everything}, {Erase, f.Erase},
		{Redirect, f.Redirect}, {Campaign, f.Campaign}, {Language, f.Language},
		{Kind, f.Kind}, {Country, f.Country}, {Region, f.Region}, {Details, f.Details}, {OnBehalfOf, f.OnBehalfOf},
		{Honeypot, f.Honeypot},
	}
}

type namesOf struct {
	meaning Meaning
	names   []string
}

// index prepares MeaningOf.
func (f *Forms) index() {
	f.whole, f.folded = map[string]Meaning{}, map[string]Meaning{}
	for _, row := range f.names() {
		for _, n := range row.names {
			end, anyStart := strings.CutPrefix(n, "*")
			switch {
			case anyStart:
				f.suffix = append(f.suffix, pattern{fieldKey(end), row.meaning})
			case isWhole(n):
				f.whole[strings.ToLower(n)] = row.meaning
			default:
				f.folded[fieldKey(n)] = row.meaning
			}
		}
	}
}

// isWhole reports whether a setting names one field by its place in a form,
// such as input_3 or wpforms[fields][1], so that input_4 is another one.
func isWhole(name string) bool {
	return strings.Contains(name, "[") || strings.TrimRight(name, "0123456789") != name
}

// MeaningOf says what a form field stands for, by its name alone.
func (f *Forms) MeaningOf(field string) Meaning {
	if m, ok := f.whole[strings.ToLower(field)]; ok {
		return m
	}
	key := fieldKey(field)
	if m, ok := f.folded[key]; ok {
		return m
	}
	for _, p := range f.suffix {
		if strings.HasSuffix(key, p.end) {
			return p.meaning
		}
	}
	return Ignored
}

// Group returns what a nested field stands in: "fields" of fields[Email], ""
// of a field that is not nested. What belongs together stands in one group.
func Group(field string) string {
	group, _ := cutName(field)
	return group
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

// AllowsRedirect reports whether target is on the allow-list. Only absolute
// https addresses can be; what browsers read in another way than net/url does
// (backslashes, control characters, user information) never is.
func (f *Forms) AllowsRedirect(target string) bool {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Opaque != "" || !plainURL(target) {
		return false
	}
	for _, r := range f.Redirects {
		allowed, err := url.Parse(r)
		if err != nil || !strings.EqualFold(u.Host, allowed.Host) {
			continue
		}
		path, home := cmp.Or(u.EscapedPath(), "/"), cmp.Or(allowed.EscapedPath(), "/")
		if path == home {
			return true
		}
		// Below a folder, but not out of it again.
		if strings.HasSuffix(allowed.Path, "/") && strings.HasPrefix(path, home) && !strings.Contains(u.Path, "..") {
			return true
		}
	}
	return false
}

// Trap is the name of our own pages' honeypot field, "" for none.
func (f *Forms) Trap() string {
	if len(f.Honeypot) == 0 {
		return ""
	}
	return f.Honeypot[0]
}

// RedirectOrigins are the origins of the allow-list, each once: browsers hold
// a page's form-action against the target of a redirect too.
func (f *Forms) RedirectOrigins() []string {
	var origins []string
	for _, r := range f.Redirects {
		if u, err := url.Parse(r); err == nil && !slices.Contains(origins, u.Scheme+"://"+u.Host) {
			origins = append(origins, u.Scheme+"://"+u.Host)
		}
	}
	return origins
}

func plainURL(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == '\\' || r >= 0x7f })
}
