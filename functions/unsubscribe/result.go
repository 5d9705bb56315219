package main

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/portal"
)

// Which form a result is of.
const (
	ofLink        = "link"
	ofUndo        = "undo"
	ofForm        = "form"
	ofPreferences = "preferences"
	ofOptIn       = "opt-in"
	ofMyLinks     = "my-links"
)

// Details of a result.
const (
	detailView  = "view"  // of a link: the page view whose button was pressed
	detailErase = "erase" // of a form: eraseTaken or eraseHeld; else when it can be asked for again, in Unix seconds
	eraseTaken  = "taken"
	eraseHeld   = "held"
)

func (h *handler) results() portal.Results {
	return portal.Results{Site: h.Site, Path: "/done/", Page: h.giveResult, Receipt: func(w http.ResponseWriter, r *http.Request, c link.Claims) {
		receipt := ""
		if scopes := receiptOf(c); len(scopes) > 0 {
			receipt = h.receipt(c.Address, scopes, c.IssuedAt)
		}
		h.GiveReceipt(w, r, h.reference(c.Address), receipt)
	}}
}

// receiptOf are the scopes on the receipt of a result; without one it has none.
func receiptOf(c link.Claims) []optout.Scope {
	switch c.Of {
	case ofLink:
		return []optout.Scope{optout.Email.About(c.Topic)}
	case ofPreferences:
		return stoppedBy(c)
	case ofForm:
		return optin.Subjects(c.Versions)
	}
	return nil
}

// stoppedBy are the scopes that saved preferences stopped, sorted.
func stoppedBy(c link.Claims) []optout.Scope {
	var scopes []optout.Scope
	for scope, did := range c.Versions {
		if did == savedStop {
			scopes = append(scopes, optout.Scope(scope))
		}
	}
	slices.Sort(scopes)
	return scopes
}

func (h *handler) receiptURL(c link.Claims) string {
	if len(receiptOf(c)) == 0 {
		return ""
	}
	return portal.ReceiptAt(h.results().At(c))
}

func (h *handler) giveResult(w http.ResponseWriter, r *http.Request, t *catalog.Texts, c link.Claims) {
	p, err := h.result(r.Context(), c, t.Lang())
	switch {
	case fault.Is(err, fault.Conflict): // another choice since
		h.showStanding(w, r, t, c, h.unsubscribeLink(c.Address, c.Topic))
	case err != nil && r.Method == http.MethodPost: // it was recorded just now
		h.recorded(w, r, t, c, err)
	case err != nil:
		h.Fail(w, r, err)
	default:
		h.Show(w, r, http.StatusOK, t, p)
	}
}

// recorded answers where what was recorded cannot be read: that it failed would
// be untrue.
func (h *handler) recorded(w http.ResponseWriter, r *http.Request, t *catalog.Texts, c link.Claims, err error) {
	switch {
	case c.Of == ofLink:
		h.Show(w, r, http.StatusOK, t, h.unsubscribed(c, t.Lang()))
	case !h.results().Lead(w, t, c):
		h.Fail(w, r, err)
	}
}

// result is the page of a result. Conflict: it is of a link, and the person has
// chosen otherwise since.
func (h *handler) result(ctx context.Context, c link.Claims, lang string) (page.Page, error) {
	switch c.Of {
	case ofLink:
		return h.linkResult(ctx, c, lang)
	case ofUndo:
		now, err := h.standing(ctx, c.Address, lang, optin.Subjects(c.Versions)...)
		return page.Undone{Address: c.Address.String(), Now: now, PreferencesURL: h.preferencesLink(c.Address)}, err
	case ofMyLinks:
		return page.MyLinksSent{Address: c.Address.Reveal(), Meant: c.Address.Slip()}, nil
	case ofPreferences:
		return h.preferencesResult(ctx, c, lang)
	case ofOptIn:
		now, err := h.standing(ctx, c.Address, lang, optin.Subjects(c.Versions)...)
		return page.OptedIn{Address: c.Address.String(), Now: now, PreferencesURL: h.preferencesLink(c.Address)}, err
	}
	return h.formResult(c, lang), nil
}

func (h *handler) linkResult(ctx context.Context, c link.Claims, lang string) (page.Page, error) {
	known, err := h.optOuts.Preferences(ctx, c.Address)
	if err != nil {
		return nil, err
	}
	scope, view := optout.Email.About(c.Topic), c.Details[detailView]
	record := known[scope]
	if record.State != optout.Out {
		return nil, fault.New(fault.Conflict, "the person has chosen otherwise since")
	}
	p := h.unsubscribed(c, lang)
	p.Already = record.Repeated()
	if h.optOuts.Undoable(record, view) {
		p.Already, p.UndoURL = false, h.undoLink(record)
	}
	for _, open := range h.checker.Unstopped(known, h.scopes()) {
		switch {
		case open == optout.Email.Scope():
			p.AllURL, p.View = h.unsubscribeLink(c.Address, ""), optout.NewNonce(h.random)
		case open.Topic() != "":
			p.NotStopped = append(p.NotStopped, h.subject(open, lang))
		}
	}
	return p, nil
}

// unsubscribed is what the page of a link says without reading.
func (h *handler) unsubscribed(c link.Claims, lang string) page.Unsubscribed {
	return page.Unsubscribed{
		Address: c.Address.String(), Subject: h.subject(optout.Email.About(c.Topic), lang),
		PreferencesURL: h.preferencesLink(c.Address), ReceiptURL: h.receiptURL(c),
	}
}

func (h *handler) unsubscribeLink(a person.Address, topic string) string {
	return h.Sealed("/u/", link.Unsubscribe, link.Claims{Address: a, Topic: topic})
}

// result is what the page after a form says. It reads nothing: whoever types an
// address must not learn what is recorded of it.
func (in submission) result() link.Claims {
	c := link.Claims{Address: in.Address, Versions: map[string]int{}, Details: map[string]string{}}
	for _, scope := range in.scopes() {
		c.Versions[string(scope)] = 1
	}
	switch {
	case in.erases():
		c.Details[detailErase] = eraseTaken
	case in.held:
		c.Details[detailErase] = eraseHeld
	case in.wait > 0:
		c.Details[detailErase] = strconv.FormatInt(in.now.Add(in.wait).Unix(), 10)
	}
	return c
}

// formResult shows the address whole: the person typed it, and nobody else
// could notice a slip.
func (h *handler) formResult(c link.Claims, lang string) page.Page {
	scopes := optin.Subjects(c.Versions)
	p := page.Received{
		Address: c.Address.Reveal(), Meant: c.Address.Slip(), Everything: slices.Contains(scopes, optout.Phone.Scope()), NoSale: slices.Contains(scopes, optout.Sale.Scope()),
		Erase: c.Details[detailErase] == eraseTaken, Held: c.Details[detailErase] == eraseHeld,
		ReceiptURL: h.receiptURL(c),
	}
	if until, err := strconv.ParseInt(c.Details[detailErase], 10, 64); err == nil {
		p.Wait = max(time.Unix(until, 0).Sub(h.Now()), time.Second)
	}
	for _, scope := range scopes {
		if scope.Topic() != "" {
			p.Topics = append(p.Topics, h.subject(scope, lang).Title)
		}
	}
	return p
}

func (h *handler) preferencesResult(ctx context.Context, c link.Claims, lang string) (page.Page, error) {
	known, err := h.optOuts.Preferences(ctx, c.Address)
	if err != nil {
		return nil, err
	}
	p := page.PreferencesSaved{Address: c.Address.String(), PreferencesURL: h.preferencesLink(c.Address), ReceiptURL: h.receiptURL(c)}
	var undoable []optout.Record
	for _, scope := range stoppedBy(c) {
		if h.optOuts.Undoable(known[scope], c.Details[detailView]) {
			undoable = append(undoable, known[scope])
		}
	}
	p.UndoURL = h.undoLink(undoable...)
	for _, scope := range h.scopes() {
		saved := c.Versions[string(scope)]
		if saved == 0 {
			continue
		}
		now := h.preference(known[scope], scope)
		change := page.Change{Subject: h.subject(scope, lang), To: now.State, Until: now.Until, Kept: saved == savedKept && now.State == page.Paused}
		if saved == savedAsked && now.State != page.Receiving {
			change.To = page.Requested
		}
		p.Changes = append(p.Changes, change)
	}
	return p, nil
}
