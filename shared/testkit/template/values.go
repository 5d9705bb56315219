package template

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// asText gives a single value as CloudFormation writes it into a string.
func asText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case nil, noValue:
		return "", true
	}
	return "", false
}

func asBool(value any) bool {
	text, _ := asText(value)
	return strings.EqualFold(text, "true")
}

// number, flag and word read a JSON number, bool or string from either the
// thing itself or its text: parameters make strings of everything.
type (
	number int
	flag   bool
	word   string
)

// UnmarshalJSON reads 5 and "5".
func (n *number) UnmarshalJSON(data []byte) error {
	i, err := strconv.Atoi(strings.Trim(string(data), `"`))
	if err != nil {
		return fmt.Errorf("%s is no whole number", data)
	}
	*n = number(i)
	return nil
}

// UnmarshalJSON reads true and "true".
func (f *flag) UnmarshalJSON(data []byte) error {
	*f = flag(strings.EqualFold(strings.Trim(string(data), `"`), "true"))
	return nil
}

// UnmarshalJSON reads "a", 1 and true.
func (w *word) UnmarshalJSON(data []byte) error {
	var value any
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	text, ok := asText(value)
	if !ok {
		return fmt.Errorf("%s must be a single value", data)
	}
	*w = word(text)
	return nil
}

// seconds turns a template's number of seconds into a duration.
func seconds(n number) time.Duration { return time.Duration(n) * time.Second }

// orDefault gives what a pointer points at, or the default where it is nil.
func orDefault[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// decode fills a struct from resolved properties by way of their JSON form.
func decode(path string, from any, into any) error {
	data, err := json.Marshal(from)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
