package people

import (
	"net/http"
	"slices"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
)

// paper shows a letter as it is printed. The postal address stands on it, so that
// opening it is an entry of the history, as revealing the address is. One that holds no
// more is not printed.
func (d *Door) paper(v *visit) {
	f, err := d.Rights.Store.File(v.r.Context(), v.r.PathValue("id"))
	if err == nil {
		i := slices.IndexFunc(f.Letters, func(l outbox.Letter) bool {
			return l.Paper && l.Text != "" && l.State != outbox.Obsolete && deskpage.LetterName(l) == v.r.PathValue("letter")
		})
		if i < 0 {
			v.message(http.StatusNotFound, deskpage.Message{Code: "not_found", Back: deskpage.FilePath(f.Request.ID)})
			return
		}
		letter := f.Letters[i]
		if err = d.Rights.Looked(v.r.Context(), &f, v.officer(), lifecycle.EventRevealed); err == nil {
			q := &f.Request
			v.show(http.StatusOK, deskpage.Paper{
				Reference: q.ID, Language: q.Language, To: q.Contact.Envelope(q.Name), ByHand: q.Contact.Post() == "", Telephone: q.Contact.Telephone(), Letter: letter,
			})
			return
		}
	}
	if fault.Is(err, fault.NotFound) {
		v.message(http.StatusNotFound, deskpage.Message{Code: "not_found", Back: deskpage.PathHome})
		return
	}
	v.fail(err)
}
