package golden

import (
	"fmt"
	"slices"
	"testing"
)

func TestUntranslated(t *testing.T) {
	const english = `<title>Stop</title><p>Do it <b>now</b>.</p><p>Biosero</p><p>12.50</p><p>Post</p><p>m***@e***.com</p><option>Kenya</option>`
	const german = `<title>Ende</title><p>Do it <b>jetzt</b>.</p><p>Biosero</p><p>12.50</p><p>Post</p><p>m***@e***.com</p><option>Kenya</option>`
	data := struct{ Inner *[]any }{&[]any{struct{ name string }{"Biosero Inc."}, struct{ At fmt.Stringer }{masked{}}}}
	if got := Untranslated(t, english, german, []string{"Post"}, data); !slices.Equal(got, []string{"Do it"}) {
		t.Errorf("%q", got)
	}
	if got := Untranslated(t, english, german, []string{"Post", "Biosero"}); !slices.Equal(got, []string{"Do it", "m***@e***.com"}) {
		t.Errorf("a masked address that the data does not hold: %q", got)
	}
}

// masked prints itself in other words than it holds.
type masked struct{}

func (masked) String() string { return "m***@e***.com" }
