package template

import (
	"fmt"
	"strings"
)

// Resource is any resource of the template, its properties resolved as far as
// the local stack can: Err says what it could not resolve.
type Resource struct {
	LogicalID           string
	Type                string
	Properties          map[string]any
	DeletionPolicy      string
	UpdateReplacePolicy string
	Ref                 string // what Ref gives: the physical name, an ARN or a URL
	ARN                 string // empty where the type has none that is known here
	Err                 error
}

// ByType lists the resources of a type, such as "AWS::SQS::Queue".
func (t *Template) ByType(kind string) []Resource {
	var out []Resource
	for _, r := range t.Resources {
		if r.Type == kind {
			out = append(out, r)
		}
	}
	return out
}

// Resource gives the resource with that logical id.
func (t *Template) Resource(id string) (Resource, bool) {
	for _, r := range t.Resources {
		if r.LogicalID == id {
			return r, true
		}
	}
	return Resource{}, false
}

// Get follows a dotted path into the properties: Get("GenerateSecretString.PasswordLength").
func (r Resource) Get(path string) (any, bool) {
	var value any = r.Properties
	for part := range strings.SplitSeq(path, ".") {
		level, ok := value.(object)
		if !ok {
			return nil, false
		}
		if value, ok = level[part]; !ok {
			return nil, false
		}
	}
	return value, true
}

// Text is Get for a single value; empty where there is none.
func (r Resource) Text(path string) string {
	value, _ := r.Get(path)
	text, _ := asText(value)
	return text
}

// Decode fills a struct with json tags from the properties.
func (r Resource) Decode(into any) error {
	if r.Err != nil {
		return r.Err
	}
	return decode(r.LogicalID, r.Properties, into)
}

// resource resolves one resource.
func (r *resolver) resource(id string) Resource {
	raw := r.resources[id]
	out := Resource{LogicalID: id, Type: textOf(raw["Type"]),
		DeletionPolicy: textOf(raw["DeletionPolicy"]), UpdateReplacePolicy: textOf(raw["UpdateReplacePolicy"])}
	out.Ref, _ = r.identify(id, id, "")
	out.ARN, _ = r.identify(id, id, "Arn")
	properties, ok := raw["Properties"].(object)
	if !ok && raw["Properties"] != nil {
		out.Err = fmt.Errorf("%s: Properties must be a map", id)
		return out
	}
	resolved, err := r.eval(place(id), properties)
	if err != nil {
		out.Err = err
		return out
	}
	out.Properties, _ = resolved.(object)
	return out
}

// place names a resource in an error.
func place(id string) string { return "Resources." + id }

func textOf(value any) string {
	text, _ := asText(value)
	return text
}
