// Package page shows people what they can do and what was done: one Go struct per page, plain HTML, no script.
//
// A handler fills a struct and hands it to Desk.Write, which renders to a buffer first and sets the strict
// headers. Each struct chooses its words in Go (from package catalog) and fits them into one of the shapes of shape.go
// (templates/). Shapes hold no decisions, only loops and "if present".
//
// It must not decide status codes, read requests beyond the method, know the database or the clock, or show
// an address unmasked except where the person typed it a moment ago or reads their own export. Everything given
// to it is escaped.
package page
