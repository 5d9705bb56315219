package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestBecauseOf(t *testing.T) {
	held := New(Conflict, "held").Because("hold", "holds", "H-3")
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"its own":               {held, "hold map[holds:H-3]"},
		"of a cause":            {fmt.Errorf("x: %w", Wrap(Conflict, held, "decide")), "hold map[holds:H-3]"},
		"the outermost":         {Wrap(Conflict, held, "decide").Because("state"), "state map[]"},
		"of a field":            {Field("fee", "not_allowed", "no law knows a fee"), "fee_not_allowed map[]"},
		"of a fault without":    {New(Expired, "over"), "expired map[]"},
		"of another error":      {errors.New("boom"), "internal map[]"},
		"of nothing":            {nil, " map[]"},
		"of a cause, no fault":  {Wrap(Unavailable, errors.New("boom"), "load"), "unavailable map[]"},
		"half a pair is no one": {New(Conflict, "x").Because("a", "b"), "a map[]"},
	} {
		if got := BecauseOf(c.err); fmt.Sprint(got.Code, " ", got.Facts) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
