package vendors

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// HubSpot is an account of HubSpot.
type HubSpot struct {
	Server
	Contacts   map[string]*Contact // by their number
	Blocked    []string            // addresses that nobody can add any more
	Purge      time.Duration       // until an erased contact is gone: at most 30 days
	Enterprise bool                // only such accounts have the batches of subscriptions
	OptedOut   map[string]bool     // addresses that get no mail at all
	Statuses   map[string]string   // "address subscription" to its status
}

// Contact is one record.
type Contact struct {
	Email  string
	More   string // more addresses, with semicolons between them
	Erased time.Time
}

// NewHubSpot makes an account without contacts.
func NewHubSpot(token string, now func() time.Time) *HubSpot {
	h := &HubSpot{Contacts: map[string]*Contact{}, Purge: 29 * 24 * time.Hour, OptedOut: map[string]bool{}, Statuses: map[string]string{}}
	h.Now, h.Key = now, "Bearer "+token
	h.mux.HandleFunc("POST /crm/v3/objects/contacts/search", h.search)
	h.mux.HandleFunc("POST /crm/v3/objects/contacts/gdpr-delete", h.erase)
	h.mux.HandleFunc("GET /crm/v3/objects/contacts/{id}", h.show)
	h.mux.HandleFunc("POST /crm/v3/objects/contacts/batch/read", h.readBatch)
	h.mux.HandleFunc("POST /communication-preferences/v4/statuses/batch/unsubscribe-all", h.leaveAll)
	h.mux.HandleFunc("POST /communication-preferences/v4/statuses/batch/write", h.writeBatch)
	h.mux.HandleFunc("POST /communication-preferences/v4/statuses/{email}/unsubscribe-all", h.leave)
	h.mux.HandleFunc("POST /communication-preferences/v4/statuses/{email}", h.write)
	return h
}

func (c *Contact) json(id string) any {
	return map[string]any{"id": id, "properties": map[string]string{"email": c.Email, "hs_additional_emails": c.More}, "archived": false}
}

// tokens are the parts by which HubSpot searches.
func tokens(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune("@.;-_", r) })
}

func (h *HubSpot) search(w http.ResponseWriter, r *http.Request) {
	asked := read[struct {
		FilterGroups []struct {
			Filters []struct{ PropertyName, Operator, Value string }
		}
	}](r)
	results := []any{}
	for id, c := range h.Contacts {
		for _, g := range asked.FilterGroups {
			f := g.Filters[0]
			same := f.PropertyName == "email" && f.Operator == "EQ" && strings.EqualFold(c.Email, f.Value)
			similar := f.PropertyName == "hs_additional_emails" && f.Operator == "CONTAINS_TOKEN" && slices.ContainsFunc(tokens(c.More), func(t string) bool { return slices.Contains(tokens(f.Value), t) })
			if c.Erased.IsZero() && (same || similar) {
				results = append(results, c.json(id))
				break
			}
		}
	}
	Answer(w, http.StatusOK, map[string]any{"total": len(results), "results": results})
}

func (h *HubSpot) erase(w http.ResponseWriter, r *http.Request) {
	asked := read[struct{ ObjectID, IDProperty string }](r)
	id := asked.ObjectID
	if asked.IDProperty == "email" {
		if id = h.number(asked.ObjectID); id == "" {
			h.Blocked = append(h.Blocked, asked.ObjectID)
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	c := h.Contacts[id]
	if c == nil || !c.Erased.IsZero() {
		Answer(w, http.StatusNotFound, map[string]string{"status": "error", "category": "OBJECT_NOT_FOUND"})
		return
	}
	c.Erased = h.Now()
	h.Blocked = append(h.Blocked, c.Email)
	w.WriteHeader(http.StatusNoContent)
}

func (h *HubSpot) number(email string) string {
	for id, c := range h.Contacts {
		if strings.EqualFold(c.Email, email) && c.Erased.IsZero() {
			return id
		}
	}
	return ""
}

func (h *HubSpot) show(w http.ResponseWriter, r *http.Request) {
	c := h.Contacts[r.PathValue("id")]
	if c == nil || !c.Erased.IsZero() && !h.Now().Before(c.Erased.Add(h.Purge)) {
		Answer(w, http.StatusNotFound, map[string]string{"status": "error", "category": "OBJECT_NOT_FOUND"})
		return
	}
	Answer(w, http.StatusOK, c.json(r.PathValue("id")))
}

// readBatch answers 207 where it does not know all.
func (h *HubSpot) readBatch(w http.ResponseWriter, r *http.Request) {
	asked := read[struct {
		IDProperty string
		Inputs     []struct{ ID string }
	}](r)
	results, status := []any{}, http.StatusOK
	for _, input := range asked.Inputs {
		if id := h.number(input.ID); id != "" {
			results = append(results, h.Contacts[id].json(id))
		} else {
			status = http.StatusMultiStatus
		}
	}
	if len(asked.Inputs) > 100 {
		status = http.StatusBadRequest
	}
	Answer(w, status, map[string]any{"status": "COMPLETE", "results": results, "numErrors": len(asked.Inputs) - len(results)})
}

func (h *HubSpot) noBatches(w http.ResponseWriter) bool {
	if !h.Enterprise {
		Answer(w, http.StatusForbidden, map[string]string{"status": "error", "category": "MISSING_SCOPES"})
	}
	return !h.Enterprise
}

func (h *HubSpot) leaveAll(w http.ResponseWriter, r *http.Request) {
	if h.noBatches(w) {
		return
	}
	for _, email := range read[struct{ Inputs []string }](r).Inputs {
		h.OptedOut[strings.ToLower(email)] = true
	}
	Answer(w, http.StatusOK, map[string]any{"status": "COMPLETE", "results": []any{}})
}

func (h *HubSpot) leave(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("channel") != "EMAIL" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	h.OptedOut[strings.ToLower(r.PathValue("email"))] = true
	Answer(w, http.StatusOK, map[string]any{"status": "COMPLETE", "results": []any{}})
}

// subscription is a status that is set.
type subscription struct {
	SubscriberIDString, StatusState, Channel string
	SubscriptionID                           int64
}

// set refuses to subscribe whoever gets no mail at all.
func (h *HubSpot) set(s subscription) bool {
	email := strings.ToLower(s.SubscriberIDString)
	if s.StatusState == "SUBSCRIBED" && h.OptedOut[email] || s.Channel != "EMAIL" {
		return false
	}
	h.Statuses[email+" "+strconv.FormatInt(s.SubscriptionID, 10)] = s.StatusState
	return true
}

func (h *HubSpot) writeBatch(w http.ResponseWriter, r *http.Request) {
	if h.noBatches(w) {
		return
	}
	refused := 0
	for _, s := range read[struct{ Inputs []subscription }](r).Inputs {
		if !h.set(s) {
			refused++
		}
	}
	Answer(w, http.StatusOK, map[string]any{"status": "COMPLETE", "results": []any{}, "numErrors": refused})
}

func (h *HubSpot) write(w http.ResponseWriter, r *http.Request) {
	s := read[subscription](r)
	s.SubscriberIDString = r.PathValue("email")
	if !h.set(s) {
		Answer(w, http.StatusBadRequest, map[string]string{"status": "error", "category": "VALIDATION_ERROR"})
		return
	}
	Answer(w, http.StatusOK, map[string]any{"status": "COMPLETE", "results": []any{}})
}
