// Package deskpage shows the desk to the people who work at it: one Go struct per
// screen, plain HTML, everything possible without script.
//
// A handler fills a struct and hands it to Desk.Show, which answers with a page, or
// with the same struct as JSON where that is asked for. Each struct chooses its words
// in Go, from words/, and fits them into a shape (templates/). Shapes hold no
// decisions, only loops and "if present".
//
// It must not decide what may be done, read requests beyond the method and Accept, or
// know a store or the clock. An address is masked unless its struct says that it was
// revealed. Everything given to it is escaped.
package deskpage
