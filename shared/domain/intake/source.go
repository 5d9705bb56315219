package intake

// Source is the way by which a request reached us.
type Source string

// The sources.
const (
	FromForm        Source = "form"
	FromUnsubscribe Source = "unsubscribe" // "… and delete my data"
	FromMail        Source = "mail"
	FromOfficer     Source = "officer" // paper, telephone, in person
	FromAppeal      Source = "appeal"
)

// WordsUnconfirmed says of the words of a request that they are whoever's sent it.
const WordsUnconfirmed = "unconfirmed"
