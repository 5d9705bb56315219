// Package optout is the heart of Privacy Desk: who does not want to be
// contacted, through which channel, about what, since when, and how we know.
//
// A Record says it for one person and one Scope. Opting out needs no
// verification (11 CCR 7060(b), 16 CFR 316.5), is recorded in one write and
// is idempotent; coming back needs the person's own confirmation. The SES
// suppression list is a projection of the records: package suppression makes it so.
//
//	         opt out                    opt out
//	In ───────────────────▶ Out ◀─────────────────── Paused
//	▲ ▲                      │                         │ ▲
//	│ └── undo (an hour), ───┘                         │ │
//	│     confirmed opt-in                             │ │
//	└──── until, or confirmed opt-in ──────────────────┘ │
//	└──────────── pause (30, 60, 90 days) ───────────────┘
//
// Undo is offered only to the page view that made the opt-out. Any other opt-out
// ends it, by whatever channel and however late it arrives (undo.go). An undo is no
// return: it outweighs no earlier choice. From a link a pause can only become
// longer. Whenever something is switched on again, the person is mailed, in the
// transaction of the change (OptInConfirmation.Confirmed).
//
// What SES observes of a mailbox has records of its own, of the scopes bounce and
// complaint. It never overwrites a choice (package feedback).
//
// When the evidence has been kept long enough, or the person is erased, a
// record becomes its tombstone (disposal.go): it suppresses as before and knows the
// person only by the keyed reference. Another opt-out moves its dates; any other
// choice fills it again.
//
// No record means In. The package must not import AWS, net/http or HTML.
package optout
