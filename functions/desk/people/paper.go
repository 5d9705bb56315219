package people

import (
	"net/http"

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
	var letter outbox.Letter
	if err == nil {
		letter, err = toPrint(f.Letters, v.r.PathValue("letter"))
	}
	if err == nil {
		err = d.Rights.Looked(v.r.Context(), &f, v.officer(), lifecycle.EventRevealed)
	}
	if err != nil {
		v.fail(err)
		return
	}
	q := &f.Request
	v.show(http.StatusOK, deskpage.Paper{
		Reference: q.ID, Language: q.Language, To: q.Contact.Envelope(q.Name), ByHand: q.Contact.Post() == "", Telephone: q.Contact.Telephone(), Letter: letter,
	})
}

func toPrint(letters []outbox.Letter, name string) (outbox.Letter, error) {
	for _, l := range letters {
		if deskpage.Printed(l) && deskpage.LetterName(l) == name {
			return l, nil
		}
	}
	return outbox.Letter{}, fault.New(fault.NotFound, "There is no such letter.")
}
