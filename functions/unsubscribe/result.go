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
	detailOf    = "of"
	detailView  = "view"  // of a link: the page view whose button was pressed
	detailErase = "erase" // of a form: eraseTaken or eraseHeld; else when it can be asked for again, in Unix seconds
	eraseTaken  = "taken"
	eraseHeld   = "held"
)

// done leads on to the result of a form.
func (h *handler) done(w http.ResponseWriter, r *http.Request, chosen string, c link.Claims, of string) {
	if c.Result == nil {
		c.Result = map[string]string{}
	}
	c.Result[detailOf] = of
	t := portal.Texts(r, chosen)
	if !h.SendOn(w, r, t, "/done/", &c) {
		h.giveResult(w, r, t, c)
	}
}

func (h *handler) showResult(w http.ResponseWriter, r *http.Request) {
	c, ok := h.Open(w, r, link.Result)
	switch {
	case !ok:
	case portal.GivesReceipt(r):
		h.GiveReceipt(w, r, h.reference(c.Address), h.receiptOf(c))
	default:
		h.giveResult(w, r, portal.Texts(r, ""), c)
	}
}

// receiptOf is the receipt of a result; "" where it has none.
func (h *handler) receiptOf(c link.Claims) string {
	switch c.Result[detailOf] {
	case ofLink:
		return h.receipt(c.Address, []optout.Scope{optout.Email.About(c.Topic)}, c.IssuedAt)
	case ofPreferences:
		if stopped := stoppedBy(c); len(stopped) > 0 {
			return h.receipt(c.Address, stopped, c.IssuedAt)
		}
	case ofForm:
		return h.receipt(c.Address, optin.Subjects(c.Versions), c.IssuedAt)
	}
	return ""
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
	return portal.ReceiptAt(h.Sealed("/done/", link.Result, c), h.receiptOf(c))
}

func (h *handler) giveResult(w http.ResponseWriter, r *http.Request, t *catalog.Texts, c link.Claims) {
	p, err := h.result(r.Context(), c, t.Lang())
	switch {
	case fault.Is(err, fault.Conflict): // another choice since
		h.showStanding(w, r, t, c, h.unsubscribeLink(c.Address, c.Topic))
	case err != nil && r.Method == http.MethodPost && c.Result[detailOf] == ofLink: // it was recorded just now
		h.Show(w, r, http.StatusOK, t, h.unsubscribed(c, t.Lang()))
	case err != nil:
		h.Fail(w, r, err)
	default:
		h.Show(w, r, http.StatusOK, t, p)
	}
}

// result is the page of a result. Conflict: it is of a link, and the person has
// chosen otherwise since.
func (h *handler) result(ctx context.Context, c link.Claims, lang string) (page.Page, error) {
	switch c.Result[detailOf] {
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
	scope, view := optout.Email.About(c.Topic), c.Result[detailView]
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
	c := link.Claims{Address: in.Address, Versions: map[string]int{}, Result: map[string]string{}}
	for _, scope := range in.scopes() {
		c.Versions[string(scope)] = 1
	}
	switch {
	case in.erases():
		c.Result[detailErase] = eraseTaken
	case in.held:
		c.Result[detailErase] = eraseHeld
	case in.wait > 0:
		c.Result[detailErase] = strconv.FormatInt(in.now.Add(in.wait).Unix(), 10)
	}
	return c
}

// formResult shows the address whole: the person typed it, and nobody else
// could notice a slip.
func (h *handler) formResult(c link.Claims, lang string) page.Page {
	scopes := optin.Subjects(c.Versions)
	p := page.Received{
		Address: c.Address.Reveal(), Meant: c.Address.Slip(), Everything: slices.Contains(scopes, optout.Phone.Scope()), NoSale: slices.Contains(scopes, optout.Sale.Scope()),
		Erase: c.Result[detailErase] == eraseTaken, Held: c.Result[detailErase] == eraseHeld,
		ReceiptURL: h.receiptURL(c),
	}
	if until, err := strconv.ParseInt(c.Result[detailErase], 10, 64); err == nil {
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
		if h.optOuts.Undoable(known[scope], c.Result[detailView]) {
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
