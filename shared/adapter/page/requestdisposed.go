package page

import "privacydesk/shared/adapter/catalog"

// RequestDisposed is all that is left of a request whose data was disposed of: the day went with it. Answer 410.
type RequestDisposed struct{}

func (p RequestDisposed) view(_ *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: t.Text("disposed.title"), languages: true, body: message{
		Mark: markDone, Lead: t.Text("disposed.lead"),
	}}
}
