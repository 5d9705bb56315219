// Package screening answers who must not be contacted: Checker for a mailing,
// Suppressed for a system that can only take a list.
//
// The package must not write, and must not import AWS, net/http or HTML.
package screening
