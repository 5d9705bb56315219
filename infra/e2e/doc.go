// Package e2e tests Privacy Desk from the outside: the real binaries, on the
// stack that `make run` starts, seen through what anybody can see: HTTP answers,
// rows in DynamoDB, the SES suppression list, mails, log lines.
//
// It holds tests alone. They must not reach into a function, and they start
// what they need themselves, on free ports, with data of their own.
package e2e
