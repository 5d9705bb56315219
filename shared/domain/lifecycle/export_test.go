package lifecycle

// Events lists all events, each once, in the order of the table.
func Events() []Event {
	events := make([]Event, len(transitions))
	for i, t := range transitions {
		events[i] = t.event
	}
	return events
}
