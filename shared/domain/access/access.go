// Package access is how a request for access is answered beside the data that the desk
// itself holds: by parts, one a system, each with its files or "nothing held" (Art. 15(3)
// GDPR); with what the law asks to be told about the processing (Art. 15(1) and (2)
// GDPR; Cal. Civ. Code 1798.110); and all of it in one archive. The package must not
// import AWS, net/http or HTML, nor know requests or where files are kept.
package access

import (
	"slices"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
)

// Part is one system's part of an answer. The first is the desk's own: its System is "",
// and its files are those that officers add.
type Part struct {
	System string // of desk.yaml
	State  ledger.State
	Ground string // why a system gives nothing; see ledger.Outcome
	Files  []attachment.File
}

// Parts are an answer's, by what systems have said and by the files that are there for
// the person. The desk's own is always there, and first.
func Parts(entries []ledger.Entry, files []attachment.File) []Part {
	parts := []Part{{State: ledger.Done}}
	for _, e := range entries {
		if e.Task == ledger.Access {
			parts = append(parts, Part{System: e.System, State: e.State, Ground: e.Ground})
		}
	}
	for _, f := range files {
		if f.For != attachment.Answer || f.State != attachment.Stored {
			continue
		}
		i := slices.IndexFunc(parts, func(p Part) bool { return p.System == f.System })
		if i < 0 { // nobody asked for it, and somebody gave it
			i, parts = len(parts), append(parts, Part{System: f.System, State: ledger.Done})
		}
		parts[i].Files = append(parts[i].Files, f)
	}
	return parts
}

// Find returns a file of the parts; false: it is none of theirs.
func Find(parts []Part, file string) (attachment.File, bool) {
	for _, p := range parts {
		for _, f := range p.Files {
			if f.ID == file {
				return f, true
			}
		}
	}
	return attachment.File{}, false
}

// Outcome is that of an answer to one kind. Access without a part that a system keeps
// back is granted in part.
func Outcome(a decision.Answer, entries []ledger.Entry) decision.Outcome {
	if a.Outcome == decision.Grant && intake.Exports([]intake.Kind{a.Kind}) && ledger.Missing(entries) {
		return decision.Partly
	}
	return a.Outcome
}

// Listed is a part as JSON has it.
type Listed struct {
	System string       `json:"system,omitempty"` // none: the desk's own
	State  ledger.State `json:"state"`
	Ground string       `json:"ground,omitempty"` // why it is not included
	Files  []ListedFile `json:"files"`
}

// ListedFile is a file of a part, to be fetched by its id.
type ListedFile struct {
	ID     string    `json:"file"`
	Name   string    `json:"name"`
	Type   string    `json:"type"`
	Bytes  int64     `json:"bytes"`
	SHA256 string    `json:"sha256"`
	At     time.Time `json:"stored_at"`
}

// List is parts as JSON has them.
func List(parts []Part) []Listed {
	all := []Listed{}
	for _, p := range parts {
		one := Listed{p.System, p.State, p.Ground, []ListedFile{}}
		for _, f := range p.Files {
			one.Files = append(one.Files, ListedFile{f.ID, f.Name(), f.Type.MediaType(), f.Size, f.SHA256, f.StoredAt.UTC()})
		}
		all = append(all, one)
	}
	return all
}
