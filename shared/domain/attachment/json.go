package attachment

import (
	"encoding/json"
	"time"
)

// MarshalJSON is the file for machines at the desk.
func (f File) MarshalJSON() ([]byte, error) {
	out := shown{
		ID: f.ID, For: f.For, System: f.System, Replaces: f.Replaces, State: f.State, Type: f.Type, Size: f.Size, SHA256: f.SHA256, Found: f.Found, AddedBy: f.By,
		AskedAt: f.AskedAt.UTC(), StoredAt: f.StoredAt.UTC(), GoneAt: f.GoneAt.UTC(),
	}
	if f.State != Expected {
		out.Name = f.Name()
	}
	return json.Marshal(out)
}

type shown struct {
	ID       string    `json:"id"`
	Name     string    `json:"name,omitempty"` // when it is fetched
	For      For       `json:"for"`
	System   string    `json:"system,omitempty"`
	AddedBy  string    `json:"added_by,omitempty"`
	Replaces string    `json:"replaces,omitempty"`
	State    State     `json:"state"`
	Type     Type      `json:"type,omitempty"`
	Size     int64     `json:"bytes,omitempty"`
	SHA256   string    `json:"sha256,omitempty"`
	Found    []string  `json:"found,omitempty"`
	AskedAt  time.Time `json:"asked_at"`
	StoredAt time.Time `json:"stored_at,omitzero"`
	GoneAt   time.Time `json:"gone_at,omitzero"`
}
