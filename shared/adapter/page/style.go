package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

//go:embed style.css
var stylesheet []byte

var stylesheetHash = sync.OnceValue(func() string {
	sum := sha256.Sum256(stylesheet)
	return hex.EncodeToString(sum[:8])
})

// StylesheetURL is the stylesheet's address with its content's hash, so that it can be kept for ever.
func StylesheetURL() string { return PathStylesheet + "?v=" + stylesheetHash() }

// Stylesheet answers GET and HEAD of PathStylesheet. Asked for by hash it may be kept for a year; a browser
// that has it already gets 304.
func Stylesheet(w http.ResponseWriter, r *http.Request) {
	etag := `"` + stylesheetHash() + `"`
	h := w.Header()
	h.Set("ETag", etag)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == stylesheetHash() {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(stylesheet)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(stylesheet)
	}
}
