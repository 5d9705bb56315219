package portal

import (
	"io"
	"net/http"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
)

// ResultFor is how long the page that says what became of a form can be had.
const ResultFor = time.Hour

// Results are the pages that say what became of forms, each at an address of
// its own (RFC 9110 section 15.4.4): going back to one or loading it again sends
// nothing a second time, and it says what holds when it is looked at.
type Results struct {
	*Site
	Path    string // how their addresses begin
	Page    func(http.ResponseWriter, *http.Request, *catalog.Texts, link.Claims)
	Receipt func(http.ResponseWriter, *http.Request, link.Claims)
}

// Done leads a browser on to the result of a form. A caller that does not go
// where answers lead is given the page at once.
func (s Results) Done(w http.ResponseWriter, r *http.Request, t *catalog.Texts, of string, c link.Claims) {
	c.Of, c.IssuedAt, c.ExpiresAt = of, s.Now(), s.Now().Add(ResultFor)
	if !web.Navigates(r) || !s.Lead(w, t, c) {
		s.Page(w, r, t, c)
	}
}

// Lead answers with the address of a result. False: it cannot be made.
func (s Results) Lead(w http.ResponseWriter, t *catalog.Texts, c link.Claims) bool {
	path := s.At(c)
	if path == "" {
		return false
	}
	w.Header().Set("X-Robots-Tag", "noindex")
	web.SeeOther(w, path+"?"+page.FieldLang+"="+t.Lang())
	return true
}

// At is the path of a result, "" if it cannot be made.
func (s Results) At(c link.Claims) string { return s.Sealed(s.Path, link.Result, c) }

// Serve answers at the address of a result with its page, or its receipt.
func (s Results) Serve(w http.ResponseWriter, r *http.Request) {
	c, ok := s.Open(w, r, link.Result)
	switch {
	case !ok:
	case GivesReceipt(r):
		s.Receipt(w, r, c)
	default:
		s.Page(w, r, Texts(r, ""), c)
	}
}

// GivesReceipt reports whether a page's link asks for its receipt.
func GivesReceipt(r *http.Request) bool { return r.URL.Query().Get("file") == "receipt" }

// ReceiptAt is the link to the receipt of a page, "" where there is no page.
func ReceiptAt(path string) string {
	if path == "" {
		return ""
	}
	return path + "?file=receipt"
}

// GiveReceipt answers with a receipt as a file; "": there is none.
func (s *Site) GiveReceipt(w http.ResponseWriter, r *http.Request, reference, receipt string) {
	if receipt == "" {
		s.NotFound(w, r)
		return
	}
	head := w.Header()
	head.Set("Content-Disposition", `attachment; filename="receipt-`+reference+`.json"`)
	head.Set("X-Robots-Tag", "noindex")
	head.Set("Cache-Control", "no-store")
	head.Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, receipt)
	}
}
