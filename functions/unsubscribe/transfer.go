package main

import (
	"cmp"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/screening"
)

// importRow is one person of another system's opt-out list.
type importRow struct {
	Address string `json:"address"`
	Scope   string `json:"scope"`  // a channel or channel/topic; empty: what the reason says
	At      string `json:"at"`     // RFC 3339; empty: the list does not say
	Reason  string `json:"reason"` // unsubscribed (the default), bounced, complained
}

type importedRow struct {
	Status backfill.Outcome `json:"status"`
	Error  *rowError        `json:"error,omitempty"`
}

// Refused is the status of a row that can never be taken as it is; the others
// are those of backfill.Outcome.
const refused backfill.Outcome = "refused"

// reasonScopes is what a row without a scope is about, by its reason.
var reasonScopes = map[string]optout.Scope{
	"":             optout.Email.Scope(),
	"unsubscribed": optout.Email.Scope(),
	"bounced":      optout.Bounce.Scope(),
	"complained":   optout.Complaint.Scope(),
}

const maxListName = 64 // characters

// importID is how a caller names an import, in order to undo it: of its own
// making, the same in every call of one import and in no other import.
var importID = regexp.MustCompile(`^[0-9a-z-]{16,64}$`)

var errImportID = fault.Field("import", "malformed", "import must be 16 to 64 of the characters 0-9, a-z and -")

// takeList takes an opt-out list over, row by row. Sending rows again changes
// nothing, so a caller that got no answer sends them once more.
func (h *handler) takeList(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Rows   []importRow `json:"rows"`
		Source string      `json:"source"` // the list's name, kept as evidence
		Import string      `json:"import"` // see importID; empty: it cannot be undone
		Even   bool        `json:"even_if_back"`
		Dry    bool        `json:"dry"` // say what would become of the rows, and write nothing
	}
	err := web.ReadJSON(r, &body)
	if err == nil {
		err = within("rows", len(body.Rows), maxAddresses)
	}
	if err == nil && body.Import != "" && !importID.MatchString(body.Import) {
		err = errImportID
	}
	if err != nil {
		web.Refuse(w, err)
		return
	}
	answers, rows, places := h.readRows(body.Rows)
	if len(rows) > 0 {
		// What is not settled when the context ends is told as such, which is
		// better than no answer at all.
		outcomes, err := h.lists.Import(r.Context(), rows, backfill.Import{
			ID: body.Import, List: person.CleanText(body.Source, maxListName), EvenBack: body.Even, Dry: body.Dry,
		})
		if err != nil {
			h.Fail(w, r, err)
			return
		}
		taken := 0
		for i, place := range places {
			answers[place].Status = outcomes[i]
			if outcomes[i] == backfill.Taken {
				taken++
			}
		}
		if !body.Dry {
			slog.InfoContext(r.Context(), "list imported", "source", optout.FromImport, "optOuts", taken, "rows", len(rows))
		}
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"results": answers})
}

// undoImport takes back what one import did, page by page: the caller asks with
// the cursor of the last answer until there is none, and with the same cursor
// again while records are unsettled. The import need not have ended.
func (h *handler) undoImport(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Import string `json:"import"`
		Cursor string `json:"cursor"`
	}
	err := web.ReadJSON(r, &body)
	if err == nil && !importID.MatchString(body.Import) {
		err = errImportID
	}
	if err != nil {
		web.Refuse(w, err)
		return
	}
	did, next, err := h.undoing.Undo(r.Context(), body.Import, body.Cursor)
	if fault.CodeOf(err) == fault.Invalid {
		web.Refuse(w, err)
		return
	}
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{
		"withdrawn": did.Withdrawn, "reverted": did.Reverted, "left": did.Left, "unsettled": did.Unsettled, "cursor": next,
	})
}

// readRows reads what can be taken; places are the rows' places in the answer.
func (h *handler) readRows(texts []importRow) (answers []importedRow, rows []backfill.Row, places []int) {
	answers = make([]importedRow, len(texts))
	for i, text := range texts {
		row, err := h.readRow(text)
		if err != nil {
			answers[i] = importedRow{refused, &rowError{fault.CodeOf(err), fault.Public(err)}}
			continue
		}
		rows, places = append(rows, row), append(places, i)
	}
	return answers, rows, places
}

func (h *handler) readRow(text importRow) (row backfill.Row, err error) {
	if row.Address, err = web.Address("address", text.Address); err != nil {
		return row, err
	}
	if row.Scope, err = h.rowScope(text); err != nil {
		return row, err
	}
	if text.At != "" {
		row.At, err = time.Parse(time.RFC3339, text.At)
		if err != nil || row.At.Year() < 1970 {
			return row, fault.New(fault.Invalid, "at must be a time of RFC 3339 after 1970.")
		}
	}
	return row, nil
}

func (h *handler) rowScope(text importRow) (optout.Scope, error) {
	scope, known := reasonScopes[text.Reason]
	if !known {
		return "", fault.New(fault.Invalid, "reason must be unsubscribed, bounced or complained.")
	}
	if text.Scope == "" || text.Scope == string(scope) {
		return scope, nil
	}
	scope, err := optout.ParseScope(text.Scope)
	if err != nil {
		return "", fault.New(fault.Invalid, "scope must be a channel, or email/ and a topic.")
	}
	topic := scope.Topic()
	if _, known := h.Desk.Topic(topic); topic != "" && (!known || scope.Channel() != optout.Email) {
		return "", unknownTopic(h.Desk)
	}
	return scope, nil
}

// listedRow is one opt-out, as a system that cannot ask is given it.
type listedRow struct {
	Address string     `json:"address"`
	Scope   string     `json:"scope"`
	Reason  string     `json:"reason"`
	Since   *time.Time `json:"since,omitempty"`
	FirstAt *time.Time `json:"first_at,omitempty"`
	Until   *time.Time `json:"until,omitempty"` // of a pause
}

// giveList gives the opt-out list out, page by page: the caller asks with the
// cursor of the last answer until there is none. Opt-outs whose address has
// been erased are counted: they are known only to whoever asks.
func (h *handler) giveList(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	channel, err := optout.ParseChannel(query.Get("channel"))
	if err != nil {
		web.Refuse(w, err)
		return
	}
	page, next, err := h.listing.List(r.Context(), query.Get("cursor"))
	if fault.CodeOf(err) == fault.Invalid {
		web.Refuse(w, err)
		return
	}
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	rows, erased := []listedRow{}, 0
	for _, record := range screening.Suppressed(page, channel, h.Now()) {
		if record.Address.IsZero() {
			erased++
			continue
		}
		rows = append(rows, listed(record))
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"results": rows, "cursor": next, "erased": erased})
}

func listed(r optout.Record) listedRow {
	row := listedRow{
		Address: r.Address.Reveal(), Scope: string(r.Scope), Reason: screening.Reason(r),
		Since: instant(screening.Since(r)), FirstAt: instant(r.FirstAt),
	}
	if r.State == optout.Paused {
		row.Until = instant(r.Until)
	}
	row.FirstAt = cmp.Or(row.FirstAt, row.Since)
	return row
}
