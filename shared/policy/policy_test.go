package policy

import (
	"strings"
	"testing"
)

func TestShippedDeskIsValid(t *testing.T) {
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Organisation.Location(); err != nil {
		t.Error(err)
	}
}

func TestIsTopicID(t *testing.T) {
	for id, want := range map[string]bool{
		"newsletter": true, "a": true, "2026-sale": true, "a-": true, strings.Repeat("a", 32): true,
		"": false, "-a": false, "A": false, "a b": false, "a/b": false, "é": false, strings.Repeat("a", 33): false,
	} {
		if got := isTopicID(id); got != want {
			t.Errorf("isTopicID(%q) = %v", id, got)
		}
	}
}

// Builders that number their fields need a name of their own in desk.yaml; it
// must not take the neighbours along.
func TestWholeNames(t *testing.T) {
	f := Forms{Email: []string{"input_3", "wpforms[fields][1]", "Email"}, Name: []string{"input_1.3"}}
	f.index()
	for field, want := range map[string]Meaning{
		"input_3": Email, "INPUT_3": Email, "input_4": Ignored, "input_": Ignored, "input": Ignored,
		"wpforms[fields][1]": Email, "wpforms[fields][2]": Ignored, "fields": Ignored, "input_1.3": Name, "input_1.6": Ignored,
		"Email-2": Email,
	} {
		if got := f.MeaningOf(field); got != want {
			t.Errorf("MeaningOf(%q) = %q, want %q", field, got, want)
		}
	}
}

func TestGroup(t *testing.T) {
	for field, want := range map[string]string{
		"email": "", "email[]": "", "email[0][value]": "", "fields[Email]": "fields", "data[fields][Email][value]": "data[fields]",
		"": "", "[": "", "a[b": "a", "]": "", "fields[email][0]": "fields",
	} {
		if got := Group(field); got != want {
			t.Errorf("Group(%q) = %q, want %q", field, got, want)
		}
	}
}

func TestAllowsRedirect(t *testing.T) {
	f := Forms{Redirects: []string{"https://www.example.com/", "https://shop.example.com/bye", "https://bare.example.com"}}
	for target, want := range map[string]bool{
		"https://www.example.com/":               true,
		"https://www.example.com/a/b?c=d#e":      true,
		"https://WWW.example.com/a":              true,
		"https://www.example.com":                true,
		"https://www.example.com?done=1":         true,
		"https://bare.example.com/":              true,
		"https://bare.example.com/a":             false,
		"https://shop.example.com/bye":           true,
		"https://shop.example.com/bye?x=1":       true,
		"https://shop.example.com/bye/x":         false,
		"https://shop.example.com/":              false,
		"http://www.example.com/":                false,
		"https://www.example.com./":              false,
		"https://www.example.com:443/":           false,
		"https://www.example.com/%2e%2e/a":       false,
		"https://www.example.com\t/":             false,
		"https://evil.example#@www.example.com/": false,
		"https://evil.example/www.example.com/":  false,
		"https:///www.example.com/":              false,
		"https:/www.example.com/":                false,
		"///www.example.com/":                    false,
		"HTTPS://www.example.com/":               true,
		"//www.example.com/":                     false,
		"/a":                                     false,
		"https://www.example.com.evil.example/":  false,
		"https://www.example.com@evil.example/":  false,
		"https://x@www.example.com/":             false,
		"https://www.example.com:8443/":          false,
		"https://evil.example\\@www.example.com": false,
		"https://www.example.com/\r\nSet-Cookie": false,
		"https://shop.example.com/bye/../x":      false,
		"javascript:alert(1)":                    false,
		"https:www.example.com":                  false,
		"":                                       false,
	} {
		if got := f.AllowsRedirect(target); got != want {
			t.Errorf("AllowsRedirect(%q) = %v", target, got)
		}
	}
}

func FuzzMeaningOf(f *testing.F) {
	d, err := Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("fields[Email 2][0][value]")
	f.Fuzz(func(t *testing.T, field string) {
		if d.Forms.MeaningOf(field) != Ignored && fieldKey(field) == "" {
			t.Errorf("%q means something without holding a letter", field)
		}
	})
}

func BenchmarkReady(b *testing.B) {
	for b.Loop() {
		d := shipped
		if err := d.Ready(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestSoftBounceWindow(t *testing.T) {
	shipped, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]bool{0: true, 3: true, 14: true, 90: true, -1: false, 1: false, 2: false, 91: false} {
		d := *shipped
		d.Feedback.SoftBounceWindowDays = days
		if err := d.validate(); (err == nil) != want {
			t.Errorf("%d days: %v", days, err)
		}
	}
}

// What browsers and password managers look for in a field's name, as far as
// their source is open: a honeypot that they fill in would hold people back.
var filledIn = []string{
	"name", "mail", "tel", "phone", "mobile", "fax", "address", "street", "city", "town", "zip", "post", "country", "state", "region", "province",
	"company", "org", "business", "title", "url", "web", "site", "home", "user", "login", "pass", "pin", "code", "otp", "card", "cc", "cvc", "iban",
	"expir", "month", "year", "day", "birth", "bday", "sex", "gender", "ext", "confirm", "comment", "message", "search", "language", "nick", "photo",
}

func TestNoBrowserFillsInTheHoneypot(t *testing.T) {
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range filledIn {
		if strings.Contains(strings.ToLower(d.Forms.Trap()), word) {
			t.Errorf("%s holds %q", d.Forms.Trap(), word)
		}
	}
}
