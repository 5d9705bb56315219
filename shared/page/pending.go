package page

import "privacydesk/shared/catalog"

func pending(title string) view { return view{shape: messageShape, title: title, body: message{}} }

func (RequestForm) view(*Desk, *catalog.Texts) view      { return pending("RequestForm") }
func (RequestReceived) view(*Desk, *catalog.Texts) view  { return pending("RequestReceived") }
func (ConfirmRequest) view(*Desk, *catalog.Texts) view   { return pending("ConfirmRequest") }
func (RequestConfirmed) view(*Desk, *catalog.Texts) view { return pending("RequestConfirmed") }
func (RequestStatus) view(*Desk, *catalog.Texts) view    { return pending("RequestStatus") }
func (RequestDisposed) view(*Desk, *catalog.Texts) view  { return pending("RequestDisposed") }
func (RequestChanged) view(*Desk, *catalog.Texts) view   { return pending("RequestChanged") }
func (ExportPage) view(*Desk, *catalog.Texts) view       { return pending("ExportPage") }
func (ReceiptCheck) view(*Desk, *catalog.Texts) view     { return pending("ReceiptCheck") }

// Text says in words what happened, for the page and for JSON answers alike.
func (h Happening) Text(t *catalog.Texts) string { return h.Event }

// Shown: the person may see it. An officer's own notes are not for the person.
func (h Happening) Shown() bool { return h.Event != "noted" }
