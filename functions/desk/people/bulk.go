package people

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/domain/waiting"
)

func (d *Door) bulkRoutes() []route {
	return []route{
		{"POST /desk/bulk", staff.Handle, d.bulk},
		{"POST /desk/bulk/hold", staff.PlaceHold, d.bulkHold},
		{"POST /desk/bulk/print", staff.SeeFile, d.bulkPrint},
		{"POST /desk/bulk/csv", staff.GiveOut, d.bulkCSV},
	}
}

// maxTicked is how many rows a page of the queue can have.
const maxTicked = 200

// bulkAct does the same with one of many requests. To decide, to erase and to verify are none: one reason for
// a hundred people is no answer (Art. 12(4) GDPR).
type bulkAct func(ctx context.Context, v *visit, id string, t deskpage.Typed) error

var bulkActs = map[string]bulkAct{
	"assign": each(assign),
	"note":   each(note),
	"expire": each(expire),
	"spam":   each(spam),
	"ask": func(ctx context.Context, v *visit, id string, t deskpage.Typed) error {
		question, err := text(t, "question")
		if t.First("cause") == "" {
			err = fault.Field("cause", "unchosen", "cause must be identity or clarification")
		}
		if err == nil {
			_, err = v.Rights.Ask(ctx, id, v.officer(), waiting.Waiting{Cause: deadline.Cause(t.First("cause")), Question: question})
		}
		return err
	},
}

// each does with every request what a file's own form does.
func each(do func(context.Context, *request.Service, doing) (request.Request, error)) bulkAct {
	return func(ctx context.Context, v *visit, id string, t deskpage.Typed) error {
		_, err := do(ctx, v.Rights, doing{id: id, officer: v.officer(), typed: t})
		return err
	}
}

func (d *Door) bulk(v *visit) {
	typed, screen, ok := v.ticked("")
	if !ok {
		return
	}
	do, known := bulkActs[screen.Act]
	if !known {
		v.message(http.StatusNotFound, deskpage.Message{Code: "not_found", Back: deskpage.PathHome})
		return
	}
	if screen.Act == "assign" {
		screen.Colleagues = mayHave(v, &request.File{})
	}
	v.bulkDo(screen, typed, do)
}

func (d *Door) bulkHold(v *visit) {
	if typed, screen, ok := v.ticked("hold"); ok {
		v.bulkDo(screen, typed, placeOn)
	}
}

// placeOn places a hold on one request.
func placeOn(ctx context.Context, v *visit, id string, t deskpage.Typed) error {
	hold, err := v.hold(v, deskpage.Typed{"what": {id}, "reason": t["reason"], "until": t["until"]})
	if err == nil {
		_, err = v.Rights.Store.Load(ctx, id)
	}
	if err == nil {
		_, err = v.Holds.Place(ctx, hold)
	}
	return err
}

// ticked reads which requests were ticked. It has answered where ok is not set.
func (v *visit) ticked(act string) (typed deskpage.Typed, screen deskpage.Bulk, ok bool) {
	typed, err := v.typed()
	if err != nil {
		v.fail(err)
		return typed, screen, false
	}
	screen = deskpage.Bulk{Act: act, References: once(typed[deskpage.FieldRef]), Typed: typed}
	if act == "" {
		screen.Act = typed.First(deskpage.FieldAct)
	}
	screen.None, screen.Many = len(screen.References) == 0, len(screen.References) > maxTicked
	if _, known := bulkActs[screen.Act]; (screen.None || screen.Many) && (known || act != "") {
		v.show(http.StatusUnprocessableEntity, screen)
		return typed, screen, false
	}
	return typed, screen, true
}

// once is a list without repetitions, in its order.
func once(all []string) []string {
	var list []string
	for _, one := range all {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// bulkDo asks for the words first, and then says of each request what became of it. What is wrong with the words
// is wrong with all: nothing is done then.
func (v *visit) bulkDo(screen deskpage.Bulk, typed deskpage.Typed, do bulkAct) {
	if typed.First(deskpage.FieldGo) == "" {
		screen.Typed = nil
		v.show(http.StatusOK, screen)
		return
	}
	done := deskpage.BulkDone{Act: screen.Act}
	for _, id := range screen.References {
		err := do(v.r.Context(), v, id, typed)
		if faults := deskpage.Faults(err, nil); len(faults) > 0 && len(done.Lines) == 0 {
			screen.Faults = faults
			v.show(http.StatusUnprocessableEntity, screen)
			return
		}
		done.Lines = append(done.Lines, v.line(id, err))
	}
	slog.InfoContext(v.r.Context(), "officer acted in bulk", "act", screen.Act, "requests", len(done.Lines))
	v.show(http.StatusOK, done)
}

// line is what became of a request.
func (v *visit) line(id string, err error) deskpage.BulkLine {
	l := deskpage.BulkLine{Reference: id}
	switch {
	case err == nil:
	case fault.Is(err, fault.NotFound):
		l.Refused = &deskpage.Refusal{Code: "not_found", Message: fault.Public(err)}
	case fault.Status(err) < 500:
		l.Refused = deskpage.RefusalOf(err)
	default:
		logFailure(v.r, err)
		l.Unknown = true
	}
	return l
}
