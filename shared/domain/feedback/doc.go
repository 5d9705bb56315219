// Package feedback reads what Amazon SES reports of mails (event publishing and
// identity notifications) and records what follows for the people who got them.
// rules.go decides what an SES event means; an event without a rule is counted and
// dropped. observation.go decides what it changes in a record, so that order and
// repetition do not matter.
//
// Bounces and complaints have records of their own, and never overwrite a choice. The package must not know how an event travels beyond the
// envelopes of SNS and EventBridge, write to SES, or let an address into an
// error.
package feedback
