package standin

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// BusEvent is an event of EventBridge in the form in which its rules hand it on.
type BusEvent struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Time       string          `json:"time"` // RFC 3339, whole seconds
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

const region = "us-east-1"

// What one PutEvents may hold. AWS has raised the size since; what passes here
// passes everywhere.
const (
	maxEntries    = 10
	maxEntryBytes = 256 << 10 // of all entries together
	timeBytes     = 14        // what a Time counts, however it is written
)

// newEventID is a random UUID.
func newEventID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

const maxBusEvents = 10_000 // the oldest go first

type putEventsInput struct {
	Entries []busEntry
}

type busEntry struct {
	Time         *float64 // seconds since 1970
	Source       string
	Resources    []string
	DetailType   string
	Detail       string
	EventBusName string
}

type putEventsOutput struct {
	FailedEntryCount int
	Entries          []busResult
}

// busResult is what became of one entry: an id, or an error.
type busResult struct {
	EventID      string `json:"EventId,omitempty"`
	ErrorCode    string `json:",omitempty"`
	ErrorMessage string `json:",omitempty"`
}

// putEvents takes events of our own. A fault of one entry leaves the others alone;
// an entry for a bus that is not there is taken and dropped, as EventBridge does.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
func (s *Server) putEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", json11)
	var in putEventsInput
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4*maxEntryBytes)).Decode(&in); err != nil {
		refuseEvents(w, "SerializationException", "")
		return
	}
	if fault := in.fault(); fault != "" {
		refuseEvents(w, "ValidationException", fault)
		return
	}
	json.NewEncoder(w).Encode(s.takeEntries(in.Entries))
}

func refuseEvents(w http.ResponseWriter, code, message string) {
	w.WriteHeader(http.StatusBadRequest)
	json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message})
}

func (s *Server) takeEntries(entries []busEntry) putEventsOutput {
	out, now := putEventsOutput{}, s.cfg.Now()
	for _, entry := range entries {
		if fault := entry.fault(); fault != nil {
			out.FailedEntryCount++
			out.Entries = append(out.Entries, *fault)
			continue
		}
		event := entry.event(now)
		out.Entries = append(out.Entries, busResult{EventID: event.ID})
		if !entry.onDefaultBus() {
			s.cfg.Logger.Warn("an event was dropped: there is no such bus", "bus", entry.EventBusName)
			continue
		}
		s.keepBusEvent(event)
	}
	return out
}

// fault is why the whole call is refused; empty where it is not.
func (in putEventsInput) fault() string {
	size := 0
	for _, entry := range in.Entries {
		size += entry.size()
	}
	switch n := len(in.Entries); {
	case n == 0:
		return "1 validation error detected: Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1"
	case n > maxEntries:
		return fmt.Sprintf("1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to %d", maxEntries)
	case size > maxEntryBytes:
		return "Total size of the entries in the request is over the limit."
	}
	return ""
}

// size is what EventBridge counts.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
func (e busEntry) size() int {
	size := len(e.Source) + len(e.DetailType) + len(e.Detail)
	if e.Time != nil {
		size += timeBytes
	}
	for _, resource := range e.Resources {
		size += len(resource)
	}
	return size
}

// fault is the entry's own error; nil where it has none.
func (e busEntry) fault() *busResult {
	for _, member := range [][2]string{{"Source", e.Source}, {"DetailType", e.DetailType}, {"Detail", e.Detail}} {
		if name, given := member[0], member[1]; given == "" {
			return &busResult{ErrorCode: "InvalidArgument",
				ErrorMessage: fmt.Sprintf("Parameter %s is not valid. Reason: %s is a required argument.", name, name)}
		}
	}
	var detail map[string]any
	switch {
	case strings.HasPrefix(e.Source, "aws."):
		return &busResult{ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source."}
	case json.Unmarshal([]byte(e.Detail), &detail) != nil:
		return &busResult{ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed."}
	}
	return nil
}

// onDefaultBus: the template makes no bus of its own.
func (e busEntry) onDefaultBus() bool {
	return e.EventBusName == "" || e.EventBusName == "default" || strings.HasSuffix(e.EventBusName, ":event-bus/default")
}

func (e busEntry) event(now time.Time) BusEvent {
	if e.Time != nil {
		now = time.Unix(int64(*e.Time), 0)
	}
	return BusEvent{
		Version: "0", ID: newEventID(), DetailType: e.DetailType, Source: e.Source, Account: account,
		Time: now.UTC().Format(time.RFC3339), Region: region, Resources: append([]string{}, e.Resources...),
		Detail: json.RawMessage(e.Detail),
	}
}

func (s *Server) keepBusEvent(e BusEvent) {
	s.mu.Lock()
	kept := s.st.BusEvents
	if len(kept) >= maxBusEvents {
		kept = slices.Clone(kept[len(kept)-maxBusEvents+1:])
	}
	s.st.BusEvents = append(kept, e)
	s.mu.Unlock()
	s.changed()
}

// eventsJSON shows what was put on the default bus: newest first, as a rule
// would hand it on.
func (s *Server) eventsJSON(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.st.BusEvents)
	slices.Reverse(out)
	writeJSON(w, http.StatusOK, append([]BusEvent{}, out...))
}
