package deskpage

// ShownFile is a file as its JSON says it.
type ShownFile = shownFile
