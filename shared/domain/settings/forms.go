package settings

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Forms says which field names of the sites' forms mean what, and where a
// form may send the browser afterwards. Package form compares names.
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
}

// FieldNames are the names that one setting of Forms lists. A name that begins
// with * stands for every name that ends so.
type FieldNames struct {
	Setting string // "email"
	Names   []string
}

// Names lists the settings that name fields. Where a name stands under two of
// them, the later one wins.
func (f *Forms) Names() []FieldNames {
	return []FieldNames{
		{"email", f.Email}, {"name", f.Name}, {"topic", f.Topic}, {"everything", f.Everything}, {"erase", f.Erase},
		{"redirect", f.Redirect}, {"campaign", f.Campaign}, {"language", f.Language},
		{"kind", f.Kind}, {"country", f.Country}, {"region", f.Region}, {"details", f.Details}, {"on_behalf_of", f.OnBehalfOf},
		{"honeypot", f.Honeypot},
	}
}

// isFieldName reports whether a setting can name a field: it holds a letter,
// or is a field's whole name, such as input[3] or 7.
func isFieldName(name string) bool {
	return strings.ContainsFunc(name, unicode.IsLetter) || !strings.HasPrefix(name, "*") && strings.ContainsAny(name, "[0123456789")
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
