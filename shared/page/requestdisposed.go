package page

import (
	"time"

	"privacydesk/shared/catalog"
)

// RequestDisposed is all that is left of a request whose data was disposed of. Answer 410.
type RequestDisposed struct {
	At time.Time
}

func (p RequestDisposed) view(_ *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: t.Text("disposed.title"), languages: true, body: message{
		Mark: markDone, Lead: t.Text("disposed.lead", "date", t.Date(p.At)),
	}}
}
