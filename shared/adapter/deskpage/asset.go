package deskpage

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync"
)

//go:embed desk.css
var css []byte

//go:embed desk.js
var js []byte

var (
	stylesheet = newAsset("/desk/style.css", "text/css; charset=utf-8", css)
	script     = newAsset("/desk/script.js", "text/javascript; charset=utf-8", js)
)

// asset is a file that screens load. Asked for by the hash of its content it may be kept for a year.
type asset struct {
	path, media string
	content     []byte
	hash        func() string
}

func newAsset(path, media string, content []byte) asset {
	return asset{path, media, content, sync.OnceValue(func() string {
		sum := sha256.Sum256(content)
		return hex.EncodeToString(sum[:8])
	})}
}

func (a asset) url() string { return a.path + "?v=" + a.hash() }

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == a.hash() {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Content-Type", a.media)
	h.Set("Content-Length", strconv.Itoa(len(a.content)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.content)
	}
}

// Assets serve the files that screens load, by their patterns. They need no session.
func Assets() map[string]http.HandlerFunc {
	served := map[string]http.HandlerFunc{}
	for _, a := range []asset{stylesheet, script} {
		served["GET "+a.path] = a.serve
	}
	return served
}
