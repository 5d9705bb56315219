// Package markup reads HTML documents that tests have rendered, and says what is
// wrong with them. For tests only; it must not know any page.
package markup

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Document is a parsed page, its elements in order.
type Document struct {
	Text     string // all that is read, without what stands in fields
	elements []*html.Node
	ids      map[string]int
}

// Parse reads a document.
func Parse(t testing.TB, raw []byte) Document {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	d := Document{ids: map[string]int{}}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			d.elements = append(d.elements, n)
			if id := Attr(n, "id"); id != "" {
				d.ids[id]++
			}
		case html.TextNode:
			// What stands in a field is somebody else's text.
			if n.Parent.Data != "textarea" {
				d.Text += n.Data + "\n"
			}
		}
	}
	return d
}

// All are the elements of some names.
func (d Document) All(names ...string) []*html.Node {
	var found []*html.Node
	for _, n := range d.elements {
		if slices.Contains(names, n.Data) {
			found = append(found, n)
		}
	}
	return found
}

// OfType are the input fields of some types.
func (d Document) OfType(types ...string) []*html.Node {
	return slices.DeleteFunc(d.All("input"), func(n *html.Node) bool { return !slices.Contains(types, Attr(n, "type")) })
}

// Attr is an attribute of an element, "" where it has none.
func Attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Sent is what a browser would send of the document's forms as they stand.
func (d Document) Sent() map[string]string {
	sent := map[string]string{}
	for _, n := range d.All("input", "select", "textarea") {
		value := Attr(n, "value")
		switch kind := Attr(n, "type"); {
		case Attr(n, "name") == "", (kind == "checkbox" || kind == "radio") && !has(n, "checked"):
			continue
		case n.Data == "select":
			value = Selected(n)
		case n.Data == "textarea" && n.FirstChild != nil:
			value = n.FirstChild.Data
		}
		sent[Attr(n, "name")] += value
	}
	return sent
}

// Selected is the value of the only selected option.
func Selected(sel *html.Node) string {
	value := ""
	for n := range sel.Descendants() {
		if n.Type == html.ElementNode && has(n, "selected") {
			value += Attr(n, "value")
		}
	}
	return value
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// Faults are what is wrong with the markup, in words. Each element of once must
// stand exactly once.
func (d Document) Faults(once ...string) []string {
	var faults []string
	for _, name := range once {
		if n := len(d.All(name)); n != 1 {
			faults = append(faults, name+" does not stand exactly once")
		}
	}
	for _, n := range d.All("style", "iframe", "object", "base") {
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
		case value == "" && n.Data == "a" && a.Key == "href":
			faults = append(faults, "a link leads nowhere")
		case strings.HasPrefix(value, "javascript:"), strings.HasPrefix(value, "data:"):
			if slices.Contains([]string{"href", "src", "action", "formaction"}, a.Key) {
				faults = append(faults, n.Data+" has "+a.Key+"="+a.Val)
			}
		}
	}
	return faults
}

// labelFaults: every field has a label of its own.
func (d Document) labelFaults() []string {
	labels := map[string]bool{}
	for _, n := range d.All("label") {
		labels[Attr(n, "for")] = true
	}
	var faults []string
	for _, n := range d.All("input", "select", "textarea") {
		if Attr(n, "type") != "hidden" && Attr(n, "aria-label") == "" && !labels[Attr(n, "id")] {
			faults = append(faults, "the field "+Attr(n, "name")+" has no label")
		}
	}
	for _, n := range d.All("button") {
		if n.FirstChild == nil {
			faults = append(faults, "a button has no words")
		}
	}
	return faults
}

// referenceFaults: whatever points to an id finds it.
func (d Document) referenceFaults() []string {
	var faults []string
	for _, n := range d.elements {
		for _, name := range []string{"for", "form", "aria-describedby", "aria-labelledby"} {
			for id := range strings.FieldsSeq(Attr(n, name)) {
				if d.ids[id] == 0 {
					faults = append(faults, name+" points to "+id+", which is not there")
				}
			}
		}
		if id, ok := strings.CutPrefix(Attr(n, "href"), "#"); ok && d.ids[id] == 0 {
			faults = append(faults, "a link points to #"+id+", which is not there")
		}
	}
	return faults
}
