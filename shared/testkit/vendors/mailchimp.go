package vendors

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Mailchimp is an account of Mailchimp.
type Mailchimp struct {
	Server
	Audiences map[string]map[string]*Member // by audience and hash
	Forgotten map[string]bool               // "audience hash" of who was erased
	Order     []string                      // of the audiences
}

// Member is a person in an audience.
type Member struct {
	Email  string
	Status string // subscribed, unsubscribed, cleaned, pending, archived
	ByLink bool   // they left by Mailchimp's own link
}

// NewMailchimp makes an account with empty audiences.
func NewMailchimp(key string, now func() time.Time, audiences ...string) *Mailchimp {
	m := &Mailchimp{Audiences: map[string]map[string]*Member{}, Forgotten: map[string]bool{}, Order: audiences}
	for _, a := range audiences {
		m.Audiences[a] = map[string]*Member{}
	}
	m.Now, m.Key = now, "Basic "+base64.StdEncoding.EncodeToString([]byte("desk:"+key))
	m.mux.HandleFunc("GET /3.0/lists", m.list)
	m.mux.HandleFunc("GET /3.0/lists/{audience}/members/{hash}", m.member(m.show))
	m.mux.HandleFunc("PATCH /3.0/lists/{audience}/members/{hash}", m.member(m.update))
	m.mux.HandleFunc("DELETE /3.0/lists/{audience}/members/{hash}", m.member(m.archive))
	m.mux.HandleFunc("POST /3.0/lists/{audience}/members/{hash}/actions/delete-permanent", m.member(m.erase))
	m.mux.HandleFunc("PUT /3.0/lists/{audience}/members/{hash}", m.put)
	return m
}

// Hash is by what Mailchimp names an address.
func Hash(email string) string {
	sum := md5.Sum([]byte(strings.ToLower(email)))
	return hex.EncodeToString(sum[:])
}

// Add puts a person into an audience.
func (m *Mailchimp) Add(audience, email, status string) *Member {
	member := &Member{Email: email, Status: status}
	m.Audiences[audience][Hash(email)] = member
	return member
}

// Status is a person's in an audience; "" when they are not in it.
func (m *Mailchimp) Status(audience, email string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if member := m.Audiences[audience][Hash(email)]; member != nil {
		return member.Status
	}
	return ""
}

func problem(w http.ResponseWriter, status int, title, detail string) {
	Answer(w, status, map[string]any{"type": "https://mailchimp.com/developer/marketing/docs/errors/", "title": title, "status": status, "detail": detail})
}

func (m *Mailchimp) list(w http.ResponseWriter, r *http.Request) {
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	count, _ := strconv.Atoi(r.URL.Query().Get("count"))
	lists := []any{}
	for _, id := range m.Order[min(offset, len(m.Order)):min(offset+count, len(m.Order))] {
		lists = append(lists, map[string]string{"id": id})
	}
	Answer(w, http.StatusOK, map[string]any{"lists": lists, "total_items": len(m.Order)})
}

// member looks a member up for an act.
func (m *Mailchimp) member(act func(http.ResponseWriter, *http.Request, *Member)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		member := m.Audiences[r.PathValue("audience")][r.PathValue("hash")]
		if member == nil {
			problem(w, http.StatusNotFound, "Resource Not Found", "The requested resource could not be found.")
			return
		}
		act(w, r, member)
	}
}

func (m *Mailchimp) show(w http.ResponseWriter, _ *http.Request, member *Member) {
	Answer(w, http.StatusOK, map[string]string{"status": member.Status})
}

func (m *Mailchimp) update(w http.ResponseWriter, r *http.Request, member *Member) {
	status := read[struct{ Status string }](r).Status
	switch {
	case !slices.Contains([]string{"subscribed", "unsubscribed", "cleaned", "pending"}, status):
		problem(w, http.StatusBadRequest, "Invalid Resource", "The resource submitted could not be validated.")
	case status == "subscribed" && (member.ByLink || member.Status == "cleaned"):
		problem(w, http.StatusBadRequest, "Member In Compliance State", member.Email+" is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.")
	default:
		member.Status = status
		m.show(w, r, member)
	}
}

// archive is what DELETE does: the person stays.
func (m *Mailchimp) archive(w http.ResponseWriter, _ *http.Request, member *Member) {
	member.Status = "archived"
	w.WriteHeader(http.StatusNoContent)
}

func (m *Mailchimp) erase(w http.ResponseWriter, r *http.Request, _ *Member) {
	audience, hash := r.PathValue("audience"), r.PathValue("hash")
	delete(m.Audiences[audience], hash)
	m.Forgotten[audience+" "+hash] = true
	w.WriteHeader(http.StatusNoContent)
}

// put adds a person, but none who was erased.
func (m *Mailchimp) put(w http.ResponseWriter, r *http.Request) {
	audience, hash := r.PathValue("audience"), r.PathValue("hash")
	asked := read[struct {
		Email  string `json:"email_address"`
		Status string
	}](r)
	if m.Forgotten[audience+" "+hash] {
		problem(w, http.StatusBadRequest, "Forgotten Email Not Subscribed", asked.Email+" was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list.")
		return
	}
	m.show(w, r, m.Add(audience, asked.Email, asked.Status))
}
