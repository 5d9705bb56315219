package product

import (
	"slices"
	"strings"

	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
)

// Choice is what one person has chosen about mail.
type Choice struct {
	Email string // lower case
	List  string // the product's list for a topic; empty: all mail
}

// Choices are what a batch says about mail: who is out, pauses included, and who is in. A topic for which desk.yaml names
// no list of the product is not mailed by it. A bounce is no choice, and who takes a complaint back chooses mail as well.
func Choices(b feed.Batch) (outs, ins []Choice) {
	for _, c := range b.Changes {
		choice, is := choiceOf(b, c)
		switch {
		case !is || c.Address.IsZero():
		case c.State != optout.In:
			outs = append(outs, choice)
		case c.Scope.Channel() != optout.Complaint:
			ins = append(ins, choice)
		}
	}
	return outs, slices.DeleteFunc(ins, func(c Choice) bool {
		return slices.Contains(outs, c) || slices.Contains(outs, Choice{Email: c.Email})
	})
}

func choiceOf(b feed.Batch, c feed.Change) (choice Choice, is bool) {
	choice = Choice{Email: strings.ToLower(c.Address.Reveal()), List: b.System.Lists[c.Scope.Topic()]}
	switch c.Scope.Channel() {
	case optout.Email:
		return choice, c.Scope.Topic() == "" || choice.List != ""
	case optout.Complaint:
		return choice, true
	}
	return choice, false
}

// Refused notes how many people a product refuses to mail again: only they themselves can come back to it.
func (a *API) Refused(system string, people int) {
	if people > 0 && a.Log != nil {
		a.Log.Info("opt-ins refused by the product", "system", system, "people", people)
	}
}
