package web

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/spelling"
)

// unknownMember returns the error for the first member of a JSON value that a Go type has no place for: where it
// stands, and which known one was probably meant. No value is said.
func unknownMember(value any, shape reflect.Type, path string) error {
	for shape.Kind() == reflect.Pointer {
		shape = shape.Elem()
	}
	if readsItself(shape) {
		return nil
	}
	switch v := value.(type) {
	case []any:
		if shape.Kind() != reflect.Slice {
			return nil
		}
		for i, one := range v {
			if err := unknownMember(one, shape.Elem(), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		if shape.Kind() == reflect.Struct {
			return unknownIn(v, shape, path)
		}
	}
	return nil
}

func unknownIn(object map[string]any, shape reflect.Type, path string) error {
	known := members(shape)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		i := slices.IndexFunc(known, func(m member) bool { return strings.EqualFold(m.name, name) })
		at := strings.TrimPrefix(path+"."+person.CleanText(name, 64), ".")
		if i < 0 {
			return fault.Field(at, "unknown", "unknown member "+at+didYouMean(name, known, func(one string) bool {
				_, given := object[one]
				return given
			}))
		}
		if err := unknownMember(object[name], known[i].shape, at); err != nil {
			return err
		}
	}
	return nil
}

// member is one that a struct reads. Meant is a word that people try instead, of the tag "meant".
type member struct {
	name, meant string
	shape       reflect.Type
}

// members are those that encoding/json reads into a struct, in their order.
func members(shape reflect.Type) []member {
	var all []member
	for _, f := range reflect.VisibleFields(shape) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && name != "-" && !f.Anonymous {
			if name == "" {
				name = f.Name
			}
			all = append(all, member{name, f.Tag.Get("meant"), f.Type})
		}
	}
	return all
}

func namesOf(all []member) []string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.name
	}
	return names
}

// readsItself reports whether a type has a JSON form of its own, such as a time.
func readsItself(shape reflect.Type) bool {
	p := reflect.PointerTo(shape)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// didYouMean names the known name that is nearest to a wrong one: what differs by a slip, else the first that was not
// given. It is "" where all were given.
func didYouMean(wrong string, all []member, given func(string) bool) string {
	known, meant := namesOf(all), namesOf(slices.DeleteFunc(slices.Clone(all), func(m member) bool { return m.meant != wrong }))
	if len(meant) > 0 {
		return "; did you mean " + strings.Join(meant, " and ") + "?"
	}
	best, least := "", max(1, len(wrong)/3)+1
	for _, name := range known {
		if d := spelling.Distance(strings.ToLower(wrong), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	if i := slices.IndexFunc(known, func(name string) bool { return !given(name) }); best == "" && i >= 0 {
		best = known[i]
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
