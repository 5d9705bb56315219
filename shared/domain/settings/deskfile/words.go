package deskfile

import (
	"cmp"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/spelling"
)

// The parser's words, which name Go's types.
var (
	unknownField = regexp.MustCompile(`^field (.*) not found in type (.*)$`)
	otherKind    = regexp.MustCompile("^cannot unmarshal (?s:.*) into ([^ ]+)$")
)

// reworded says what the parser refuses in the words of desk.yaml.
func reworded(text string, n int, tree *yaml.Node) string {
	if found := unknownField.FindStringSubmatch(text); found != nil {
		where, shape := parent(tree, found[1], n)
		said := cmp.Or(where, "the file") + " has no setting " + found[1]
		if near := nearest(found[1], shape); near != "" {
			said += "; did you mean " + near + "?"
		}
		return said
	}
	if found := otherKind.FindStringSubmatch(text); found != nil {
		return expected(found[1]) + " is expected here"
	}
	return text
}

func expected(goType string) string {
	for _, kind := range []struct{ prefix, words string }{
		{"int", "a whole number"}, {"bool", "true or false"}, {"string", "a text"}, {"[]", "a list"},
	} {
		if strings.HasPrefix(goType, kind.prefix) {
			return kind.words
		}
	}
	return "a setting with others of its own"
}

// parent finds the mapping with a key in a line: its path, and its shape in package settings.
func parent(tree *yaml.Node, key string, n int) (path string, shape reflect.Type) {
	type place struct {
		node  *yaml.Node
		path  string
		shape reflect.Type
	}
	places := []place{{tree, "", reflect.TypeFor[settings.Desk]()}}
	for len(places) > 0 {
		at := places[0]
		places = places[1:]
		switch at.node.Kind {
		case yaml.DocumentNode:
			places = append(places, place{at.node.Content[0], at.path, at.shape})
		case yaml.SequenceNode:
			for i, element := range at.node.Content {
				places = append(places, place{element, at.path + "[" + strconv.Itoa(i) + "]", inside(at.shape, "")})
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(at.node.Content); i += 2 {
				name, value := at.node.Content[i], at.node.Content[i+1]
				if name.Value == key && name.Line == n {
					return at.path, at.shape
				}
				places = append(places, place{value, strings.TrimPrefix(at.path+"."+name.Value, "."), inside(at.shape, name.Value)})
			}
		}
	}
	return "", nil
}

// inside is the shape of a setting of a shape; nil if there is none.
func inside(shape reflect.Type, name string) reflect.Type {
	if shape == nil {
		return nil
	}
	switch shape.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer:
		return shape.Elem()
	case reflect.Struct:
		for i := range shape.NumField() {
			if setting(shape.Field(i)) == name {
				return shape.Field(i).Type
			}
		}
	}
	return nil
}

// setting is the name of a field in desk.yaml, "" if it has none.
func setting(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return strings.TrimPrefix(name, "-")
}

// nearest is the setting of a shape that a misspelt word most likely means, "" if none is near.
func nearest(word string, shape reflect.Type) string {
	if shape == nil || shape.Kind() != reflect.Struct {
		return ""
	}
	best, least := "", 3
	for i := range shape.NumField() {
		if name := setting(shape.Field(i)); name != "" {
			if d := spelling.Distance(plain(word), plain(name)); d < least && d < len(name)/2 {
				best, least = name, d
			}
		}
	}
	return best
}

func plain(word string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(word))
}
