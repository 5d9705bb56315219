package api

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
)

// holdOrder is a legal hold that an officer places: of a person, of a request
// or of a class of the schedule.
type holdOrder struct {
	Address string         `json:"address"`
	Request string         `json:"request"`
	Class   schedule.Class `json:"class"`
	Reason  string         `json:"reason"`
	Until   string         `json:"until"` // last day, such as 2027-12-31; missing: until it is lifted
	Officer string         `json:"officer"`
}

// lifting is an act on a hold: why it is lifted, or which lift is signed.
type lifting struct {
	Reason  string    `json:"reason"`
	Of      time.Time `json:"of"` // of sign, which needs it: when that was asked for (lifting.at), as the hold showed it
	Officer string    `json:"officer"`
}

// shownHold is a hold as the officer sees it. The person stands there by keyed
// reference: nobody's address is kept for it.
type shownHold struct {
	ID       string         `json:"id"`
	Of       string         `json:"of"`
	Person   person.Ref     `json:"person,omitempty"`
	Request  string         `json:"request,omitempty"`
	Class    schedule.Class `json:"class,omitempty"`
	Reason   string         `json:"reason"`
	By       string         `json:"by"`
	PlacedAt time.Time      `json:"placed_at"`
	Until    *time.Time     `json:"until,omitempty"`
	LiftedAt *time.Time     `json:"lifted_at,omitempty"`
	LiftedBy string         `json:"lifted_by,omitempty"`
	LiftWhy  string         `json:"lift_reason,omitempty"`
	SignedBy string         `json:"signed_by,omitempty"`
	Active   bool           `json:"active"`

	Lifting *disposal.Lifting `json:"lifting,omitempty"` // waits for the signature of another
}

func (h *Door) shown(o disposal.Hold) shownHold {
	return shownHold{
		o.ID, o.Subject(), o.Ref, o.Request, o.Class, o.Reason, o.By, o.PlacedAt.UTC(), when(o.Until), when(o.LiftedAt), o.LiftedBy, o.LiftReason, o.SignedBy, o.Active(h.Now()), o.Lifting,
	}
}

// listHolds shows all holds, those that have ended too, oldest first.
func (h *Door) listHolds(w http.ResponseWriter, r *http.Request) {
	all, _, err := h.Holds.Store.AllHolds(r.Context())
	if err != nil {
		refuse(w, r, err)
		return
	}
	list := []shownHold{}
	for _, o := range all {
		list = append(list, h.shown(o))
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"holds": list})
}

// placeHold puts a hold in force at once, for a disposal under way too.
func (h *Door) placeHold(w http.ResponseWriter, r *http.Request) {
	var o holdOrder
	err := web.ReadJSON(r, &o)
	var hold disposal.Hold
	if err == nil {
		hold, err = h.hold(r, o)
	}
	if err == nil {
		hold, err = h.Holds.Place(r.Context(), hold)
	}
	if err != nil {
		refuse(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "hold placed", "hold", hold.ID, "of", hold.Subject())
	web.WriteJSON(w, http.StatusOK, h.shown(hold))
}

// hold reads an order: the address and the day.
func (h *Door) hold(r *http.Request, o holdOrder) (disposal.Hold, error) {
	hold := disposal.Hold{Request: strings.TrimSpace(o.Request), Class: o.Class}
	var err error
	if hold.By, err = h.who(r, o.Officer); err != nil {
		return hold, err
	}
	if err := intake.Clean("reason", &o.Reason, intake.MaxOfficerText); err != nil {
		return hold, err
	}
	hold.Reason = o.Reason
	if o.Address != "" {
		address, err := web.Address("address", o.Address)
		if err != nil {
			return hold, err
		}
		hold.Ref = h.Rights.Key.Ref(address)
	}
	hold.Until, err = intake.Until("until", o.Until, h.Zone)
	return hold, err
}

// holdActs are the operations of POST /api/holds/{id}/{action}.
var holdActs = map[string]func(*disposal.HoldKeeper, *http.Request, string, lifting) (disposal.Hold, error){
	"lift": func(k *disposal.HoldKeeper, r *http.Request, id string, l lifting) (disposal.Hold, error) {
		return k.Lift(r.Context(), id, l.Officer, l.Reason)
	},
	"sign": func(k *disposal.HoldKeeper, r *http.Request, id string, l lifting) (disposal.Hold, error) {
		return k.SignLift(r.Context(), id, l.Officer, l.Of)
	},
	"keep": func(k *disposal.HoldKeeper, r *http.Request, id string, l lifting) (disposal.Hold, error) {
		return k.KeepOn(r.Context(), id, l.Officer)
	},
}

// holdAct ends a hold, signs that, or takes it back; 202 where it waits for the
// signature of another. What a lifted hold held is due again in the next night.
// Lifted twice, it tells who lifted it first, and why.
func (h *Door) holdAct(w http.ResponseWriter, r *http.Request) {
	do, known := holdActs[r.PathValue("action")]
	if !known {
		refuse(w, r, fault.New(fault.NotFound, "Unknown action; must be one of %s.", strings.Join(slices.Sorted(maps.Keys(holdActs)), ", ")))
		return
	}
	var l lifting
	err := web.ReadJSON(r, &l)
	if err == nil {
		err = intake.Clean("reason", &l.Reason, intake.MaxOfficerText)
	}
	if err == nil {
		l.Officer, err = h.who(r, l.Officer)
	}
	var hold disposal.Hold
	if err == nil {
		hold, err = do(h.Holds, r, r.PathValue("id"), l)
	}
	if err != nil {
		refuse(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "hold acted on", "hold", hold.ID, "act", r.PathValue("action"), "active", hold.Active(h.Now()))
	status := http.StatusOK
	if hold.Lifting != nil {
		status = http.StatusAccepted
	}
	web.WriteJSON(w, status, h.shown(hold))
}
