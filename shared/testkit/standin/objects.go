package standin

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
)

// routeObjects serves an S3-like store, path style, under /s3: enough for the
// objects that import jobs read. No listing, no multipart upload, no signature.
func (s *Server) routeObjects(mux *http.ServeMux) {
	mux.HandleFunc("PUT /s3/{bucket}/{key...}", s.putObject)
	mux.HandleFunc("GET /s3/{bucket}/{key...}", s.getObject) // HEAD comes with it
	mux.HandleFunc("DELETE /s3/{bucket}/{key...}", s.deleteObject)
}

func objectName(r *http.Request) string { return r.PathValue("bucket") + "/" + r.PathValue("key") }

func etag(content []byte) string {
	sum := md5.Sum(content) // S3's own ETag of a simple object; not for security
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func (s *Server) putObject(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, unchunked(r), maxBody))
	if err != nil {
		http.Error(w, "<Error><Code>IncompleteBody</Code></Error>", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.st.Objects[objectName(r)] = content
	s.mu.Unlock()
	s.changed()
	w.Header().Set("ETag", etag(content))
}

func (s *Server) getObject(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	content, ok := s.st.Objects[objectName(r)]
	s.mu.Unlock()
	if !ok {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>")
		return
	}
	w.Header().Set("ETag", etag(content))
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.Write(content)
}

func (s *Server) deleteObject(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	delete(s.st.Objects, objectName(r))
	s.mu.Unlock()
	s.changed()
	w.WriteHeader(http.StatusNoContent)
}
