package page_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/fault"
)

// document is a parsed page, its elements in order.
type document struct {
	elements []*html.Node
	ids      map[string]int
	text     string
}

func parse(t testing.TB, p page.Page, lang string, desk *page.Desk) document {
	t.Helper()
	raw, err := desk.Render(catalog.For(lang), p)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	d := document{ids: map[string]int{}}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			d.elements = append(d.elements, n)
			if id := attr(n, "id"); id != "" {
				d.ids[id]++
			}
		case html.TextNode:
			// What stands in a field is somebody else's text.
			if n.Parent.Data != "textarea" {
				d.text += n.Data + "\n"
			}
		}
	}
	return d
}

func (d document) all(names ...string) []*html.Node {
	var found []*html.Node
	for _, n := range d.elements {
		if slices.Contains(names, n.Data) {
			found = append(found, n)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// faults is what is wrong with a page's markup, in words.
func (d document) faults() []string {
	var faults []string
	for _, name := range []string{"h1", "title", "main", "html", "header", "footer"} {
		if n := len(d.all(name)); n != 1 {
			faults = append(faults, name+" does not stand exactly once")
		}
	}
	for _, n := range d.all("script", "style", "iframe", "object", "base") {
		faults = append(faults, "there is an element "+n.Data)
	}
	for id, n := range d.ids {
		if n > 1 {
			faults = append(faults, "the id "+id+" stands more than once")
		}
	}
	for _, n := range d.elements {
		faults = append(faults, attributeFaults(n)...)
	}
	return append(append(faults, d.labelFaults()...), d.referenceFaults()...)
}

func attributeFaults(n *html.Node) []string {
	var faults []string
	for _, a := range n.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style":
			faults = append(faults, n.Data+" has "+a.Key)
		case strings.HasPrefix(value, "javascript:"), strings.HasPrefix(value, "data:"):
			if slices.Contains([]string{"href", "src", "action", "formaction"}, a.Key) {
				faults = append(faults, n.Data+" has "+a.Key+"="+a.Val)
			}
		}
	}
	return faults
}

// labelFaults: every field has a label of its own.
func (d document) labelFaults() []string {
	labels := map[string]bool{}
	for _, n := range d.all("label") {
		labels[attr(n, "for")] = true
	}
	var faults []string
	for _, n := range d.all("input", "select", "textarea") {
		if attr(n, "type") != "hidden" && !labels[attr(n, "id")] {
			faults = append(faults, "the field "+attr(n, "name")+" has no label")
		}
	}
	for _, n := range d.all("button") {
		if n.FirstChild == nil {
			faults = append(faults, "a button has no words")
		}
	}
	return faults
}

// referenceFaults: whatever points to an id finds it.
func (d document) referenceFaults() []string {
	var faults []string
	for _, n := range d.elements {
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby"} {
			for id := range strings.FieldsSeq(attr(n, name)) {
				if d.ids[id] == 0 {
					faults = append(faults, name+" points to "+id+", which is not there")
				}
			}
		}
		if id, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && d.ids[id] == 0 {
			faults = append(faults, "a link points to #"+id+", which is not there")
		}
	}
	return faults
}

func TestMarkup(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		d := parse(t, s.Page, lang, sample.Desk())
		for _, fault := range d.faults() {
			t.Error(fault)
		}
		if got := attr(d.all("html")[0], "lang"); got != lang {
			t.Errorf("lang is %q", got)
		}
		if i := strings.IndexAny(d.text, "⟦{}"); i >= 0 {
			t.Errorf("a text is missing or not filled: %.60s", d.text[i:])
		}
	})
}

// ofType are the input fields of some types.
func (d document) ofType(types ...string) []*html.Node {
	return slices.DeleteFunc(d.all("input"), func(n *html.Node) bool { return !slices.Contains(types, attr(n, "type")) })
}

// Every form says which language to answer in, and posts: GET changes nothing.
// The guide to a request gets, for its answers change nothing and name nobody.
func TestFormsPostAndKeepTheLanguage(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		d := parse(t, s.Page, lang, sample.Desk())
		kept := 0
		for _, n := range d.all("input") {
			if attr(n, "name") == page.FieldLang && attr(n, "value") == lang {
				kept++
			}
		}
		forms := d.all("form")
		for _, form := range forms {
			guide := attr(form, "method") == "get" && attr(form, "action") == "/requests"
			if attr(form, "method") != "post" && !guide || attr(form, "action") == "" {
				t.Errorf("a form does not post: %v", form.Attr)
			}
			if typed := len(d.all("textarea")) > 0 || len(d.ofType("text", "email")) > 0; guide && typed {
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
	for _, n := range parse(t, typed, "en", sample.Desk()).all("input") {
		if attr(n, "type") != "checkbox" || slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
			got[attr(n, "name")] += attr(n, "value")
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
		for _, n := range d.all("input") {
			if scope, ok := strings.CutPrefix(attr(n, "name"), page.FieldWas); ok {
				was[scope] = attr(n, "value")
			}
		}
		for _, n := range d.all("select") {
			scope := strings.TrimPrefix(attr(n, "name"), page.FieldWant)
			if value := selected(n); value == "" || value != was[scope] {
				t.Errorf("%s: was %q, selected %q", scope, was[scope], value)
			}
			delete(was, scope)
		}
		for _, n := range d.all("input") {
			scope, ok := strings.CutPrefix(attr(n, "name"), page.FieldWant)
			if !ok {
				continue
			}
			if ticked := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }); ticked || attr(n, "value") == was[scope] {
				t.Errorf("%s: was %q, a box for %q is ticked: %v", scope, was[scope], attr(n, "value"), ticked)
			}
			delete(was, scope)
		}
		if len(was) > 0 {
			t.Errorf("shown without a choice: %v", was)
		}
	})
}

// selected is the value of the only selected option.
func selected(sel *html.Node) string {
	value := ""
	for n := range sel.Descendants() {
		if n.Type == html.ElementNode && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
			value += attr(n, "value")
		}
	}
	return value
}

// What was stopped comes back through a confirmation mail; a pause would come back by itself.
func TestStoppedCannotBePaused(t *testing.T) {
	for _, state := range []page.State{page.Stopped, page.Requested} {
		d := parse(t, page.Preferences{Rows: []page.Preference{{Subject: page.Subject{Scope: "sms"}, State: state}}}, "en", sample.Desk())
		for _, n := range d.all("option") {
			if strings.HasPrefix(attr(n, "value"), "pause") {
				t.Errorf("state %d offers %s", state, attr(n, "value"))
			}
		}
	}
}
