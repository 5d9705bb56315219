// Package outbound is the one HTTP client for calls to the systems that desk.yaml names.
//
// A call goes by https, to a host of desk.yaml, at a public address, and follows no redirect. The address is checked
// after the name is resolved and again on the connection, so that a name whose answer changes gains nothing (CWE-918).
// A call has 15 seconds and an answer 1 MiB. No proxy of the environment is used.
//
// The package must not know what is told or to whom, nor put an address, a body or a path into an error.
package outbound
