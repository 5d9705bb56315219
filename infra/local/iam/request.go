package iam

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// service is one of AWS's services as a request shows it.
type service struct {
	calls  func(r *Roles, request *http.Request, body []byte) ([]Call, error)
	refuse func(w http.ResponseWriter, message string)
}

var (
	dynamoDB = service{(*Roles).dynamoDB, refuseJSON("application/x-amz-json-1.0", "com.amazon.coral.service#AccessDeniedException")}
	secrets  = service{(*Roles).secrets, refuseJSON("application/x-amz-json-1.1", "AccessDeniedException")}
	events   = service{(*Roles).events, refuseJSON("application/x-amz-json-1.1", "AccessDeniedException")}
	ses      = service{(*Roles).ses, refuseSES}
	objects  = service{(*Roles).objects, refuseObjects}
	unknown  = service{(*Roles).unknown, refuseJSON("application/x-amz-json-1.1", "AccessDeniedException")}
)

// serviceOf tells by X-Amz-Target or by path whom a request is for. The
// stand-in has SES below /v2/email and S3, path style, below /s3.
func serviceOf(r *http.Request) service {
	target, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case target == "DynamoDB_20120810":
		return dynamoDB
	case target == "secretsmanager":
		return secrets
	case target == "AWSEvents":
		return events
	case target != "":
		return unknown
	case strings.HasPrefix(r.URL.Path, sesPath):
		return ses
	case strings.HasPrefix(r.URL.Path, objectsPath):
		return objects
	}
	return unknown
}

// operation is what follows the dot in X-Amz-Target.
func operation(r *http.Request) string {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return name
}

// errUnknown names a request without what may be personal in it: no query, and
// of its path the first parts alone.
func errUnknown(r *http.Request) error {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return fmt.Errorf("infra/local/iam does not know the call %s", target)
	}
	parts := strings.SplitN(strings.Trim(r.URL.Path, "/"), "/", 4)
	return fmt.Errorf("infra/local/iam does not know the call %s /%s", r.Method, strings.Join(parts[:min(len(parts), 3)], "/"))
}

func (*Roles) unknown(request *http.Request, _ []byte) ([]Call, error) {
	return nil, errUnknown(request)
}

func refuseJSON(contentType, kind string) func(http.ResponseWriter, string) {
	return func(w http.ResponseWriter, message string) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": kind, "Message": message})
	}
}

func refuseSES(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-ErrorType", "AccessDeniedException")
	w.WriteHeader(http.StatusForbidden)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}

func refuseObjects(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusForbidden)
	_, _ = fmt.Fprintf(w, "<Error><Code>AccessDenied</Code><Message>%s</Message></Error>", message)
}
