// Package web stands between API Gateway and net/http: it turns an HTTP API
// event (payload 2.0) into an *http.Request and back, reads JSON bodies, and
// finds out who calls and which kind of answer the caller can use. It must not
// know opt-outs, stores, forms or pages.
package web
