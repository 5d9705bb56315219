package person_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

const street = "Heart of Gold 42\n01234 Dresden"

func contact(t *testing.T, post, telephone string) person.Contact {
	t.Helper()
	c, err := person.ReadContact(post, telephone)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestContactsAreReadAsTyped(t *testing.T) {
	for name, c := range map[string]struct{ post, telephone, wantPost, wantTelephone, fields string }{
		"nothing":                {},
		"an address":             {post: street, wantPost: street},
		"a browser's lines":      {post: " Heart of  Gold 42\r\n\r\n01234\tDresden\r\n", wantPost: street},
		"a number":               {telephone: " +49 (0)30  90 18-20 ", wantTelephone: "+49 (0)30 90 18-20"},
		"both":                   {street, "0351 12345", street, "0351 12345", ""},
		"marks that reorder":     {post: "Heart\u202e of Gold", wantPost: "Heart of Gold"},
		"no address":             {post: "—\n…", fields: "post invalid"},
		"too many lines":         {post: strings.Repeat("a\n", 9), fields: "post too_long"},
		"too long":               {post: strings.Repeat("a", 301), fields: "post too_long"},
		"as long as it may":      {post: strings.Repeat("ä", 300), wantPost: strings.Repeat("ä", 300)},
		"no number":              {telephone: "12 34", fields: "telephone invalid"},
		"a very long number":     {telephone: strings.Repeat("1", 41), fields: "telephone invalid"},
		"all that is wrong":      {post: "!", telephone: "!", fields: "post invalid telephone invalid"},
		"an extension is a word": {telephone: "030 90182 ext. 12", wantTelephone: "030 90182 ext. 12"},
	} {
		got, err := person.ReadContact(c.post, c.telephone)
		var fields []string
		for _, f := range fault.FieldsOf(err) {
			fields = append(fields, f.Field, f.Reason)
		}
		if got.Post() != c.wantPost || got.Telephone() != c.wantTelephone || strings.Join(fields, " ") != c.fields {
			t.Errorf("%s: %q, %q, %q", name, got.Post(), got.Telephone(), fields)
		}
	}
}

// Nothing prints a contact but Post, Telephone and Envelope.
func TestAContactMasksItself(t *testing.T) {
	c := contact(t, "Heart of Gold 42\n01234 Dresden", "+49 351 98765")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "contact", c, "in", struct{ C person.Contact }{c})
	text, err := json.Marshal(map[string]any{"c": c})
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{fmt.Sprint(c), fmt.Sprintf("%+v %#v %q %d", c, c, c, c), fmt.Sprintf("%+v", struct{ c person.Contact }{c}), log.String(), string(text)} {
		for _, secret := range []string{"Heart", "Gold", "Dresden", "01234", "987"} {
			if strings.Contains(printed, secret) {
				t.Errorf("%q holds %q", printed, secret)
			}
		}
	}
	if c.String() != "H***, 0*** · ***65" || fmt.Sprint(person.Contact{}) != "-" {
		t.Error(c, person.Contact{})
	}
}

// A reference is found again however the same is typed, and is that of one person.
func TestContactRef(t *testing.T) {
	k, err := person.NewKey(strings.Repeat("k", 32))
	if err != nil {
		t.Fatal(err)
	}
	home := contact(t, street, "")
	is := k.ContactRef("Zoë Großmann", home)
	for typed, same := range map[string]bool{
		"Zoë Großmann, Heart of Gold 42, 01234 Dresden": true,
		"ZOE GROSSMANN heart-of-gold 42 01234 DRESDEN":  true,
		"Zoë Großmann Heart of Gold 4201234 Dresden":    true,
		"Heart of Gold 42, 01234 Dresden":               false,
		"Max Großmann, Heart of Gold 42, 01234 Dresden": false,
	} {
		if got := k.TypedRef(typed) == is; got != same {
			t.Errorf("%q: %t", typed, got)
		}
	}
	if k.ContactRef("Zoë Großmann", contact(t, "Zoë Grossmann\n"+street, "0351 12345")) != is {
		t.Error("the name on the envelope, or a telephone beside it, makes another person")
	}
	if k.ContactRef("Max Großmann", home) == is {
		t.Error("two people at one address are one")
	}
	if k.ContactRef("Zoë", contact(t, "", "0351 12345")) != k.TypedRef("zoe +0351-12345") {
		t.Error("a telephone number finds nobody")
	}
}

func TestEnvelope(t *testing.T) {
	for want, got := range map[string]string{
		"Zoë\n" + street: contact(t, street, "").Envelope("Zoë"),
		"zoe\n" + street: contact(t, "zoe\n"+street, "").Envelope("Zoë"),
		street:           contact(t, street, "").Envelope(""),
		"Zoë":            contact(t, "", "0351 12345").Envelope("Zoë"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
