package people

import (
	"encoding/csv"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// openedAll reads the ticked files, and records of each that it was given out or looked at.
func (v *visit) openedAll(ids []string, what lifecycle.Event) ([]request.File, error) {
	var all []request.File
	for _, id := range ids {
		f, err := v.Rights.Store.File(v.r.Context(), id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err == nil {
			err = v.Rights.Looked(v.r.Context(), &f, v.officer(), what)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// bulkPrint shows the files on sheets.
func (d *Door) bulkPrint(v *visit) {
	_, screen, ok := v.ticked("print")
	if !ok {
		return
	}
	files, err := v.openedAll(screen.References, lifecycle.EventLooked)
	sheets := deskpage.Print{Files: []deskpage.File{}}
	for _, f := range files {
		if err != nil {
			break
		}
		var s deskpage.File
		if s, err = v.fileScreen(f); err == nil {
			s.Until, s.Acts = time.Time{}, nil // on paper the address stays masked
			sheets.Files = append(sheets.Files, s)
		}
	}
	if err != nil {
		v.fail(err)
		return
	}
	v.show(http.StatusOK, sheets)
}

// bulkCSV gives out what the list shows of the ticked requests, without anybody's address or name.
func (d *Door) bulkCSV(v *visit) {
	_, screen, ok := v.ticked("csv")
	if !ok {
		return
	}
	files, err := v.openedAll(screen.References, lifecycle.EventExportedByOfficer)
	rows := [][]string{csvColumns}
	for _, f := range files {
		if err != nil {
			break
		}
		var row casework.Row
		if row, err = v.Cases.Row(v.r.Context(), &f.Request); err == nil {
			rows = append(rows, d.csvRow(row))
		}
	}
	if err != nil {
		v.fail(err)
		return
	}
	var out strings.Builder
	w := csv.NewWriter(&out)
	_ = w.WriteAll(rows) // a Builder takes everything
	slog.InfoContext(v.r.Context(), "requests given out", "requests", len(rows)-1)
	h := v.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="requests.csv"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_, _ = v.w.Write([]byte(out.String()))
}

var csvColumns = []string{"reference", "state", "kinds", "place", "law", "received", "due", "working_days_left", "days_overdue", "closed", "assignee"}

func (d *Door) csvRow(r casework.Row) []string {
	cells := []string{
		r.Reference, string(r.State), strings.Join(intake.Codes(r.Kinds), " "), r.Place.String(), r.Law.ID, d.dayOf(r.ReceivedAt), "", "", "", d.dayOf(r.ClosedAt), nameOf(r.Assignee),
	}
	if !r.Due.IsZero() {
		cells[6], cells[7], cells[8] = r.Due.String(), strconv.Itoa(r.Left), strconv.Itoa(r.Late)
	}
	for i := range cells {
		cells[i] = export.SafeCell(cells[i])
	}
	return cells
}

// dayOf is a moment's day where the organisation is; "" for none.
func (d *Door) dayOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return civil.Of(at, d.Pages.Zone).String()
}
