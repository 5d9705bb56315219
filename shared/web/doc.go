// Package web stands between API Gateway and net/http: it turns an HTTP API
// event (payload 2.0) into an *http.Request and back, reads what forms of
// other sites send, and finds out which kind of answer the caller can use. It
// must not know opt-outs, stores or pages.
package web
