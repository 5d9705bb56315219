package standin

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// fits holds the fields and the file against each condition; then every field must
// have had one.
func (f postForm) fits(bucket string, conditions []json.RawMessage) error {
	named := slices.Clone(unchecked)
	for _, raw := range conditions {
		name, err := f.meets(bucket, raw)
		if err != nil {
			return err
		}
		named = append(named, name)
	}
	for name := range f.fields {
		if !slices.Contains(named, name) && !strings.HasPrefix(name, "x-ignore-") {
			return invalidPolicy("Extra input fields: %s", name)
		}
	}
	return nil
}

// meets judges one condition, {"name": "value"} or ["operator", "$name", "value"], and
// gives the name of its field
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html).
func (f postForm) meets(bucket string, raw json.RawMessage) (name string, err error) {
	var exact map[string]string
	if json.Unmarshal(raw, &exact) == nil && len(exact) == 1 {
		for name, value := range exact {
			return f.compare(bucket, raw, "eq", name, value)
		}
	}
	var size struct {
		operator string
		min, max int
	}
	if json.Unmarshal(raw, &[]any{&size.operator, &size.min, &size.max}) == nil && strings.EqualFold(size.operator, "content-length-range") {
		return "", f.inRange(size.min, size.max)
	}
	var words []string
	if json.Unmarshal(raw, &words) != nil || len(words) != 3 || !strings.HasPrefix(words[1], "$") {
		return "", &refusal{http.StatusBadRequest, "InvalidPolicyDocument", "Invalid Policy: Invalid Condition."}
	}
	return f.compare(bucket, raw, words[0], words[1][1:], words[2])
}

func (f postForm) compare(bucket string, raw json.RawMessage, operator, name, value string) (string, error) {
	name = strings.ToLower(name)
	got, ok := f.fields[name]
	if name == "bucket" {
		got, ok = bucket, true
	}
	switch operator {
	case "eq":
		ok = ok && got == value
	case "starts-with":
		ok = ok && strings.HasPrefix(got, value)
	default:
		ok = false
	}
	if !ok {
		return "", invalidPolicy("Policy Condition failed: %s", raw)
	}
	return name, nil
}

func (f postForm) inRange(least, most int) error {
	switch size := len(f.file); {
	case size < least:
		return &refusal{http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"}
	case size > most:
		return &refusal{http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"}
	}
	return nil
}
