package dashboard

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed dashboard.html
var pageHTML string

var page = template.Must(template.New("dashboard").Funcs(template.FuncMap{
	"next":  func(n int) int { return n + 1 }, // CSS counts lines from 1
	"alarm": func(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] },
	"lines": func(text string) []string { return strings.Split(text, "\n") },
	"pipes": func(query string) string { return strings.ReplaceAll(query, " | ", "\n| ") },
}).Parse(pageHTML))

// Draw writes a page with each box at its place, and in it the title, the
// metrics, the lines and the query that it has.
func Draw(w io.Writer, d Dashboard) error { return page.Execute(w, d) }
