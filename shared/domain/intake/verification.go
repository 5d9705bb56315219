package intake

import (
	"slices"
	"strings"

	"privacydesk/shared/domain/fault"
)

// Verification is how an officer has made sure who asks.
type Verification struct {
	Checked []Check
	Kinds   []Kind // of a request of unsure kinds, what they ask for
}

// Check says what is missing, or wrong. unsure: the request does not say for sure what
// is asked for.
func (v Verification) Check(unsure bool) error {
	switch err := CheckKinds(v.Kinds); {
	case len(v.Checked) == 0:
		return fault.Field("checked", "missing", "checked must say how you made sure who asks: "+strings.Join(Codes(Checks), " "))
	case slices.ContainsFunc(v.Checked, func(c Check) bool { return !slices.Contains(Checks, c) }):
		return fault.Unknown("checked", "check", Checks...)
	case len(v.Checked) > len(Checks):
		return fault.Field("checked", "twice", "each check must be named once")
	case err != nil:
		return err
	case unsure && len(v.Kinds) == 0:
		return fault.Field("kinds", "missing", "the request does not say for sure what is asked for: name the kinds, "+strings.Join(Codes(Kinds()), " "))
	case !unsure && len(v.Kinds) > 0:
		return fault.Field("kinds", "not_unsure", "the request says what is asked for; name kinds only where it does not")
	}
	return nil
}
