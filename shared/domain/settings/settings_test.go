package settings

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

func BenchmarkValidate(b *testing.B) {
	for b.Loop() {
		d := shipped
		if err := d.Validate(); err != nil {
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
		if err := d.Validate(); (err == nil) != want {
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

// A name that the legal name says already is not said twice.
func TestSenderIsNamedOnce(t *testing.T) {
	for legal, want := range map[string]string{
		"Biosero, Inc.": "Biosero, Inc.\nStreet 1", "BIOSERO": "BIOSERO\nStreet 1", "Bioserology Ltd": "Biosero\nBioserology Ltd\nStreet 1", "Acme Holding AG": "Biosero\nAcme Holding AG\nStreet 1",
	} {
		if got := (Organisation{Name: "Biosero", LegalName: legal, Address: "Street 1"}).Sender(); got != want {
			t.Errorf("%s: %q, want %q", legal, got, want)
		}
	}
}
