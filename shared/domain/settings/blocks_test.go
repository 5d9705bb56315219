package settings

import (
	"slices"
	"strings"
	"testing"
)

func TestTextBlocks(t *testing.T) {
	shipped, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		block TextBlock
		wrong string // a part of the fault; "": none
	}{
		"one language":       {TextBlock{ID: "kept", Text: map[string]string{"de": "Wir müssen das behalten."}}, ""},
		"no id":              {TextBlock{Text: map[string]string{"en": "x"}}, "text_blocks[0].id"},
		"no text":            {TextBlock{ID: "kept"}, "text_blocks[0].text needs"},
		"an empty text":      {TextBlock{ID: "kept", Text: map[string]string{"en": " "}}, "text_blocks[0].text.en"},
		"a long text":        {TextBlock{ID: "kept", Text: map[string]string{"en": strings.Repeat("é", maxBlock+1)}}, "text_blocks[0].text.en"},
		"as long as allowed": {TextBlock{ID: "kept", Text: map[string]string{"en": strings.Repeat("é", maxBlock)}}, ""},
		"no such language":   {TextBlock{ID: "kept", Text: map[string]string{"fr": "x"}}, `has "fr"`},
	} {
		d := *shipped
		d.Requests.TextBlocks = []TextBlock{c.block}
		err := d.Validate()
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := *shipped
	d.Requests.TextBlocks = slices.Repeat([]TextBlock{{ID: "kept", Text: map[string]string{"en": "x"}}}, 2)
	if err := d.Validate(); err == nil || !strings.Contains(err.Error(), `"kept" stands twice`) {
		t.Errorf("twice: %v", err)
	}
	if b := shipped.Requests.TextBlocks[0]; b.In("de") == "" || b.In("fr") != "" {
		t.Error("a block speaks another language than it has")
	}
}
