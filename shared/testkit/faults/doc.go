// Package faults stands between functions and what they call, and does there
// what a network, a busy service and a dying process do: it delays, refuses,
// loses calls before and after their effect, shows an index as it was a while
// ago, kills the caller, and lets others act while a call is under way.
//
// Proxy does what its Outcome says of each call; Plan is an Outcome drawn from one
// seed; Clock is the time that all of them live in. The package knows the wire
// format of DynamoDB and SES and must not know what the calls are about.
//
// It is for tests alone; nothing that is deployed may import it.
package faults
