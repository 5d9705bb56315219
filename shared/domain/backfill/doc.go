// Package backfill records opt-outs after the fact: the list of another system,
// and mail that waited. Each counts from its own date, so what the person has
// chosen since remains. An import can be undone (Undoer).
//
// The package must not take an opt-out that is made now, nor import AWS, net/http
// or HTML.
package backfill
