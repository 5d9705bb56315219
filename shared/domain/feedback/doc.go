// Package feedback reads what Amazon SES tells of mails (event publishing and
// identity notifications) and says what follows for the people who got them.
// The table of rules in rules.go is all there is to decide; what SES says and
// no rule takes is counted and dropped.
//
// It must not store anything, know how an event travels beyond the envelopes
// of SNS and EventBridge, or let an address into an error.
package feedback
