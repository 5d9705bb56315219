// Package rights holds data subject requests: what people may ask for, the
// states of a request, what may be decided and on which ground, and how
// requests of one person belong together. Dates come from shared/law, the
// tamper-evident history from shared/register.
//
//	                       ┌─────────── withdrawn ◀───────────┐ (any open state)
//	                       │                                  │
//	received ─▶ awaiting_verification ─▶ open ◀─▶ waiting_for_person
//	   │                   │               │               │
//	   │                   └▶ expired      ├▶ fulfilled    ├▶ refused
//	   └▶ fulfilled (opt-outs, at once)    ├▶ partly_fulfilled
//	                                       └▶ refused
//
// An appeal is a request of its own, linked to the one it is about. The table
// of transitions (transitions.go) is the only place that allows one.
//
// The package must not import AWS, net/http or HTML.
package rights
