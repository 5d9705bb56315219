package main

import (
	"fmt"
	"net/http"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
)

// Limits on what the sender's systems may ask at once.
const (
	maxRecipients = 500
	maxAddresses  = 1000
)

type recipient struct {
	Address  string `json:"address"`
	Topic    string `json:"topic"`
	Campaign string `json:"campaign"`
}

type linkRow struct {
	Address string            `json:"address"`
	URL     string            `json:"url,omitempty"`
	Mailto  string            `json:"mailto,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Error   *rowError         `json:"error,omitempty"`
}

type rowError struct {
	Code    fault.Code `json:"code"`
	Message string     `json:"message"`
}

// makeLinks gives each recipient of a mailing their link and the two header
// values of RFC 8058 section 3.1. A bad row says so; the others are done.
func (h *handler) makeLinks(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Recipients []recipient `json:"recipients"`
	}
	err := web.ReadJSON(r, &body)
	if err == nil {
		err = within("recipients", len(body.Recipients), maxRecipients)
	}
	if err != nil {
		web.Refuse(w, err)
		return
	}
	rows := make([]linkRow, len(body.Recipients))
	for i, to := range body.Recipients {
		rows[i] = h.linkRow(to)
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"links": rows})
}

func within(field string, n, most int) error {
	switch {
	case n == 0:
		return fault.Field(field, "missing", field+" must hold at least one")
	case n > most:
		return fault.Field(field, "too_many", fmt.Sprintf("%s holds too many (at most %d)", field, most))
	}
	return nil
}

// unknownTopic names the topics that there are.
func unknownTopic(d *settings.Desk) error {
	ids := make([]string, len(d.Topics))
	for i, t := range d.Topics {
		ids[i] = t.ID
	}
	return fault.Unknown("topic", "topic", ids...)
}

func (h *handler) linkRow(to recipient) linkRow {
	token, err := h.token(to)
	if err != nil {
		return linkRow{Address: to.Address, Error: &rowError{fault.CodeOf(err), fault.Public(err)}}
	}
	row := linkRow{Address: to.Address, URL: h.BaseURL + "/u/" + token}
	if h.mailDomain != "" {
		row.Mailto = "mailto:unsubscribe@" + h.mailDomain + "?subject=" + token
	}
	row.Headers = map[string]string{
		listUnsubscribe:         row.list(),
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	}
	return row
}

const (
	listUnsubscribe = "List-Unsubscribe"
	// maxHeader is the length of a header's name and value together that is
	// safe with SES, which takes 996.
	maxHeader = 980
)

// list is the value of List-Unsubscribe: the web link, which one-click needs,
// first; the mail link beside it where there is room.
func (l linkRow) list() string {
	web := "<" + l.URL + ">"
	both := web + ", <" + l.Mailto + ">"
	if l.Mailto == "" || len(listUnsubscribe)+len(both) > maxHeader {
		return web
	}
	return both
}

// token seals what a link must carry; both forms of it carry the same.
func (h *handler) token(to recipient) (string, error) {
	a, err := web.Address("address", to.Address)
	if err != nil {
		return "", err
	}
	if _, known := h.Desk.Topic(to.Topic); to.Topic != "" && !known {
		return "", unknownTopic(h.Desk)
	}
	if person.CleanText(to.Campaign, maxCampaign) != to.Campaign {
		return "", fault.New(fault.Invalid, "A campaign is at most %d plain characters.", maxCampaign)
	}
	return h.Ring.Seal(link.Unsubscribe, link.Claims{Address: a, Topic: to.Topic, Campaign: to.Campaign, IssuedAt: h.Now()})
}

type checkRow struct {
	Address    string     `json:"address"`
	Suppressed bool       `json:"suppressed"`
	Scope      string     `json:"scope,omitempty"`
	Reason     string     `json:"reason,omitempty"`
	Since      *time.Time `json:"since,omitempty"`
	Until      *time.Time `json:"until,omitempty"`
	ErasedAt   *time.Time `json:"erased_at,omitempty"`
	Reference  string     `json:"reference,omitempty"` // as on the person's receipts, where it was asked for
	Error      *rowError  `json:"error,omitempty"`
}

// check screens addresses before a send or an import. What is no address is
// told as suppressed: nothing can be sent there.
func (h *handler) check(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Addresses []string `json:"addresses"`
		Channel   string   `json:"channel"`
		Topic     string   `json:"topic"`
		// References asks for the references of receipts, by which an officer
		// knows whose receipt it is.
		References bool `json:"references"`
	}
	err := web.ReadJSON(r, &body)
	if err == nil {
		err = within("addresses", len(body.Addresses), maxAddresses)
	}
	channel, channelErr := optout.ParseChannel(body.Channel)
	if err == nil {
		err = channelErr
	}
	if _, known := h.Desk.Topic(body.Topic); err == nil && body.Topic != "" && !known {
		err = unknownTopic(h.Desk)
	}
	if err != nil {
		web.Refuse(w, err)
		return
	}
	rows, err := h.checkRows(r, body.Addresses, channel, body.Topic)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	for i := range rows {
		if a, err := web.Address("address", body.Addresses[i]); err == nil && body.References {
			rows[i].Reference = h.reference(a)
		}
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"results": rows})
}

func (h *handler) checkRows(r *http.Request, texts []string, channel optout.Channel, topic string) ([]checkRow, error) {
	rows := make([]checkRow, len(texts))
	addresses := make([]person.Address, len(texts))
	for i, text := range texts {
		a, bad := web.Address("address", text)
		addresses[i], rows[i].Address = a, text
		if bad != nil {
			rows[i] = checkRow{Address: text, Suppressed: true, Reason: "invalid_address", Error: &rowError{fault.CodeOf(bad), fault.Public(bad)}}
		}
	}
	verdicts, err := h.checker.Check(r.Context(), addresses, channel, topic)
	if err != nil {
		return nil, err
	}
	for i, v := range verdicts {
		rows[i].ErasedAt = instant(v.ErasedAt)
		if v.Suppressed {
			rows[i].Suppressed, rows[i].Scope, rows[i].Reason = true, string(v.Scope), v.Reason
			rows[i].Since, rows[i].Until = instant(v.Since), instant(v.Until)
		}
	}
	return rows, nil
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
