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
// Undo belongs to whoever made the opt-out: only the page view whose button did
// it is offered one, and any other opt-out ends it, by whatever door and however
// late it is known (undo.go). An undo is no return either: it outweighs nothing
// that was said before. From a link a pause
// only becomes longer. Whenever something is switched on again, the person is
// mailed, in the transaction of the change (OptInConfirmation.Confirmed).
//
// What SES says of a mailbox stands in records beside the person's own, scopes
// bounce and complaint, and never overwrites a choice (package feedback).
//
// When the evidence has been kept long enough, or the person is erased, a
// record becomes its tombstone (disposal.go): it suppresses as before and knows
// nobody but by the keyed reference. Leaving again moves its dates; any other
// choice fills it again.
//
// No record means In. The package must not import AWS, net/http or HTML.
package optout
