package page_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/testkit/markup"
)

func parse(t testing.TB, p page.Page, lang string, desk *page.Desk) markup.Document {
	t.Helper()
	raw, err := desk.Render(catalog.For(lang), p)
	if err != nil {
		t.Fatal(err)
	}
	return markup.Parse(t, raw)
}

// faults are what is wrong with a page's markup, in words. No page has a script.
func faults(d markup.Document) []string {
	found := d.Faults("h1", "title", "main", "html", "header", "footer")
	for range d.All("script") {
		found = append(found, "there is a script")
	}
	return found
}

func TestMarkup(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		d := parse(t, s.Page, lang, sample.Desk())
		for _, fault := range faults(d) {
			t.Error(fault)
		}
		if got := markup.Attr(d.All("html")[0], "lang"); got != lang {
			t.Errorf("lang is %q", got)
		}
		if i := strings.IndexAny(d.Text, "⟦{}"); i >= 0 {
			t.Errorf("a text is missing or not filled: %.60s", d.Text[i:])
		}
	})
}

// Every form says which language to answer in, and posts: GET changes nothing.
// The guide to a request gets, for its answers change nothing and name nobody.
func TestFormsPostAndKeepTheLanguage(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		d := parse(t, s.Page, lang, sample.Desk())
		kept := 0
		for _, n := range d.All("input") {
			back := markup.Attr(n, "name") == "success_action_redirect" && strings.HasSuffix(markup.Attr(n, "value"), "?"+page.FieldLang+"="+lang) // S3 leads there
			if markup.Attr(n, "name") == page.FieldLang && markup.Attr(n, "value") == lang || back {
				kept++
			}
		}
		forms := d.All("form")
		for _, form := range forms {
			guide := markup.Attr(form, "method") == "get" && markup.Attr(form, "action") == "/requests"
			if markup.Attr(form, "method") != "post" && !guide || markup.Attr(form, "action") == "" {
				t.Errorf("a form does not post: %v", form.Attr)
			}
			if typed := len(d.All("textarea")) > 0 || len(d.OfType("text", "email")) > 0; guide && typed {
				t.Error("what a person types would stand in an address")
			}
		}
		if kept != len(forms) {
			t.Errorf("%d of %d forms keep the language", kept, len(forms))
		}
	})
}

func TestFormShowsAgainWhatWasTyped(t *testing.T) {
	typed := page.UnsubscribeForm{
		Email: "a'b@@x", Erase: true, Everything: true, Trap: "website", Redirect: "https://x.example/",
		Topics: []page.Topic{{ID: "news", Title: "News", Chosen: true}, {ID: "offers", Title: "Offers"}},
		Errors: []fault.FieldError{{Field: page.FieldEmail, Reason: "invalid"}},
	}
	got := map[string]string{}
	for _, n := range parse(t, typed, "en", sample.Desk()).All("input") {
		if markup.Attr(n, "type") != "checkbox" || slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
			got[markup.Attr(n, "name")] += markup.Attr(n, "value")
		}
	}
	want := map[string]string{"email": "a'b@@x", "topic": "news", "everything": "yes",
		"erase": "yes", "lang": "en", "redirect": "https://x.example/", "website": ""}
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// What the preferences page sends when it is saved untouched is what it showed: nothing changes by accident.
func TestPreferencesUntouchedChangeNothing(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		if _, ok := s.Page.(page.Preferences); !ok {
			return // another page
		}
		d := parse(t, s.Page, lang, sample.Desk())
		was := map[string]string{}
		for _, n := range d.All("input") {
			if scope, ok := strings.CutPrefix(markup.Attr(n, "name"), page.FieldWas); ok {
				was[scope] = markup.Attr(n, "value")
			}
		}
		for _, n := range d.All("select") {
			scope := strings.TrimPrefix(markup.Attr(n, "name"), page.FieldWant)
			if value := markup.Selected(n); value == "" || value != was[scope] {
				t.Errorf("%s: was %q, selected %q", scope, was[scope], value)
			}
			delete(was, scope)
		}
		for _, n := range d.All("input") {
			scope, ok := strings.CutPrefix(markup.Attr(n, "name"), page.FieldWant)
			if !ok {
				continue
			}
			if ticked := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }); ticked || markup.Attr(n, "value") == was[scope] {
				t.Errorf("%s: was %q, a box for %q is ticked: %v", scope, was[scope], markup.Attr(n, "value"), ticked)
			}
			delete(was, scope)
		}
		if len(was) > 0 {
			t.Errorf("shown without a choice: %v", was)
		}
	})
}

// What was stopped comes back through a confirmation mail; a pause would come back by itself.
func TestStoppedCannotBePaused(t *testing.T) {
	for _, state := range []page.State{page.Stopped, page.Requested} {
		d := parse(t, page.Preferences{Rows: []page.Preference{{Subject: page.Subject{Scope: "sms"}, State: state}}}, "en", sample.Desk())
		for _, n := range d.All("option") {
			if strings.HasPrefix(markup.Attr(n, "value"), "pause") {
				t.Errorf("state %d offers %s", state, markup.Attr(n, "value"))
			}
		}
	}
}
