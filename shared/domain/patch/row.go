package patch

import (
	"fmt"
	"reflect"
	"time"

	"privacydesk/shared/domain/civil"
)

// Row is a row as it is stored: attributes by name. A value is a text (string),
// a number (int64), bytes, a set of texts (Set) or a Row. Set and the conditions
// take an int as well, any type of texts, and a time, which is kept as text.
type Row map[string]any

// Set is a set of texts.
type Set []string

// Time is a time as a row holds it.
func Time(t time.Time) string { return t.UTC().Format(civil.Stamp) }

// Text returns a text, "" where there is none.
func (r Row) Text(attr string) string {
	s, _ := r[attr].(string)
	return s
}

// Int returns a number, 0 where there is none.
func (r Row) Int(attr string) int64 {
	n, _ := r[attr].(int64)
	return n
}

// Time returns a time, the zero time where there is none.
func (r Row) Time(attr string) time.Time {
	t, _ := time.Parse(civil.Stamp, r.Text(attr))
	return t
}

// Row returns a row within the row, nil where there is none.
func (r Row) Row(attr string) Row {
	within, _ := r[attr].(Row)
	return within
}

// normal is a value as a row holds it, nil for an empty one.
func normal(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return text(v)
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return Time(v)
	case int:
		return int64(v)
	case int64:
		return v
	case []byte:
		return unlessEmpty(len(v), v)
	case Set:
		return unlessEmpty(len(v), v)
	case Row:
		return unlessEmpty(len(v), v)
	}
	if named := reflect.ValueOf(v); named.Kind() == reflect.String {
		return text(named.String())
	}
	panic(fmt.Sprintf("patch: a row cannot hold a %T", v))
}

func text(s string) any { return unlessEmpty(len(s), s) }

func unlessEmpty(n int, v any) any {
	if n == 0 {
		return nil
	}
	return v
}
