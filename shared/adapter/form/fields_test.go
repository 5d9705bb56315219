package form_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"privacydesk/shared/adapter/form"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/portal"
)

// maxFields is how many fields are read.
const maxFields = 500

const multipartBody = "--X\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nz@example.com\r\n--X--\r\n"

// read is how functions read a form.
func read(contentType, body string) (form.Fields, error) {
	return portal.Fields(formRequest(contentType, body))
}

func formRequest(contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

// fields are names and values in turn.
func fields(pairs ...string) form.Fields {
	var all form.Fields
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, form.Field{Name: pair[0], Value: pair[1]})
	}
	return all
}

func withoutRaw(all form.Fields) form.Fields {
	for i := range all {
		all[i].Raw = ""
	}
	return all
}

func TestReadForm(t *testing.T) {
	email := fields("email", "z@example.com")
	for name, c := range map[string]struct {
		contentType, body string
		want              form.Fields
	}{
		"urlencoded":           {"application/x-www-form-urlencoded", "email=z%40example.com&name=Zo%C3%AB+B", fields("email", "z@example.com", "name", "Zoë B")},
		"with a charset":       {"Application/X-WWW-Form-Urlencoded; Charset=UTF-8", "email=z%40example.com", email},
		"no content type":      {"", "email=z%40example.com", email},
		"named twice":          {"application/x-www-form-urlencoded, application/x-www-form-urlencoded", "email=z%40example.com", email},
		"byte order mark":      {"application/x-www-form-urlencoded", "\ufeffemail=z%40example.com", email},
		"bad percent":          {"application/x-www-form-urlencoded", "a=100%&b=%zz&&c", fields("a", "100%", "b", "%zz", "c", "")},
		"repeated":             {"application/x-www-form-urlencoded", "e=1&e=2", fields("e", "1", "e", "2")},
		"latin 1":              {"application/x-www-form-urlencoded", "n=Zo%EB+%80", fields("n", "Zoë €")},
		"letters as numbers":   {"application/x-www-form-urlencoded", "n=Zo%EB+%26%2329579%3B", fields("n", "Zoë 王")},
		"only such letters":    {"application/x-www-form-urlencoded", "e=z%40ma%26%23241%3Bana.example", fields("e", "z@mañana.example")},
		"Shift_JIS":            {"application/x-www-form-urlencoded; charset=Shift_JIS", "n=%89%A4%8F%AC%96%BE", fields("n", "王小明")},
		"Shift_JIS in a field": {"application/x-www-form-urlencoded", "_charset_=Shift_JIS&n=%89%A4", fields("_charset_", "Shift_JIS", "n", "王")},
		"EUC-JP":               {"application/x-www-form-urlencoded; charset=euc-jp", "n=%B2%A6", fields("n", "王")},
		"Cyrillic":             {"application/x-www-form-urlencoded; charset=windows-1251", "n=%C8%E2%E0%ED", fields("n", "Иван")},
		"half a character":     {"application/x-www-form-urlencoded", "n=Zo%C3%AB+%ED%A0%80", fields("n", "Zoë \ufffd")},
		"JSON as urlencoded":   {"application/x-www-form-urlencoded", `{"email":"z@example.com"}`, email},
		"nearly JSON":          {"application/x-www-form-urlencoded", "{&email=z%40example.com", fields("{", "", "email", "z@example.com")},

		"multipart":              {"multipart/form-data; boundary=X", multipartBody, email},
		"boundary quoted":        {`Multipart/Form-Data; Boundary="X"`, multipartBody, email},
		"boundary left out":      {"multipart/form-data", multipartBody, email},
		"boundary unreadable":    {"multipart/form-data; boundary=:X:", multipartBody, email},
		"multipart without type": {"", multipartBody, email},
		"files are skipped":      {"multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"email\"; filename=\"a.txt\"\r\n\r\nx@example.com\r\n" + multipartBody, email},
		"no file chosen":         {"multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--X--\r\n", fields("f", "")},
		"a part without a name":  {"multipart/form-data; boundary=X", "--X\r\nContent-Type: text/plain\r\n\r\nx@example.com\r\n" + multipartBody, email},
		"names beyond ASCII":     {"multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"Señas\"\r\n\r\nx\r\n--X--\r\n", fields("Señas", "x")},
		"multipart in Latin 1":   {"multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nZo\xeb\r\n--X--\r\n", fields("n", "Zoë")},
		"multipart of no parts":  {"multipart/form-data; boundary=X", "--X--\r\n", nil},

		"JSON":                {"application/json", `{"email":"z@example.com","n":1.50,"yes":true,"no":false,"null":null}`, fields("email", "z@example.com", "n", "1.50", "yes", "true")},
		"JSON, other names":   {"application/vnd.api+json; charset=utf-8", `{"email":"z@example.com"}`, email},
		"JSON as text":        {"text/plain;charset=UTF-8", ` {"email":"z@example.com"}`, email},
		"JSON without a type": {"", `{"email":"z@example.com"}`, email},
		"JSON with a mark":    {"application/json", "\ufeff{\"email\":\"z@example.com\"}", email},
		"nested":              {"application/json", `{"data":{"Email":"z@example.com","tags":["a",["b"]]}}`, fields("data[Email]", "z@example.com", "data[tags]", "a", "data[tags]", "b")},
		"twice the same name": {"application/json", `{"email":"a@example.com","email":"b@example.com"}`, fields("email", "a@example.com", "email", "b@example.com")},
		"lone surrogates":     {"application/json", `{"n":"Zo\u00eb \ud83d"}`, fields("n", "Zoë \ufffd")},
		"no UTF-8 in JSON":    {"application/json", "{\"n\":\"Zo\xeb\"}", fields("n", "Zo\ufffd")},
		"an empty object":     {"application/json", `{}`, nil},
		"a bare value":        {"application/json", `"z@example.com"`, fields("", "z@example.com")},
		"names with values":   {"application/json", `[{"name":"email","value":"z@example.com"},{"name":"topics","value":["a","b"]}]`, fields("email", "z@example.com", "topics", "a", "topics", "b")},
		"HubSpot": {"application/json", `{"fields":[{"objectTypeId":"0-1","name":"email","value":"z@example.com"}],"context":{"pageName":"x"}}`,
			fields("email", "z@example.com", "fields[objectTypeId]", "0-1", "context[pageName]", "x")},
		"labels with values":     {"application/json", `{"submissions":[{"label":"Email","value":"z@example.com"}]}`, fields("Email", "z@example.com", "submissions[label]", "Email")},
		"a form's own value":     {"application/json", `{"name":"Zaphod","email":"z@example.com","value":"5"}`, fields("name", "Zaphod", "email", "z@example.com", "value", "5")},
		"nothing between braces": {"application/json", `{"fields":[{"name":"","value":"z@example.com"}]}`, fields("fields[name]", "", "fields[value]", "z@example.com")},

		"lines":                {"text/plain", "email=z@example.com\r\nname=a=b\r\nx\r\n", fields("email", "z@example.com", "name", "a=b")},
		"a plus in a line":     {"text/plain", "email=z+b@example.com\r\n", fields("email", "z+b@example.com")},
		"urlencoded as text":   {"text/plain;charset=UTF-8", "email=z%40example.com&name=Z", fields("email", "z@example.com", "name", "Z")},
		"one-click, odd types": {"text/plain;charset=UTF-8", "List-Unsubscribe=One-Click", fields("List-Unsubscribe", "One-Click")},
		"an empty body":        {"", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(c.contentType, c.body)
			if err != nil || !slices.Equal(withoutRaw(got), c.want) {
				t.Errorf("got  %q, %v\nwant %q", got, err, c.want)
			}
		})
	}
}

func TestRawKeepsThePlus(t *testing.T) {
	for name, c := range map[string]struct{ contentType, body, value, raw string }{
		"a raw plus":      {"", "e=a+b@example.com", "a b@example.com", "a+b@example.com"},
		"an encoded plus": {"", "e=a%2Bb@example.com", "a+b@example.com", "a+b@example.com"},
		"a blank":         {"", "e=a%20b@example.com", "a b@example.com", "a b@example.com"},
		"both":            {"", "e=a+b%2Bc%20d", "a b+c d", "a+b+c d"},
		"bad percent":     {"", "e=a%b+c@example.com", "a%b c@example.com", "a%b+c@example.com"},
		"Latin 1":         {"", "e=%EB+b", "ë b", "ë+b"},
		"lines":           {"text/plain", "e=a+b\r\n", "a+b", "a+b"},
		"JSON":            {"application/json", `{"e":"a+b c"}`, "a+b c", "a+b c"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(c.contentType, c.body)
			if err != nil || len(got) != 1 || got[0] != (form.Field{"e", c.value, c.raw}) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestReadFormRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		contentType, body string
		want              fault.Code
	}{
		"another type":         {"application/xml", "<email>z@example.com</email>", fault.Unsupported},
		"no type at all":       {"email", "email=z%40example.com", fault.Unsupported},
		"broken JSON":          {"application/json", `{"email":"z@example.com"`, fault.Invalid},
		"two JSON documents":   {"application/json", `{"email":"z@example.com"}{"email":"y@example.com"}`, fault.Invalid},
		"a brace too many":     {"application/json", `{"email":"z@example.com"}}`, fault.Invalid},
		"nothing as JSON":      {"application/json", ``, fault.Invalid},
		"JSON far too deep":    {"application/json", strings.Repeat("[", 1000) + strings.Repeat("]", 1000), fault.Invalid},
		"broken JSON as text":  {"text/plain", `{"email":"z@example.com",}`, fault.Invalid},
		"multipart cut short":  {"multipart/form-data; boundary=X", multipartBody[:len(multipartBody)-10], fault.Invalid},
		"multipart of noise":   {"multipart/form-data", "email=z@example.com", fault.Invalid},
		"multipart of nothing": {"multipart/form-data; boundary=X", "", fault.Invalid},
		"a bad part":           {"multipart/form-data; boundary=X", "--X\r\nno header\r\n\r\nx\r\n--X--\r\n", fault.Invalid},
		"too large":            {"application/x-www-form-urlencoded", "a=" + strings.Repeat("x", form.MaxBytes), fault.TooLarge},
		"too many fields":      {"application/x-www-form-urlencoded", strings.Repeat("a=1&", maxFields+1), fault.TooLarge},
		"too many lines":       {"text/plain", strings.Repeat("a=1\n", maxFields+1), fault.TooLarge},
		"too many parts":       {"multipart/form-data; boundary=X", strings.Repeat(strings.TrimSuffix(multipartBody, "--X--\r\n"), maxFields+1) + "--X--\r\n", fault.TooLarge},
		"too many members":     {"application/json", `{"a":[1` + strings.Repeat(",1", maxFields) + `]}`, fault.TooLarge},
		"too many pairs":       {"application/json", `[{"name":"x"` + strings.Repeat(`,"name":"x","value":"1"`, 30) + `}]`, fault.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(c.contentType, c.body)
			if got != nil || !errors.Is(err, &fault.Error{Code: c.want}) {
				t.Errorf("got %d fields, %v; want %s", len(got), err, c.want)
			}
		})
	}
}

func TestReadFormAtItsLimits(t *testing.T) {
	for name, body := range map[string]string{
		"bytes":  "a=" + strings.Repeat("x", form.MaxBytes-2),
		"fields": strings.TrimSuffix(strings.Repeat("a=1&", maxFields), "&"),
	} {
		if fields, err := read("application/x-www-form-urlencoded", body); err != nil || len(fields) == 0 {
			t.Errorf("%s: %d fields, %v", name, len(fields), err)
		}
	}
}

func TestParseQueryKeepsTheOrder(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/?b=1&a=Zo%EB&b=2&bad=%zz;x", nil)
	want := fields("b", "1", "a", "Zoë", "b", "2", "bad", "%zz;x")
	if got := withoutRaw(form.ParseQuery(r.URL.RawQuery)); !slices.Equal(got, want) {
		t.Errorf("ParseQuery = %q", got)
	}
}

// Whatever arrives becomes fields that a store can hold, or the caller's fault.
func FuzzReadForm(f *testing.F) {
	for _, contentType := range []string{
		"", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=Shift_JIS", "multipart/form-data; boundary=X",
		"multipart/form-data", "application/json", "application/ld+json", "text/plain", "text/plain;charset=UTF-8", "text/html", ";;",
	} {
		for _, body := range []string{
			"", multipartBody, "email=z%40example.com&n=Zo%EB&_charset_=sjis", "a=1\r\nb=2\r\n", "&#;=&#x0;&a=&#55357;",
			`{"email":"a@example.com","f":[{"name":"e","value":"\ud800"}],"d":{"a":[1,null,true]}}`, "\ufeff{}", "[[[[", "\xed\xa0\x80=\xff",
		} {
			f.Add(contentType, body)
		}
	}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		fields, err := read(contentType, body)
		if status := fault.Status(err); err != nil && (status < 400 || status > 499 || fields != nil) {
			t.Fatalf("%d fields, status %d: %v", len(fields), status, err)
		}
		if len(fields) > maxFields {
			t.Fatalf("%d fields", len(fields))
		}
		for _, field := range fields {
			if !utf8.ValidString(field.Name) || !utf8.ValidString(field.Value) {
				t.Fatalf("%q is no UTF-8", field)
			}
		}
		if _, err := json.Marshal(fields); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkReadForm(b *testing.B) {
	for name, c := range map[string][2]string{
		"urlencoded": {"application/x-www-form-urlencoded", "name=Zaphod&email=z%40example.com&cf-turnstile-response=x"},
		"multipart":  {"multipart/form-data; boundary=X", multipartBody},
		"json":       {"application/json", `{"name":"Zaphod","email":"z@example.com"}`},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := read(c[0], c[1]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
