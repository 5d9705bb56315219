package golden

import (
	"slices"
	"testing"
)

func TestUntranslated(t *testing.T) {
	const english = `<title>Stop</title><p>Do it <b>now</b>.</p><p>Biosero</p><p>12.50</p><p>Post</p><option>Kenya</option>`
	const german = `<title>Ende</title><p>Do it <b>jetzt</b>.</p><p>Biosero</p><p>12.50</p><p>Post</p><option>Kenya</option>`
	data := struct{ Inner *[]any }{&[]any{struct{ name string }{"Biosero Inc."}}}
	if got := Untranslated(t, english, german, []string{"Post"}, data); !slices.Equal(got, []string{"Do it"}) {
		t.Errorf("%q", got)
	}
}
