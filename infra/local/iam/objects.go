package iam

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// objects names the calls of S3. A query can make another operation of a request, so
// each one is listed. Who looks at an object may list its bucket too: S3 tells only
// those that there is none.
func (r *Roles) objects(request *http.Request, body []byte) ([]Call, error) {
	path := strings.TrimPrefix(request.URL.Path, objectsPath)
	if bucket := strings.TrimSuffix(path, "/"); isForm(request) && !strings.Contains(bucket, "/") {
		path = bucket + "/" + formFields(request, body)["key"]
	}
	bucket, key, _ := strings.Cut(path, "/")
	action := objectAction(request)
	if action == "" || key == "" {
		return nil, errUnknown(request)
	}
	calls := []Call{{Action: action, Resource: "arn:aws:s3:::" + path}}
	if action == "s3:GetObject" && !request.URL.Query().Has("X-Amz-Credential") {
		calls = append(calls, Call{Action: "s3:ListBucket", Resource: "arn:aws:s3:::" + bucket})
	}
	return calls, nil
}

func objectAction(r *http.Request) string {
	query := r.URL.RawQuery
	switch {
	case r.Method == http.MethodPut && query == "", isForm(r) && query == "":
		return "s3:PutObject"
	case r.Method == http.MethodDelete && query == "":
		return "s3:DeleteObject"
	case r.Method == http.MethodGet && query == "tagging=":
		return "s3:GetObjectTagging"
	case (r.Method == http.MethodGet || r.Method == http.MethodHead) && readsAlone(r.URL.Query()):
		return "s3:GetObject"
	}
	return ""
}

// readsAlone: the query signs a GET, or says how it is answered, and nothing else.
func readsAlone(query url.Values) bool {
	for name := range query {
		if !strings.HasPrefix(name, "X-Amz-") && !strings.HasPrefix(name, "response-") {
			return false
		}
	}
	return true
}

// isForm tells a form that a browser posts to S3.
func isForm(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, objectsPath) && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// formFields are the fields before the file, by their names in lower case.
func formFields(r *http.Request, body []byte) map[string]string {
	fields := map[string]string{}
	_, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	parts := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil || part.FormName() == "file" {
			return fields
		}
		value, _ := io.ReadAll(part)
		fields[strings.ToLower(part.FormName())] = string(value)
	}
}
