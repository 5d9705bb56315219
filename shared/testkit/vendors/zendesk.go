package vendors

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Zendesk is an account of Zendesk.
type Zendesk struct {
	Server
	Users map[int64]*User
}

// User is one of the account's.
type User struct {
	Name    string
	Email   string
	More    []string // their other addresses
	Role    string   // end-user, agent, admin
	Open    int      // tickets of theirs that are not closed
	Deleted bool
	Erased  time.Time
}

// NewZendesk makes an account without users; key is "agent@example.com/token:…".
func NewZendesk(key string, now func() time.Time) *Zendesk {
	z := &Zendesk{Users: map[int64]*User{}}
	z.Now, z.Key = now, "Basic "+base64.StdEncoding.EncodeToString([]byte(key))
	z.mux.HandleFunc("GET /api/v2/users/search", z.search)
	z.mux.HandleFunc("GET /api/v2/users/{id}/identities", z.user(false, z.identities))
	z.mux.HandleFunc("DELETE /api/v2/users/{id}", z.user(false, z.delete))
	z.mux.HandleFunc("DELETE /api/v2/deleted_users/{id}", z.user(true, z.erase))
	z.mux.HandleFunc("GET /api/v2/users/{id}/compliance_deletion_statuses", z.statuses)
	return z
}

func notFound(w http.ResponseWriter) {
	Answer(w, http.StatusNotFound, map[string]string{"error": "RecordNotFound", "description": "Not found"})
}

// user looks up one that is, or is not, deleted.
func (z *Zendesk) user(deleted bool, act func(http.ResponseWriter, int64, *User)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
		u := z.Users[id]
		if u == nil || u.Deleted != deleted || !u.Erased.IsZero() {
			notFound(w)
			return
		}
		act(w, id, u)
	}
}

// search finds similar addresses too, and no deleted users.
func (z *Zendesk) search(w http.ResponseWriter, r *http.Request) {
	wanted := strings.Trim(strings.TrimPrefix(r.URL.Query().Get("query"), "email:"), `"`)
	local, _, _ := strings.Cut(wanted, "@")
	users := []any{}
	for id, u := range z.Users {
		if !u.Deleted && slices.ContainsFunc(append([]string{u.Email}, u.More...), func(a string) bool { return strings.HasPrefix(a, local) }) {
			users = append(users, map[string]any{"id": id, "name": u.Name, "email": u.Email, "role": u.Role, "active": true})
		}
	}
	Answer(w, http.StatusOK, map[string]any{"users": users, "count": len(users)})
}

func (z *Zendesk) identities(w http.ResponseWriter, _ int64, u *User) {
	list := []any{map[string]string{"type": "email", "value": u.Email}}
	for _, a := range u.More {
		list = append(list, map[string]string{"type": "email", "value": a})
	}
	Answer(w, http.StatusOK, map[string]any{"identities": list})
}

// delete is the first step: the address is gone, the name stays.
func (z *Zendesk) delete(w http.ResponseWriter, id int64, u *User) {
	if u.Open > 0 {
		why := fmt.Sprintf("%s is requester on %d ticket(s) that are not closed.", u.Name, u.Open)
		Answer(w, http.StatusUnprocessableEntity, map[string]any{"error": "RecordInvalid", "description": "Record validation errors",
			"details": map[string]any{"base": []any{map[string]string{"type": why, "description": "Base " + why}}}})
		return
	}
	u.Deleted, u.Email, u.More = true, "", nil
	Answer(w, http.StatusOK, map[string]any{"user": map[string]any{"id": id, "name": u.Name, "active": false}})
}

func (z *Zendesk) erase(w http.ResponseWriter, id int64, u *User) {
	u.Erased = z.Now()
	Answer(w, http.StatusOK, map[string]any{"deleted_user": map[string]any{"id": id, "name": u.Name, "active": false}})
	u.Name = "Permanently Deleted User"
}

// timeline is when Zendesk's products begin and end.
var timeline = []struct {
	after               time.Duration
	action, application string
}{
	{0, "request_deletion", "all"},
	{6 * time.Second, "started", "support"}, {2 * time.Minute, "complete", "support"},
	{4 * time.Hour, "started", "chat"}, {5 * time.Hour, "complete", "chat"},
}

func (z *Zendesk) statuses(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	u := z.Users[id]
	if u == nil {
		notFound(w)
		return
	}
	list := []any{}
	for _, s := range timeline {
		if at := u.Erased.Add(s.after); !u.Erased.IsZero() && !z.Now().Before(at) {
			list = append(list, map[string]any{"action": s.action, "application": s.application, "account_subdomain": "example", "created_at": at.UTC().Format(time.RFC3339), "executer_id": nil, "user_id": id})
		}
	}
	Answer(w, http.StatusOK, map[string]any{"compliance_deletion_statuses": list})
}
