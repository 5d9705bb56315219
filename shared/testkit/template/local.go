package template

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// LoadLocal reads the repository's template.yaml with the parameters of
// infra/local/parameters.yaml, over which come the given ones.
func LoadLocal(root string, parameters map[string]string, options Options) (*Template, error) {
	all, err := LoadParameters(filepath.Join(root, "infra", "local", "parameters.yaml"))
	if err != nil {
		return nil, err
	}
	maps.Copy(all, parameters)
	options.Parameters = all
	return Load(filepath.Join(root, "template.yaml"), options)
}

// LoadParameters reads a file of parameter names and values.
func LoadParameters(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the local parameters: %w", err)
	}
	var nodes map[string]yaml.Node
	if err := yaml.Unmarshal(data, &nodes); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out := make(map[string]string, len(nodes))
	for name, node := range nodes {
		if node.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("%s: %s must be a single value", path, name)
		}
		out[name] = node.Value
	}
	return out, nil
}
