package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

// Certificates has the proofs of what was disposed of.
type Certificates interface {
	// Proofs returns them newest first, from the one before a number on.
	Proofs(ctx context.Context, before, limit int) ([]disposal.Proof, error)
}

// certificatesShown is how many certificates one answer holds.
const certificatesShown = 50

type shownCertificate struct {
	Seq    int             `json:"seq"`
	Signed json.RawMessage `json:"signed"` // for make verify-certificate
}

// listCertificates gives certificates out, newest first; ?before= goes on
// where "next" says.
func (h *Door) listCertificates(w http.ResponseWriter, r *http.Request) {
	before := 0
	if text := r.URL.Query().Get("before"); text != "" {
		var err error
		if before, err = strconv.Atoi(text); err != nil || before < 1 {
			refuse(w, r, fault.Field("before", "invalid", "before must be the number that next said"))
			return
		}
	}
	found, err := h.Certificates.Proofs(r.Context(), before, certificatesShown)
	if err != nil {
		refuse(w, r, err)
		return
	}
	list, next := []shownCertificate{}, 0
	for _, p := range found {
		list = append(list, shownCertificate{p.Entry.Seq, p.Certificate})
	}
	if len(list) == certificatesShown && list[len(list)-1].Seq > 1 {
		next = list[len(list)-1].Seq
	}
	out := map[string]any{"certificates": list}
	if next > 0 {
		out["next"] = next
	}
	web.WriteJSON(w, http.StatusOK, out)
}
