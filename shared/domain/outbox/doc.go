// Package outbox holds the mails that must be sent and sends them: letters
// about requests, opt-in confirmations and the officer's digest. A letter is a
// row that is written in the transaction of its cause. A crash therefore loses
// none, and the row says how far it has come:
//
//	pending -> sending -> sent | refused | unknown
//	                   -> pending, after a failure that SES surely has nothing of
//	pending -> obsolete, when what it was about has passed
//
// A letter to somebody who has no e-mail, or wants none, goes on paper. Its words
// are kept, and an officer posts it. A crash in between leaves it pending, since
// nothing has gone:
//
//	pending -> sending -> to_post -> sent | obsolete
//
// SES has no idempotency token, so an attempt without an answer may or may not
// have sent the mail. There is one rule for that: an alarm is raised, and the
// letter is never sent again by itself, except where its owner says that a
// second copy does no harm (infra/decisions/0009-mails-at-most-once.md).
//
// The package must not know what a letter says, who owns it, or how it is
// stored and sent: owners, the queue and the mailer are interfaces.
package outbox
