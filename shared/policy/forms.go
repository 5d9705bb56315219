package policy

import (
	"net/url"
	"slices"
	"strings"
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
	Redirects  []string `yaml:"redirects"`

	exact  map[string]Meaning
	suffix []pattern
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
)

type pattern struct {
	end     string
	meaning Meaning
}

// index prepares MeaningOf. Where a name stands under two meanings, the later
// row wins.
func (f *Forms) index() {
	f.exact = map[string]Meaning{}
	for _, row := range []struct {
		names   []string
		meaning Meaning
	}{
		{f.Email, Email}, {f.Name, Name}, {f.Topic, TopicField}, {f.Everything, Everything}, {f.Erase, Erase},
		{f.Redirect, Redirect}, {f.Campaign, Campaign}, {f.Language, Language}, {f.Honeypot, Honeypot},
	} {
		for _, n := range row.names {
			if end, ok := strings.CutPrefix(n, "*"); ok {
				f.suffix = append(f.suffix, pattern{fieldKey(end), row.meaning})
				continue
			}
			f.exact[fieldKey(n)] = row.meaning
		}
	}
}

// MeaningOf says what a form field stands for, by its name alone.
func (f *Forms) MeaningOf(field string) Meaning {
	key := fieldKey(field)
	if m, ok := f.exact[key]; ok {
		return m
	}
	for _, p := range f.suffix {
		if strings.HasSuffix(key, p.end) {
			return p.meaning
		}
	}
	return Ignored
}

// fieldKey folds the spellings of one field name: "fields[E-Mail 2]" and
// "email" are the same.
func fieldKey(name string) string {
	if i := strings.LastIndexByte(strings.TrimSuffix(name, "[]"), '['); i >= 0 {
		name = name[i:]
	}
	folded := strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune("-_.[]():", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
	return strings.TrimRight(folded, "0123456789")
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
		path := u.EscapedPath()
		if path == allowed.EscapedPath() {
			return true
		}
		// Below a folder, but not out of it again.
		if strings.HasSuffix(allowed.Path, "/") && strings.HasPrefix(path, allowed.EscapedPath()) && !strings.Contains(u.Path, "..") {
			return true
		}
	}
	return false
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
