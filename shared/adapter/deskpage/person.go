package deskpage

// PathPeople is what stands before a person's keyed reference.
const PathPeople = "/desk/people"
