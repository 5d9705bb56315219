// Package requestlog says what is left of a request that is closed: its class in
// the retention schedule, what the erasure of its person does to it, the log to
// which it is reduced, and how it comes back from a copy of the tables. It
// changes no request that is open, stores nothing, and must not import AWS or HTML.
package requestlog
