package rules

import (
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/requestmail"
)

// Who writes an integration for the privacy officer writes it from this guide.
func TestGuideNamesTheOfficersCodes(t *testing.T) {
	guide := read(t, root+"/infra/guides/api.md")
	codes := intake.Codes(intake.Kinds())
	codes = append(codes, intake.Codes(decision.AllGrounds())...)
	codes = append(codes, intake.Codes(intake.Checks)...)
	codes = append(codes, intake.Codes(requestmail.Templates)...)
	for _, regime := range deadline.Default().Regimes {
		for _, c := range regime.Clocks {
			codes = append(codes, intake.Codes(c.Extension.Reasons)...)
		}
	}
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		if !strings.Contains(guide, "`"+code+"`") {
			t.Errorf("infra/guides/api.md: %s is missing", code)
		}
	}
	for _, r := range loadTemplate(t).Routes {
		path := strings.NewReplacer("holds/{id}/{action}", "holds/{id}/lift", "/{action}", "/decide").Replace(r.Path)
		if strings.HasPrefix(path, "/api/") && r.Method != "ANY" && !strings.Contains(guide, "`"+r.Method+" "+path+"`") {
			t.Errorf("infra/guides/api.md: %s %s is missing", r.Method, path)
		}
	}
}

// Whoever puts the desk on a site learns of each page that a person can open without a link of ours.
func TestReadmeNamesThePages(t *testing.T) {
	readme := read(t, root+"/README.md")
	for _, r := range loadTemplate(t).Routes {
		if r.Method == "GET" && len(r.Path) > 1 && !strings.ContainsAny(r.Path, "{.") && !r.IAM && !strings.Contains(readme, r.Path+"`") {
			t.Errorf("README.md does not name %s", r.Path)
		}
	}
}
