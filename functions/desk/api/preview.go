package api

import (
	"context"
	"net/http"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/request"
)

// Letter writes the letter of an answer before it goes: after is the request as
// it is then.
type Letter func(ctx context.Context, after request.Request, language string) (subject, text string, err error)

// preview is what happens when answers go, and the letter that then goes.
type preview struct {
	Plan   draft.Plan     `json:"plan"`
	Letter *previewLetter `json:"letter,omitempty"` // none while the answers cannot go
}

type previewLetter struct {
	Language string `json:"language"`
	Subject  string `json:"subject"`
	Text     string `json:"text"`
}

// preview tells what answers do, without doing it; of none given, the draft's. The
// letter is in the person's language, or in the one that is asked for.
func (h *Door) preview(w http.ResponseWriter, r *http.Request) {
	a, err := h.read(r)
	if err != nil {
		refuse(w, r, err)
		return
	}
	answers, err := a.drafted()
	if err != nil {
		refuse(w, r, err)
		return
	}
	plan, after, err := h.Rights.Preview(r.Context(), r.PathValue("id"), a.Officer, answers...)
	out := preview{Plan: plan}
	if err == nil && plan.Clean() && h.Letter != nil {
		if a.Language == "" {
			a.Language = after.Language
		}
		out.Letter = &previewLetter{Language: a.Language}
		out.Letter.Subject, out.Letter.Text, err = h.Letter(r.Context(), after, a.Language)
	}
	if err != nil {
		refuse(w, r, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, out)
}
