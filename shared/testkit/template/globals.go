package template

import "maps"

// globalsOf says which section of SAM's Globals a resource type takes from.
var globalsOf = map[string]string{
	"AWS::Serverless::Function": "Function",
	"AWS::Serverless::HttpApi":  "HttpApi",
}

// withGlobals merges SAM Globals under a resource's properties, as SAM does:
// maps are merged, lists are added together, other values are replaced.
func withGlobals(raw, globals object) object {
	kind, _ := raw["Type"].(string)
	base, ok := globals[globalsOf[kind]].(object)
	if !ok {
		return raw
	}
	out := maps.Clone(raw)
	properties, _ := raw["Properties"].(object)
	out["Properties"] = merge(base, properties)
	return out
}

func merge(base, over object) object {
	out := maps.Clone(base)
	for key, value := range over {
		out[key] = mergeValue(out[key], value)
	}
	return out
}

func mergeValue(base, over any) any {
	switch b := base.(type) {
	case object:
		if o, ok := over.(object); ok && !isIntrinsic(b) && !isIntrinsic(o) {
			return merge(b, o)
		}
	case []any:
		if o, ok := over.([]any); ok {
			return append(append([]any{}, b...), o...)
		}
	}
	return over
}

func isIntrinsic(m object) bool {
	_, _, ok := intrinsic(m)
	return ok
}
