package deskpage

// Message is a screen of words alone: what was not found, may not be seen, or went wrong. Key names its title,
// and with ".text" its sentence.
type Message struct {
	Code   string            `json:"code"` // of its words: "desk.message.<code>"
	Values map[string]string `json:"values,omitempty"`
	// Why is the reason, where it has words of its own.
	Why  *Refusal `json:"refused,omitempty"`
	Back string   `json:"-"` // a path below /desk
}

func (m Message) view(d *Desk, v Visit) view {
	t, key := v.Texts, "desk.message."+m.Code
	var pairs []string
	for name, value := range m.Values {
		pairs = append(pairs, name, value)
	}
	if m.Why != nil {
		pairs = append(pairs, "reason", m.Why.words(d, t))
	}
	body := message{Texts: []string{t.Text(key+".text", pairs...)}, Wrong: true}
	if m.Back != "" {
		body.Links = []link{{m.Back, t.Text("desk.back")}}
	}
	return view{shape: messageShape, title: t.Text(key), body: body, plain: v.Account.Role == ""}
}
