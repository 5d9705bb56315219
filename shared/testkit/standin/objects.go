package standin

import (
	"bytes"
	"cmp"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is one object of a bucket. It is replaced, never changed.
type object struct {
	Content []byte            `json:"content"`
	Type    string            `json:"type"`
	Stored  time.Time         `json:"stored"`
	Tags    map[string]string `json:"tags,omitempty"`
}

// routeObjects serves an S3-like store, path style, under /s3: objects by key, forms
// that a browser posts (posted.go), addresses that it fetches (presigned.go), tags,
// scans, and expiry. No listing, no multipart upload; what a caller signs with a header is
// not checked.
func (s *Server) routeObjects(mux *http.ServeMux) {
	mux.HandleFunc("PUT /s3/{bucket}/{key...}", s.putObject)
	mux.HandleFunc("GET /s3/{bucket}/{key...}", s.getObject) // HEAD comes with it
	mux.HandleFunc("DELETE /s3/{bucket}/{key...}", s.deleteObject)
	mux.HandleFunc("POST /s3/{bucket}/{$}", s.postObject)
	mux.HandleFunc("POST /s3/{bucket}", s.postObject)
}

func objectName(r *http.Request) string { return r.PathValue("bucket") + "/" + r.PathValue("key") }

func etag(content []byte) string {
	sum := md5.Sum(content) // S3's own ETag of a simple object; not for security
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// refuseObject answers as S3 does.
func refuseObject(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	var text bytes.Buffer
	_ = xml.EscapeText(&text, []byte(message))
	io.WriteString(w, "<Error><Code>"+code+"</Code><Message>"+text.String()+"</Message></Error>")
}

// store keeps an object over one that was there.
func (s *Server) store(name string, o object) {
	s.mu.Lock()
	o.Stored = s.cfg.Now()
	s.st.Objects[name] = o
	s.mu.Unlock()
	s.changed()
}

// find gives an object that is there, and has not expired.
func (s *Server) find(name string) (object, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.st.Objects[name]
	if ok && s.expired(name, o) {
		delete(s.st.Objects, name)
		s.changed()
		return object{}, false
	}
	return o, ok
}

// expired: S3 rounds the end of an object's days up to the next midnight UTC.
func (s *Server) expired(name string, o object) bool {
	bucket, _, _ := strings.Cut(name, "/")
	days := s.cfg.ExpireAfterDays[bucket]
	midnight := o.Stored.UTC().AddDate(0, 0, days).Truncate(24*time.Hour).AddDate(0, 0, 1)
	return days > 0 && !s.cfg.Now().Before(midnight)
}

// maxObject is less than the 5 GB of S3.
const maxObject = 256 << 20

// contentHash holds the SHA-256 of what is sent, or says that it is not signed.
const contentHash = "X-Amz-Content-Sha256"

func (s *Server) putObject(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, unchunked(r), maxObject))
	if err != nil {
		refuseObject(w, http.StatusBadRequest, "IncompleteBody", "The body ended early, or is too large.")
		return
	}
	if sum := sha256.Sum256(content); len(r.Header.Get(contentHash)) == 2*len(sum) && r.Header.Get(contentHash) != hex.EncodeToString(sum[:]) {
		refuseObject(w, http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
		return
	}
	if r.URL.Query().Has("tagging") {
		s.tag(w, objectName(r), content)
		return
	}
	s.store(objectName(r), object{Content: content, Type: r.Header.Get("Content-Type")})
	w.Header().Set("ETag", etag(content))
}

// tagging is the body of PutObjectTagging and GetObjectTagging.
type tagging struct {
	XMLName xml.Name `xml:"Tagging"`
	Tags    []struct {
		Key   string
		Value string
	} `xml:"TagSet>Tag"`
}

func (s *Server) tag(w http.ResponseWriter, name string, body []byte) {
	var in tagging
	o, ok := s.find(name)
	switch {
	case !ok:
		refuseObject(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	case xml.Unmarshal(body, &in) != nil:
		refuseObject(w, http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed.")
		return
	}
	o.Tags = map[string]string{}
	for _, t := range in.Tags {
		o.Tags[t.Key] = t.Value
	}
	s.mu.Lock()
	s.st.Objects[name] = o
	s.mu.Unlock()
	s.changed()
}

func (s *Server) getObject(w http.ResponseWriter, r *http.Request) {
	if refused := s.mayRead(r); refused != "" {
		refuseObject(w, http.StatusForbidden, refused, "The stand-in gives nothing to who has not signed.")
		return
	}
	o, ok := s.find(objectName(r))
	if !ok {
		refuseObject(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	if r.URL.Query().Has("tagging") {
		giveTags(w, s.scanned(r.PathValue("bucket"), o))
		return
	}
	w.Header().Set("ETag", etag(o.Content))
	w.Header().Set("Content-Type", cmp.Or(r.URL.Query().Get("response-content-type"), o.Type, "binary/octet-stream"))
	if disposition := r.URL.Query().Get("response-content-disposition"); disposition != "" {
		w.Header().Set("Content-Disposition", disposition)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(o.Content)))
	w.Write(o.Content)
}

// eicar is in the file that every scanner takes for malware (https://www.eicar.org).
const eicar = "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

// scanned is an object with the tag that GuardDuty gives it after a while.
func (s *Server) scanned(bucket string, o object) object {
	if !slices.Contains(s.cfg.ScanBuckets, bucket) || s.cfg.Now().Before(o.Stored.Add(s.cfg.ScanDelay)) {
		return o
	}
	found := "NO_THREATS_FOUND"
	if bytes.Contains(o.Content, []byte(eicar)) {
		found = "THREATS_FOUND"
	}
	o.Tags = maps.Clone(o.Tags)
	if o.Tags == nil {
		o.Tags = map[string]string{}
	}
	o.Tags["GuardDutyMalwareScanStatus"] = found
	return o
}

func giveTags(w http.ResponseWriter, o object) {
	var out tagging
	for key, value := range o.Tags {
		out.Tags = append(out.Tags, struct{ Key, Value string }{key, value})
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(out)
}

func (s *Server) deleteObject(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	delete(s.st.Objects, objectName(r))
	s.mu.Unlock()
	s.changed()
	w.WriteHeader(http.StatusNoContent)
}
