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
// What it points to further on is copied first: others have it too.
func Poison(v any, text string) {
	of := reflect.ValueOf(v).Elem()
	of.Set(poisoned(of, text))
}

// Poisoned is a copy of v all of whose strings are the text.
func Poisoned[T any](v T, text string) T {
	Poison(&v, text)
	return v
}

func poisoned(v reflect.Value, text string) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.Set(reflect.New(v.Type().Elem()))
			c.Elem().Set(poisoned(v.Elem(), text))
		}
	case reflect.Interface:
		if !v.IsNil() {
			c.Set(poisoned(v.Elem(), text))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.Field(i).Set(poisoned(v.Field(i), text))
			}
		}
	case reflect.Slice:
		if !v.IsNil() {
			c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			poisonAll(c, v, text)
		}
	case reflect.Array:
		poisonAll(c, v, text)
	case reflect.Map:
		if !v.IsNil() {
			c.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				c.SetMapIndex(key, poisoned(v.MapIndex(key), text))
			}
		}
	case reflect.String:
		c.SetString(text)
	}
	return c
}

func poisonAll(c, v reflect.Value, text string) {
	for i := range v.Len() {
		c.Index(i).Set(poisoned(v.Index(i), text))
	}
}
