package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"privacydesk/shared/domain/fault"
)

// Format is the kind of answer a caller can use.
type Format int

// The kinds of answers.
const (
	HTML Format = iota
	JSON
)

// Wanted finds out whether a person's browser shows the answer or a script
// reads it: the script says so by X-Requested-With, by Sec-Fetch-Mode
// (https://www.w3.org/TR/fetch-metadata/), by preferring JSON, or by sending
// it.
func Wanted(r *http.Request) Format {
	if strings.EqualFold(r.Header.Get("X-Requested-With"), "XMLHttpRequest") {
		return JSON
	}
	accept := r.Header.Get("Accept")
	html, json := quality(accept, "text/html"), quality(accept, "application/json")
	media, _ := Media(r)
	switch mode := r.Header.Get("Sec-Fetch-Mode"); {
	case html > json:
		return HTML
	case json > 0:
		return JSON
	case mode != "" && mode != "navigate":
		return JSON
	case media == "application/json":
		return JSON
	}
	return HTML
}

// IsBrowser reports whether a person's browser will show the answer, as far as
// the caller says; a mail client's one-click does not.
func IsBrowser(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Mode") == "navigate" || quality(r.Header.Get("Accept"), "text/html") > 0
}

// Navigates reports whether a person's browser will go to where the answer
// leads, and no script of a page.
func Navigates(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return mode == "navigate" || mode == "" && IsBrowser(r)
}

// quality returns the weight that an Accept header names for a media type; a
// wildcard names none.
func quality(accept, media string) float64 {
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), media) {
			continue
		}
		for p := range strings.SplitSeq(params, ";") {
			if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(p)), "q="); ok {
				if weight, err := strconv.ParseFloat(q, 64); err == nil {
					return weight
				}
			}
		}
		return 1
	}
	return 0
}

// Answer is the JSON shape of every answer of the public routes. webflow.js
// takes a post as done when code is 200.
type Answer struct {
	Code    int                `json:"code"`
	Status  string             `json:"status"`
	Message string             `json:"message,omitempty"`
	Errors  []fault.FieldError `json:"errors,omitempty"`
	// RetryAfter is the header of that name, in seconds.
	RetryAfter int `json:"retry_after,omitempty"`
}

// WriteJSON answers with v.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"code":500,"status":"internal"}`)
	}
	answer(w, status, "application/json", append(text, '\n'))
}

// Refuse answers with what the public may know of err.
func Refuse(w http.ResponseWriter, err error) {
	status := fault.Status(err)
	wait, _ := strconv.Atoi(w.Header().Get("Retry-After"))
	WriteJSON(w, status, Answer{status, string(fault.CodeOf(err)), fault.Public(err), fault.FieldsOf(err), wait})
}

// WriteText answers with a short plain text.
func WriteText(w http.ResponseWriter, status int, text string) {
	answer(w, status, "text/plain", []byte(text+"\n"))
}

// answer keeps the address of a link, and what is said there, to the caller.
func answer(w http.ResponseWriter, status int, media string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", media+"; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// SeeOther sends a browser on after a form (RFC 9110 section 15.4.4).
func SeeOther(w http.ResponseWriter, location string) {
	w.Header().Set("Location", location)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
}
