// Package staff says who works at the desk and what each may do: roles, rights,
// the one table of both, who is signed in, and how long.
//
// Nobody is kept here: the organisation's identity provider knows its people. A
// session keeps an id, a display name and a role until it ends.
//
// The package must not know how people log in, nor what a right is used for.
package staff
