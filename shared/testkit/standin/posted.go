package standin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxFields bounds all that is in a form before its file: 20 KB, as S3 has it.
const maxFields = 20 << 10

// postForm is what a browser posts: the fields before the file, by their names in
// lower case, and the file.
type postForm struct {
	fields map[string]string
	file   []byte
}

// refusal is an answer of S3 to a form that it does not take.
type refusal struct {
	status        int
	code, message string
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

func invalidPolicy(format string, args ...any) error {
	return &refusal{http.StatusForbidden, "AccessDenied", "Invalid according to Policy: " + fmt.Sprintf(format, args...)}
}

// postObject is POST Object with a policy of Signature Version 4
// (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html).
func (s *Server) postObject(w http.ResponseWriter, r *http.Request) {
	form, err := readPost(w, r)
	if err == nil {
		err = form.check(r.PathValue("bucket"), s.cfg.SecretKey, s.cfg.Wall())
	}
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		refuseObject(w, refused.status, refused.code, refused.message)
		return
	case err != nil:
		refuseObject(w, http.StatusBadRequest, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
		return
	}
	key := form.fields["key"]
	s.store(r.PathValue("bucket")+"/"+key, object{Content: form.file, Type: form.fields["content-type"]})
	w.Header().Set("ETag", etag(form.file))
	to, err := url.Parse(form.fields["success_action_redirect"])
	if err != nil || to.Host == "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	query := to.Query()
	query.Set("bucket", r.PathValue("bucket"))
	query.Set("key", key)
	query.Set("etag", etag(form.file))
	to.RawQuery = query.Encode()
	w.Header().Set("Location", to.String())
	w.WriteHeader(http.StatusSeeOther)
}

// readPost reads up to the file. S3 ignores the fields after it.
func readPost(w http.ResponseWriter, r *http.Request) (postForm, error) {
	form := postForm{fields: map[string]string{}}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	parts, err := r.MultipartReader()
	if err != nil {
		return form, &refusal{http.StatusPreconditionFailed, "PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data"}
	}
	left := maxFields
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, &refusal{http.StatusBadRequest, "InvalidArgument", "POST requires exactly one file upload per request."}
		}
		if err != nil {
			return form, err
		}
		name := strings.ToLower(part.FormName())
		if name == "file" {
			form.file, err = io.ReadAll(part)
			return form, err
		}
		value, err := io.ReadAll(io.LimitReader(part, int64(left)+1))
		if left -= len(value) + len(name); err != nil || left < 0 {
			return form, errors.Join(err, &refusal{http.StatusBadRequest, "MaxPostPreDataLengthExceeded", "Your POST request fields preceding the upload file were too large."})
		}
		form.fields[name] = string(value)
	}
}

// check holds a form against its signature and its policy.
func (f postForm) check(bucket, secret string, now time.Time) error {
	raw, signed := f.fields["policy"]
	text, err := base64.StdEncoding.DecodeString(raw)
	if !signed || f.fields["key"] == "" {
		return &refusal{http.StatusForbidden, "AccessDenied", "Access Denied"}
	}
	var policy struct {
		Expiration time.Time
		Conditions []json.RawMessage
	}
	if err != nil || json.Unmarshal(text, &policy) != nil {
		return &refusal{http.StatusBadRequest, "InvalidPolicyDocument", "Invalid Policy: Invalid JSON."}
	}
	switch {
	case f.fields["x-amz-algorithm"] != "AWS4-HMAC-SHA256" || !f.signedBy(secret, raw):
		return &refusal{http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided."}
	case !now.Before(policy.Expiration):
		return invalidPolicy("Policy expired.")
	}
	return f.fits(bucket, policy.Conditions)
}

// signedBy: the signature is of the policy, and its scope of the form's day.
func (f postForm) signedBy(secret, policy string) bool {
	scope := strings.Split(f.fields["x-amz-credential"], "/")
	if len(scope) != 5 || scope[3] != "s3" || scope[4] != "aws4_request" || !strings.HasPrefix(f.fields["x-amz-date"], scope[1]+"T") {
		return false
	}
	return hmac.Equal([]byte(f.fields["x-amz-signature"]), []byte(signature(secret, scope[1:], policy)))
}

// signature is that of Signature Version 4, by a key for day, Region and service.
func signature(secret string, scope []string, text string) string {
	key := []byte("AWS4" + secret)
	for _, part := range append(scope[:len(scope):len(scope)], text) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// unchecked are the fields that a policy need not name.
var unchecked = []string{"policy", "x-amz-signature", "file"}
