package vendors

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// Put makes a contact.
func (h *HubSpot) Put(email string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Contacts[strconv.Itoa(51+len(h.Contacts))] = &Contact{Email: email}
}

// Records are the contacts, a line each.
func (h *HubSpot) Records() (lines []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, c := range h.Contacts {
		switch gone := !c.Erased.IsZero(); {
		case gone && !h.Now().Before(c.Erased.Add(h.Purge)):
			lines = append(lines, id+": erased")
		case gone:
			lines = append(lines, id+": "+c.Email+", being erased")
		default:
			lines = append(lines, id+": "+c.Email+h.mailOf(c.Email))
		}
	}
	slices.Sort(lines)
	return lines
}

func (h *HubSpot) mailOf(email string) string {
	if h.OptedOut[email] {
		return ", gets no mail"
	}
	return ""
}

// Put makes a member of each audience.
func (m *Mailchimp) Put(email string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, audience := range m.Order {
		m.Add(audience, email, "subscribed")
	}
}

// Records are the members, a line each.
func (m *Mailchimp) Records() (lines []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, audience := range m.Order {
		for _, member := range m.Audiences[audience] {
			lines = append(lines, audience+": "+member.Email+", "+member.Status)
		}
	}
	slices.Sort(lines)
	return lines
}

// Put makes an end user.
func (z *Zendesk) Put(email string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.Users[int64(35436+len(z.Users))] = &User{Name: "A customer", Email: email, Role: "end-user"}
}

// Records are the users, a line each.
func (z *Zendesk) Records() (lines []string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	for id, u := range z.Users {
		lines = append(lines, fmt.Sprintf("%d: %s, %s", id, u.Name, cmp.Or(u.Email, "deleted")))
	}
	slices.Sort(lines)
	return lines
}
