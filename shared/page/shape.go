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
	formShape        = newShape("form")
	messageShape     = newShape("message")
	preferencesShape = newShape("preferences")
)

func newShape(name string) *shape {
	return &shape{name, sync.OnceValue(func() *template.Template {
		return template.Must(template.ParseFS(templates, "templates/frame.html", "templates/"+name+".html"))
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
)
