package markup

import "reflect"

// Hostile are texts that must stay text wherever they stand.
var Hostile = map[string]string{
	"markup":     `"><script>alert(1)</script><img src=x onerror=alert(1)>`,
	"attribute":  `' onfocus=alert(1) autofocus x='`,
	"javascript": `javascript:alert(1)`,
	"data":       `data:text/html,<script>alert(1)</script>`,
	"template":   "{{.}}</textarea></title><!--",
	"controls":   "a\x00b\r\nSet-Cookie: x=1\u202e\xff",
}

// Poison puts a text into every string that can be reached from what v points to.
func Poison(v any, text string) { poison(reflect.ValueOf(v), text) }

// Poisoned is a copy of v whose own strings are the text. What v points to is not copied.
func Poisoned[T any](v T, text string) T {
	c := reflect.New(reflect.TypeOf(v))
	c.Elem().Set(reflect.ValueOf(v))
	poison(c, text)
	return c.Elem().Interface().(T)
}

func poison(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			poison(v.Elem(), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Field(i).CanSet() {
				poison(v.Field(i), text)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			poison(v.Index(i), text)
		}
	case reflect.Map:
		if v.Type().Elem().Kind() == reflect.String {
			for _, key := range v.MapKeys() {
				v.SetMapIndex(key, reflect.ValueOf(text).Convert(v.Type().Elem()))
			}
			return
		}
		for _, key := range v.MapKeys() {
			poison(v.MapIndex(key), text)
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(text)
		}
	}
}
