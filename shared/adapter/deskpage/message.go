package deskpage

// Message is a screen of words alone: what was not found, may not be seen, or went wrong. Its code names its title,
// "desk.message.<code>", and with ".text" its sentence.
type Message struct {
	Code string   `json:"code"`
	Why  *Refusal `json:"refused,omitempty"`
	Back string   `json:"-"` // a path below /desk
}

func (m Message) view(d *Desk, v Visit) view {
	t, key := v.Texts, "desk.message."+m.Code
	var pairs []string
	if m.Why != nil {
		pairs = append(pairs, "reason", m.Why.words(d, t))
	}
	body := message{Texts: []string{t.Text(key+".text", pairs...)}, Wrong: true}
	if m.Back != "" {
		body.Links = []link{{m.Back, t.Text("desk.back")}}
	}
	return view{shape: messageShape, title: t.Text(key), body: body, plain: v.Account.Role == ""}
}
