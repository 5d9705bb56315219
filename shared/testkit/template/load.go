package template

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Options says where the template's stack is thought to be.
type Options struct {
	Parameters  map[string]string // override the defaults
	Attributes  map[string]string // "Api.ApiEndpoint": what Ref or GetAtt gives, where it is known only at run time
	TablePrefix string            // stands before every table's name
	Region      string            // us-east-1
	Account     string            // 000000000000
	StackName   string            // privacydesk
}

// Region and Account are where the local stack pretends to be.
const (
	Region  = "us-east-1"
	Account = "000000000000"
)

// Load reads a template file.
func Load(path string, options Options) (*Template, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	t, err := Parse(data, options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Parse reads a template.
func Parse(data []byte, options Options) (*Template, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	if document.Kind == 0 {
		return nil, fmt.Errorf("the template is empty")
	}
	root, err := plain(&document)
	if err != nil {
		return nil, err
	}
	sections, ok := root.(object)
	if !ok {
		return nil, fmt.Errorf("the template must be a map of sections")
	}
	return build(&document, sections, options.withDefaults())
}

func (o Options) withDefaults() Options {
	for field, otherwise := range map[*string]string{&o.Region: Region, &o.Account: Account, &o.StackName: "privacydesk"} {
		if *field == "" {
			*field = otherwise
		}
	}
	return o
}

func build(document *yaml.Node, sections object, options Options) (*Template, error) {
	r := &resolver{options: options, conditions: section(sections, "Conditions"), resources: map[string]object{}}
	t := &Template{Description: textOf(sections["Description"])}
	var err error
	if t.Parameters, err = r.readParameters(keys(document, "Parameters"), section(sections, "Parameters")); err != nil {
		return nil, err
	}
	ids, err := r.readResources(keys(document, "Resources"), sections)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		resource := r.resource(id)
		t.Resources = append(t.Resources, resource)
		if err := t.add(resource); err != nil {
			return nil, err
		}
	}
	t.Outputs, err = r.readOutputs(keys(document, "Outputs"), section(sections, "Outputs"))
	if err != nil {
		return nil, err
	}
	return t, t.check()
}

func section(sections object, name string) object {
	s, _ := sections[name].(object)
	return s
}

// readResources takes in the resources whose Condition holds. All are known
// before conditions are asked, since a condition may name none of them.
func (r *resolver) readResources(ids []string, sections object) ([]string, error) {
	var kept []string
	for _, id := range ids {
		raw, ok := section(sections, "Resources")[id].(object)
		if !ok {
			return nil, fmt.Errorf("%s must be a map", place(id))
		}
		keep, err := r.kept(place(id), raw)
		if err != nil {
			return nil, err
		}
		if !keep {
			continue
		}
		r.resources[id] = withGlobals(raw, section(sections, "Globals"))
		kept = append(kept, id)
	}
	return kept, nil
}

func (r *resolver) readOutputs(names []string, section object) ([]Output, error) {
	var out []Output
	for _, name := range names {
		raw, _ := section[name].(object)
		keep, err := r.kept("Outputs."+name, raw)
		if err != nil {
			return nil, err
		}
		if !keep {
			continue
		}
		value, err := r.text("Outputs."+name, raw["Value"])
		if err != nil {
			return nil, err
		}
		out = append(out, Output{name, textOf(raw["Description"]), value})
	}
	return out, nil
}

// parameterFields is what the local stack reads of a parameter.
type parameterFields struct {
	Type, Description     word
	Default               *word
	AllowedValues         []word
	AllowedPattern        word
	ConstraintDescription word
}

func (r *resolver) readParameters(names []string, section object) ([]Parameter, error) {
	r.parameters = r.pseudo()
	var out []Parameter
	for name := range r.options.Parameters {
		if _, ok := section[name]; !ok {
			return nil, fmt.Errorf("there is no parameter %q; the template has %s", name, strings.Join(names, ", "))
		}
	}
	for _, name := range names {
		var fields parameterFields
		if err := decode("Parameters."+name, section[name], &fields); err != nil {
			return nil, err
		}
		value, err := fields.value(name, r.options.Parameters)
		if err != nil {
			return nil, err
		}
		r.parameters[name] = value
		out = append(out, Parameter{name, string(fields.Type), string(fields.Description), value})
	}
	return out, nil
}

func (f parameterFields) value(name string, given map[string]string) (string, error) {
	if f.Type != "String" && f.Type != "Number" {
		return "", fmt.Errorf("the parameter %s has the type %s; the local stack knows String and Number", name, f.Type)
	}
	value, ok := given[name]
	if !ok && f.Default == nil {
		return "", fmt.Errorf("the parameter %s has no default: give it a value in infra/local/parameters.yaml", name)
	}
	if !ok {
		value = string(*f.Default)
	}
	if len(f.AllowedValues) > 0 && !slices.Contains(f.AllowedValues, word(value)) {
		return "", fmt.Errorf("the parameter %s may be one of %v, not %q", name, f.AllowedValues, value)
	}
	return value, nil
}

// pseudo is what CloudFormation knows without being told.
func (r *resolver) pseudo() map[string]any {
	o := r.options
	return maps.Clone(map[string]any{
		"AWS::Region": o.Region, "AWS::AccountId": o.Account, "AWS::Partition": "aws",
		"AWS::URLSuffix": "amazonaws.com", "AWS::StackName": o.StackName,
		"AWS::StackId":          "arn:aws:cloudformation:" + o.Region + ":" + o.Account + ":stack/" + o.StackName + "/00000000-0000-0000-0000-000000000000",
		"AWS::NotificationARNs": []any{}, "AWS::NoValue": noValue{},
	})
}
