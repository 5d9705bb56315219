package filing

import (
	"slices"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/settings"
)

// ForOfficers are what files are for that officers add.
var ForOfficers = []attachment.For{attachment.Internal, attachment.Answer}

// Check refuses a wish of an officer that no request could fulfil. Invalid: it is for
// nobody, or of a system that desk.yaml does not name.
func (w Wish) Check(systems []settings.System) error {
	var ids []string
	for _, s := range systems {
		ids = append(ids, s.ID)
	}
	switch {
	case w.For == "":
		return fault.Field("for", "unchosen", "for must say whom the file is for: internal or answer")
	case !slices.Contains(ForOfficers, w.For):
		return fault.Unknown("for", "for", ForOfficers...)
	case w.System != "" && !slices.Contains(ids, w.System):
		return fault.Unknown("system", "system", ids...)
	}
	return nil
}

// InPlaceOf is an officer's wish to put another file, such as a redacted copy, in the
// place of one. NotFound: the request has no such file of an officer or of an answer.
func InPlaceOf(f request.File, id, by string) (Wish, error) {
	a, err := find(f, id)
	if err == nil && !slices.Contains(ForOfficers, a.For) {
		err = errNoFile
	}
	return Wish{For: a.For, System: a.System, Replaces: id, By: by}, err
}

// ToGive is a file that an officer may fetch. NotFound: there is none, or none any more.
func ToGive(f request.File, id string) (attachment.File, error) {
	a, err := find(f, id)
	if err == nil && a.State != attachment.Stored {
		err = errNoFile
	}
	return a, err
}

// ExpectedOf is a file that was expected of somebody, and may have arrived. NotFound:
// there is none.
func ExpectedOf(f request.File, id, by string) (attachment.File, error) {
	a, err := find(f, id)
	if err == nil && (a.By != by || a.For.FromPerson()) {
		err = errNoFile
	}
	return a, err
}
