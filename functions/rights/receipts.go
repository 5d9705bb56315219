package main

import (
	"errors"
	"net/http"
	"strings"

	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/portal"
)

// keys publishes the public halves of the receipt keys as a JWK Set.
func (h *handler) keys(w http.ResponseWriter, r *http.Request) {
	web.AllowAnyOrigin(w)
	head := w.Header()
	head.Set("Content-Type", "application/jwk-set+json")
	head.Set("Cache-Control", "public, max-age=3600")
	head.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(h.signer.PublicKeys())
	}
}

func (h *handler) showCheck(w http.ResponseWriter, r *http.Request) {
	h.Show(w, r, http.StatusOK, portal.Texts(r, ""), page.ReceiptCheck{})
}

const maxReceipt = 32 << 10 // bytes

// takeCheck checks a receipt by its signature alone: nothing is looked up, so
// it says the same years after the request was disposed of.
func (h *handler) takeCheck(w http.ResponseWriter, r *http.Request) {
	fields, err := portal.Fields(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	text := strings.TrimSpace(fields.First(page.FieldReceipt))
	switch {
	case text == "":
		h.noReceipt(w, r, fields.First(page.FieldLang))
		return
	case len(text) > maxReceipt:
		h.Fail(w, r, fault.New(fault.TooLarge, "A receipt is smaller than this."))
		return
	}
	found := h.find(text)
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, checked{http.StatusOK, "checked", found.Valid, reason(found)})
		return
	}
	h.Show(w, r, http.StatusOK, portal.Texts(r, fields.First(page.FieldLang)), page.ReceiptCheck{Receipt: text, Found: &found})
}

func (h *handler) noReceipt(w http.ResponseWriter, r *http.Request, lang string) {
	if web.Wanted(r) == web.JSON {
		h.Refused(w, portal.Texts(r, lang), []fault.FieldError{{Field: page.FieldReceipt, Reason: person.Missing}})
		return
	}
	h.Show(w, r, http.StatusUnprocessableEntity, portal.Texts(r, lang), page.ReceiptCheck{
		Errors: []fault.FieldError{{Field: page.FieldReceipt, Reason: person.Missing}},
	})
}

// checked is the JSON of a check. Reason says why a receipt is not valid.
type checked struct {
	Code   int    `json:"code"`
	Status string `json:"status"`
	Valid  bool   `json:"valid"`
	Reason string `json:"reason,omitempty"`
}

var reasons = map[page.ReceiptFault]string{
	page.ReceiptUnreadable: "unreadable", page.ReceiptForged: "forged", page.ReceiptUnknownKey: "unknown_key",
}

func reason(f page.ReceiptFind) string {
	if f.Valid {
		return ""
	}
	return reasons[f.Fault]
}

func (h *handler) find(text string) page.ReceiptFind {
	receipt, err := audit.Check([]byte(text), h.signer.PublicKeys())
	switch {
	case errors.Is(err, audit.ErrUnknownKey):
		return page.ReceiptFind{Fault: page.ReceiptUnknownKey}
	case errors.Is(err, audit.ErrWrongSignature):
		return page.ReceiptFind{Fault: page.ReceiptForged}
	case err != nil:
		return page.ReceiptFind{Fault: page.ReceiptUnreadable}
	}
	found := page.ReceiptFind{
		Valid: true, Issuer: receipt.Issuer, Kind: string(receipt.Kind), Reference: receipt.Reference, What: receipt.What,
		ReceivedAt: receipt.ReceivedAt, EffectiveAt: receipt.EffectiveAt, DueAt: receipt.DueAt, Person: receipt.Person,
	}
	if receipt.Head != nil {
		found.Seq, found.Hash = receipt.Head.Seq, receipt.Head.Hash
	}
	return found
}
