// Package people is the desk's door for people: pages below /desk, behind a session.
//
// route.go holds the one table of its routes, each with the right that it needs, and
// the one way in; every other file serves some of them. A handler reads what was sent,
// calls one method of the domain, and shows a screen of package deskpage. It must hold no rule.
package people
