package page

import "privacydesk/shared/adapter/catalog"

// message is the shape of a page that says one thing and offers at most two buttons.
type message struct {
	Mark        mark
	Lead        string
	Facts       []fact
	Notice      *notice
	Lists       []list
	Button      *button
	Also        *button // a second, quieter choice
	Notes       []string
	Links       []link
	Disclosures []disclosure
}

// mark is the drawing beside the title: a CSS class and the path of a 24 by 24 drawing.
type mark struct{ Class, Path string }

var (
	markDone    = mark{"done", "M5 12.5l4.5 4.5L19 7.5"}
	markAsk     = mark{"ask", "M3.5 6.5h17v11h-17zM4 7l8 6.5L20 7"}
	markProblem = mark{"problem", "M12 6v7.5M12 17.2v.3"}
	markWork    = mark{"work", "M12 6.5V12l3.5 2.5M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17z"}
)

// notice is a framed paragraph that must not be overlooked.
type notice struct{ Title, Text string }

// addressFact shows whose address a page is about, nothing when it is not told.
func addressFact(t *catalog.Texts, address string) []fact {
	if address == "" {
		return nil
	}
	return []fact{{t.Text("fact.address"), []string{address}}}
}

func subjectsFact(t *catalog.Texts, label string, subjects ...Subject) fact {
	values := make([]string, len(subjects))
	for i, s := range subjects {
		values[i] = t.Scope(s.Scope, s.Title)
	}
	return fact{label, values}
}

// optionalLink is a link when there is somewhere to go.
func optionalLink(href, text string) []link {
	if href == "" {
		return nil
	}
	return []link{{href, text}}
}

func langField(t *catalog.Texts) hidden { return hidden{FieldLang, t.Lang()} }
