package standin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// mayRead tells why a GET is refused: one that is not signed, or whose address is not
// good any more. The list of an import job's failures is given out freely, since its
// address is made here, without a signature.
func (s *Server) mayRead(r *http.Request) (refused string) {
	query := r.URL.Query()
	switch {
	case query.Has("X-Amz-Signature"):
		return s.presigned(r)
	case r.Header.Get("Authorization") != "", r.PathValue("bucket") == failedBucket:
		return ""
	}
	return "AccessDenied"
}

const week = 7 * 24 * time.Hour // the longest that S3 takes

// presigned checks an address that was signed with its query
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
func (s *Server) presigned(r *http.Request) (refused string) {
	query := r.URL.Query()
	scope := strings.Split(query.Get("X-Amz-Credential"), "/")
	at, err := time.Parse("20060102T150405Z", query.Get("X-Amz-Date"))
	seconds, bad := strconv.Atoi(query.Get("X-Amz-Expires"))
	lasts, now := time.Duration(seconds)*time.Second, s.cfg.Wall()
	switch {
	case err != nil, bad != nil, len(scope) != 5, seconds < 1, lasts > week, query.Get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256", query.Get("X-Amz-SignedHeaders") != "host":
		return "AuthorizationQueryParametersError"
	case !now.Before(at.Add(lasts)), now.Before(at.Add(-15 * time.Minute)):
		return "AccessDenied" // "Request has expired", "Request is not valid yet"
	case scope[1] != at.Format("20060102") || !hmac.Equal([]byte(query.Get("X-Amz-Signature")), []byte(addressSignature(r, s.cfg.SecretKey, scope[1:]))):
		return "SignatureDoesNotMatch"
	}
	return ""
}

// addressSignature signs the request as it came but for its signature.
func addressSignature(r *http.Request, secret string, scope []string) string {
	query := r.URL.Query()
	query.Del("X-Amz-Signature")
	canonical := strings.Join([]string{
		r.Method, r.URL.EscapedPath(), strings.ReplaceAll(query.Encode(), "+", "%20"), "host:" + r.Host, "", "host", "UNSIGNED-PAYLOAD",
	}, "\n")
	sum := sha256.Sum256([]byte(canonical))
	return signature(secret, scope, strings.Join([]string{"AWS4-HMAC-SHA256", query.Get("X-Amz-Date"), strings.Join(scope, "/"), hex.EncodeToString(sum[:])}, "\n"))
}
