package main

import (
	"net/http"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/portal"
)

// Which form a result is of.
const (
	ofForm    = "form"
	ofConfirm = "confirm"
	ofChange  = "change"
	ofFile    = "file"
)

// Details of a result.
const (
	detailKinds  = "kinds"
	detailGPC    = "gpc"
	detailDone   = "done" // nothing but opt-outs was asked for
	detailResent = "resent"
	detailFirst  = "first"  // it was not confirmed before
	detailChange = "change" // a page.RequestChange
	detailFile   = "file"   // the id of one
)

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

func (h *handler) results() portal.Results {
	return portal.Results{Site: h.Site, Path: "/requests/done/", Page: h.giveResult, Receipt: func(w http.ResponseWriter, r *http.Request, c link.Claims) {
		h.giveReceipt(w, r, c.Request)
	}}
}

// giveResult shows what became of a form, as the request stands now.
func (h *handler) giveResult(w http.ResponseWriter, r *http.Request, t *catalog.Texts, c link.Claims) {
	if c.Of == ofFile {
		h.showFile(w, r, t, c)
		return
	}
	q := request.Request{Address: c.Address, State: lifecycle.Unverified}
	if c.Request != "" {
		var err error
		if q, err = h.rights.Store.Load(r.Context(), c.Request); err != nil {
			h.gone(w, r, err)
			return
		}
	}
	h.Show(w, r, http.StatusOK, t, h.result(q, t, c))
}

func (h *handler) result(q request.Request, t *catalog.Texts, c link.Claims) page.Page {
	switch c.Of {
	case ofConfirm:
		return h.confirmedPage(q, t, c.Details[detailFirst] == "", false)
	case ofChange:
		n, _ := strconv.Atoi(c.Details[detailChange])
		p := page.RequestChanged{Change: page.RequestChange(n), Request: q, StatusURL: h.statusLink(q.ID)}
		if p.Change == page.RequestAppealed {
			p.Due, p.DueWhy = h.due(q, t)
		}
		return p
	}
	return h.receivedPage(q, c)
}

// receivedPage shows what was sent, and nothing of what is on record.
func (h *handler) receivedPage(q request.Request, c link.Claims) page.Page {
	done := c.Details[detailDone] != ""
	if !done && q.State != lifecycle.Unverified {
		return page.RequestMovedOn{Request: q}
	}
	q.Address = c.Address
	q.Kinds = nil
	for code := range strings.SplitSeq(c.Details[detailKinds], ",") {
		q.Kinds = append(q.Kinds, intake.Kind(code))
	}
	if done {
		q.State = lifecycle.Fulfilled
	}
	p := page.RequestReceived{Request: q, GPC: c.Details[detailGPC] != "", Resent: c.Details[detailResent] != ""}
	if q.ID != "" {
		p.ReceiptURL = portal.ReceiptAt(h.results().At(c))
	}
	if q.State == lifecycle.Unverified && q.ID != "" {
		p.ResendURL = h.toRequest("/requests/resend/", link.Resend, q.ID, q.VerifyBy)
	}
	return p
}
