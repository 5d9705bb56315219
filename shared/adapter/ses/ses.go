// Package ses is the way to Amazon SES: the suppression list, which it keeps equal
// to the opt-outs, and the sending of single mails. It is the only package that
// knows the API ("Amazon SES API v2 Reference"; "Using the Amazon SES account-level
// suppression list" and "Tenant-level suppression" in the SES Developer Guide).
//
// It makes one call at a time and neither waits nor tries again: pace and patience
// belong to the caller. It must not let SES's own error texts through, because they
// hold addresses, and it decides nothing about who may get mail.
package ses
