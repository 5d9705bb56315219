package oidc

import "slices"

// The persons who can be logged in, by their subject.
const (
	Officer       = "officer"
	SecondOfficer = "second-officer"
	Viewer        = "viewer"
	Auditor       = "auditor"
	Admin         = "admin"
	NoRole        = "no-role"
	ExpiredToken  = "expired-token"
	WrongNonce    = "wrong-nonce"
)

// person is a button of the page. Its Subject is also the button's value.
type person struct {
	Subject, Label string
	Name           string
	Groups         []string
	About          string
}

var persons = []person{
	{Officer, "Officer", "Olivia Ortega", []string{"officer"}, "answers requests"},
	{SecondOfficer, "Second officer", "Samuel Stein", []string{"officer"}, "signs what the first one decides"},
	{Viewer, "Viewer", "Vera Vogel", []string{"viewer"}, "reads, without addresses"},
	{Auditor, "Auditor", "Arthur Alba", []string{"auditor"}, "sees figures, certificates, and who did what"},
	{Admin, "Admin", "Ada Adler", []string{"admin"}, "an officer who also places holds"},
	{NoRole, "No role", "Nora Novak", []string{"all-staff"}, "is in none of the desk's groups"},
	{ExpiredToken, "Expired token", "Olivia Ortega", []string{"officer"}, "the ID token expired an hour ago"},
	{WrongNonce, "Wrong nonce", "Olivia Ortega", []string{"officer"}, "the ID token belongs to another login"},
}

func personOf(subject string) (person, bool) {
	i := slices.IndexFunc(persons, func(p person) bool { return p.Subject == subject })
	if i < 0 {
		return person{}, false
	}
	return persons[i], true
}
