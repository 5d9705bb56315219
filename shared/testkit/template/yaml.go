package template

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// plain turns a YAML node into maps, slices, strings, json.Numbers and bools.
// A short tag becomes its long form, so that !Ref X and {Ref: X} are the same
// from here on. Numbers keep their text: an account id must not lose its zeros.
func plain(n *yaml.Node) (any, error) {
	if name, ok := strings.CutPrefix(n.Tag, "!"); ok && !strings.HasPrefix(name, "!") {
		return tagged(name, n)
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.AliasNode:
		return plain(n.Alias)
	case yaml.MappingNode:
		return mapping(n)
	case yaml.SequenceNode:
		return sequence(n)
	default:
		return scalar(n), nil
	}
}

func tagged(name string, n *yaml.Node) (any, error) {
	inner := *n
	inner.Tag = ""
	if n.Kind == yaml.ScalarNode {
		inner.Tag = "!!str"
	}
	value, err := plain(&inner)
	if err != nil {
		return nil, err
	}
	if text, ok := value.(string); ok && name == "GetAtt" {
		resource, attribute, _ := strings.Cut(text, ".")
		value = []any{resource, attribute}
	}
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return map[string]any{name: value}, nil
}

func mapping(n *yaml.Node) (any, error) {
	out := make(map[string]any, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if _, twice := out[key.Value]; twice {
			return nil, fmt.Errorf("line %d: %q stands there twice", key.Line, key.Value)
		}
		value, err := plain(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		out[key.Value] = value
	}
	return out, nil
}

func sequence(n *yaml.Node) (any, error) {
	out := make([]any, len(n.Content))
	for i, item := range n.Content {
		value, err := plain(item)
		if err != nil {
			return nil, err
		}
		out[i] = value
	}
	return out, nil
}

func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true") || strings.EqualFold(n.Value, "yes")
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}

// keys lists the keys of a section in the order of the file.
func keys(document *yaml.Node, section string) []string {
	var out []string
	root := document.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != section {
			continue
		}
		for j := 0; j < len(root.Content[i+1].Content); j += 2 {
			out = append(out, root.Content[i+1].Content[j].Value)
		}
	}
	return out
}
