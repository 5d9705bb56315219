package sample

import (
	"net/http"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/staff"
)

func bulks(string) []Sample {
	refs := []string{reference, "PD-2V8P-QQ1A-7J2K-93XM"}
	of := func(act string) deskpage.Bulk { return deskpage.Bulk{Act: act, References: refs} }
	assign := of("assign")
	assign.Colleagues = []deskpage.Choice{{Value: Anna, Text: "Anna Weber"}, {Value: Bruno, Text: "Bruno Díaz"}, {Value: "nobody"}}
	empty := of("ask")
	empty.Faults = []deskpage.Fault{{Field: "cause", Reason: "unchosen"}, {Field: "question", Reason: "missing"}}
	f, other := confirmed(deadline.Access).screen(), overdue()
	other.File.Request.ID = refs[1]
	done := deskpage.BulkDone{Act: "expire", Lines: []deskpage.BulkLine{
		{Reference: reference}, {Reference: refs[1], Refused: &deskpage.Refusal{Code: "can_answer", Facts: facts("from", "2026-12-16")}}, {Reference: "PD-5TT0-M4WE-YB8C-0R6H", Unknown: true},
	}}
	return []Sample{
		{Name: "bulk-assign", Path: deskpage.PathBulk, Screen: assign},
		{Name: "bulk-note", Path: deskpage.PathBulk, Screen: of("note")},
		{Name: "bulk-ask", Path: deskpage.PathBulk, Screen: of("ask")},
		{Name: "bulk-ask-refused", Path: deskpage.PathBulk, Status: http.StatusUnprocessableEntity, Screen: empty},
		{Name: "bulk-expire", Path: deskpage.PathBulk, Screen: of("expire")},
		{Name: "bulk-spam", Path: deskpage.PathBulk, Screen: of("spam")},
		{Name: "bulk-hold", Path: deskpage.PathBulk, Role: staff.Admin, Screen: of("hold")},
		{Name: "bulk-none", Path: deskpage.PathBulk, Status: http.StatusUnprocessableEntity, Screen: deskpage.Bulk{Act: "note", None: true}},
		{Name: "bulk-many", Path: deskpage.PathBulk, Status: http.StatusUnprocessableEntity, Screen: deskpage.Bulk{Act: "note", Many: true}},
		{Name: "bulk-done", Path: deskpage.PathBulk, Screen: done},
		{Name: "print", Path: deskpage.PathBulk, Screen: deskpage.Print{Files: []deskpage.File{f, other}}},
	}
}
