package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// Queries serves a route whose query may have the named members alone: one that is misspelt would be taken for none.
// The answer names the first that is unknown, and the known ones.
func Queries(serve http.HandlerFunc, known ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := checkQuery(r, known); err != nil {
			Refuse(w, err)
			return
		}
		serve(w, r)
	}
}

func checkQuery(r *http.Request, known []string) error {
	for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
		if slices.Contains(known, name) {
			continue
		}
		name = person.CleanText(name, 64)
		if len(known) == 0 {
			return fault.Field(name, "unknown", "unknown query member "+name+"; this address takes none")
		}
		return fault.Field(name, "unknown", "unknown query member "+name+"; must be one of "+strings.Join(known, ", "))
	}
	return nil
}
