package deskfile

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/domain/settings"
)

// located gives each fault the line of its setting, and puts them in the file's order.
func located(err error, tree *yaml.Node) error {
	faults := flat(err)
	for _, err := range faults {
		if f, ok := errors.AsType[*settings.Fault](err); ok && f.Line == 0 {
			f.Line = line(tree, f.Path)
		}
	}
	slices.SortStableFunc(faults, func(a, b error) int { return cmp.Compare(lineOf(a), lineOf(b)) })
	return errors.Join(faults...)
}

func lineOf(err error) int {
	if f, ok := errors.AsType[*settings.Fault](err); ok {
		return f.Line
	}
	return 0
}

// flat takes joined errors apart.
func flat(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return slices.DeleteFunc([]error{err}, func(err error) bool { return err == nil })
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, flat(one)...)
	}
	return all
}

// line is where a setting such as topics[1].id stands. One that is missing is looked for where it should stand: the line
// of the last part of its path that is there.
func line(tree *yaml.Node, path string) int {
	at := tree
	if at.Kind == yaml.DocumentNode {
		at = at.Content[0]
	}
	found := at.Line
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		if at, found = step(at, part, found); at == nil {
			break
		}
	}
	return found
}

// step goes one part of a path down; of a mapping, the line is that of the key.
func step(at *yaml.Node, part string, found int) (*yaml.Node, int) {
	for at.Kind == yaml.AliasNode {
		at = at.Alias
	}
	if i, err := strconv.Atoi(part); err == nil && at.Kind == yaml.SequenceNode && i < len(at.Content) {
		return at.Content[i], at.Content[i].Line
	}
	if at.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(at.Content); i += 2 {
			if at.Content[i].Value == part {
				return at.Content[i+1], at.Content[i].Line
			}
		}
	}
	return nil, found
}
