package page

import (
	"embed"
	"html/template"
	"sync"
)

//go:embed templates/*.html
var templates embed.FS

// A shape is one of the few ways a page can look. Its template is parsed when the first page of that shape is
// shown, because most starts of a function show none.
type shape struct {
	name     string
	template func() *template.Template
}

var (
	landingShape     = newShape("landing")
	formShape        = newShape("form", "fields")
	requestShape     = newShape("request", "fields")
	guideShape       = newShape("guide", "fields")
	confirmShape     = newShape("confirm", "fields", "pieces")
	messageShape     = newShape("message", "fields", "pieces")
	sectionsShape    = newShape("sections", "fields", "pieces")
	ownerShape       = newShape("owner", "fields", "pieces")
	preferencesShape = newShape("preferences", "fields")
)

// newShape takes the frame, the shape's own template, and the files of pieces that it uses.
func newShape(name string, pieces ...string) *shape {
	return &shape{name, sync.OnceValue(func() *template.Template {
		var names []string
		for _, file := range append([]string{"frame", name}, pieces...) {
			names = append(names, "templates/"+file+".html")
		}
		return template.Must(template.ParseFS(templates, names...))
	})}
}

// The pieces that shapes are made of.
type (
	link struct{ Href, Text string }

	hidden struct{ Name, Value string }

	fact struct {
		Label  string
		Values []string
	}

	button struct {
		Action string
		Hidden []hidden
		Intro  string // a sentence above the button; may be empty
		Text   string
		Quiet  bool // not the main thing on the page
	}

	// disclosure is what most people do not need to see: closed until it is asked for.
	disclosure struct {
		Summary string
		Open    bool // shown at once, since something in it must be corrected
		Texts   []string
		Form    *areaForm
		Button  *button
		Links   []link
	}

	// list is a heading with its points. A point may have a note in smaller letters.
	list struct {
		Title string
		Items []item
	}

	item struct{ Text, Note string }

	// area is a field of several lines, to be filled.
	area struct {
		Name, Label, Hint, Value string
		ErrorWord, Error         string
		Rows                     int
	}
)

// points are the items of a list, without notes.
func points(texts ...string) []item {
	items := make([]item, len(texts))
	for i, text := range texts {
		items[i].Text = text
	}
	return items
}
