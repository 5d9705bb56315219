package fault

import "errors"

// Because says by a code why an act is refused, for whoever shows it in another
// language. Facts hold codes, days and references, and nothing personal.
type Because struct {
	Code  string            `json:"code"`
	Facts map[string]string `json:"facts,omitempty"`
}

// Because gives the fault its code and facts, which are names and values in turn.
func (e *Error) Because(code string, facts ...string) *Error {
	e.Why = Because{Code: code}
	for i := 0; i+1 < len(facts); i += 2 {
		if e.Why.Facts == nil {
			e.Why.Facts = map[string]string{}
		}
		e.Why.Facts[facts[i]] = facts[i+1]
	}
	return e
}

// BecauseOf returns the outermost code in err's chain. Where none says why, it is
// the reason of the first field, or the fault's own code.
func BecauseOf(err error) Because {
	for cause := err; cause != nil; {
		f, ok := errors.AsType[*Error](cause)
		switch {
		case !ok:
			cause = nil
		case f.Why.Code != "":
			return f.Why
		default:
			cause = f.Err
		}
	}
	if fields := FieldsOf(err); len(fields) > 0 {
		return Because{Code: fields[0].Field + "_" + fields[0].Reason}
	}
	return Because{Code: string(CodeOf(err))}
}
