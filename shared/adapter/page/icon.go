package page

import (
	_ "embed"
	"net/http"
	"strconv"
)

//go:embed icon.svg
var icon []byte

// Icon answers GET and HEAD of the icon that browsers show beside a page's title. It may be kept for a day.
func Icon(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Length", strconv.Itoa(len(icon)))
	h.Set("Cache-Control", "public, max-age=86400")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(icon)
	}
}
