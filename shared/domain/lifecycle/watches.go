package lifecycle

// Watch is what is waited for in a request that is not closed.
type Watch string

// The watches: the person's confirmation, their answer while our clock stands
// still, our own answer, and beside these an officer's look (Request.Look).
const (
	WatchUnverified Watch = "unverified"
	WatchPaused     Watch = "paused"
	WatchOpen       Watch = "open"
	WatchLook       Watch = "look"
	WatchClosed     Watch = "closed" // nothing: it is answered, and listed
	WatchSign       Watch = "sign"   // it is answered, and something about it waits for a signature
)

// Watches lists all watches that are kept.
var Watches = []Watch{WatchLook, WatchUnverified, WatchPaused, WatchOpen}
