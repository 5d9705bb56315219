package deskpage

import (
	"embed"
	"html/template"
	"sync"
)

//go:embed templates/*.html
var templates embed.FS

// A shape is one of the ways a screen can look. Its template is parsed when the first screen of that shape is shown.
type shape struct {
	name     string
	template func() *template.Template
}

var (
	messageShape = newShape("message", "pieces")
	formShape    = newShape("form", "pieces")
	partsShape   = newShape("parts", "pieces")
	letterShape  = newShape("letter", "pieces")
	queueShape   = newShape("queue", "pieces")
	fileShape    = newShape("file", "pieces")
	printShape   = newShape("print", "pieces")
	paperShape   = newShape("paper", "pieces")
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
