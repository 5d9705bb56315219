// Package feedback reads what Amazon SES reports of mails (event publishing and
// identity notifications) and records what follows for the people who got them.
// The rules in rules.go say what an SES event means; one that no rule takes is
// counted and dropped. What it means for a record is decided in observation.go, so that
// order and repetition do not matter.
//
// Bounces and complaints stand in records beside the person's own, and never
// overwrite a choice. The package must not know how an event travels beyond the
// envelopes of SNS and EventBridge, write to SES, or let an address into an
// error.
package feedback
