package page

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"privacydesk/shared/adapter/catalog"
)

// Page is one of this package's structs.
type Page interface {
	view(d *Desk, t *catalog.Texts) view
}

// A view is what a page wants to show and how its answer may be treated.
type view struct {
	shape *shape
	title string
	body  any // what the shape's template shows

	failed     bool          // a form that has to be corrected: the window's title says so
	languages  bool          // the page can be had by GET, so the person can switch the language
	query      url.Values    // what its address holds beside the language
	revisit    bool          // it holds nothing personal: a browser may keep it and ask whether it is still good
	postsTo    string        // the origin of another server to which one of its forms goes
	redirects  bool          // its form may end at one of Desk.RedirectOrigins
	retryAfter time.Duration // becomes Retry-After
}

// Write renders a page in the language of t and answers with it. HEAD gets the headers alone. When rendering
// fails, nothing of the page is sent: the answer is a bare 500, and the error is returned for the log.
func (d *Desk) Write(w http.ResponseWriter, r *http.Request, status int, t *catalog.Texts, p Page) error {
	v := p.view(d, t)
	document, err := d.render(t, v)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return err
	}
	d.setHeaders(w.Header(), t, v)
	w.Header().Set("Content-Length", strconv.Itoa(len(document)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = w.Write(document)
	return err
}

// Render gives the whole document, for previews and tests.
func (d *Desk) Render(t *catalog.Texts, p Page) ([]byte, error) {
	return d.render(t, p.view(d, t))
}

func (d *Desk) render(t *catalog.Texts, v view) ([]byte, error) {
	var out bytes.Buffer
	if err := v.shape.template().Execute(&out, d.frame(t, v)); err != nil {
		return nil, fmt.Errorf("render page %s: %w", v.shape.name, err)
	}
	return out.Bytes(), nil
}
