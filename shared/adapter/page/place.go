package page

import (
	"strings"

	"privacydesk/shared/adapter/catalog"
)

// frequent countries stand above the alphabet.
var frequent = []string{"US", "CA", "GB", "DE", "ES", "MX", "BR"}

// selection is a field with a list to choose from.
type selection struct {
	Name, Label, Hint, Autocomplete string
	ErrorWord, Error                string
	First                           []option
	Groups                          []optionGroup
}

type optionGroup struct {
	Label   string
	Options []option
}

func (p RequestForm) country(t *catalog.Texts) selection {
	s := selection{
		Name: FieldCountry, Label: t.Text("ask.country.label"), Hint: t.Text("ask.country.hint"), Autocomplete: "country",
		First: []option{{"", t.Text("ask.untold"), false}},
		Groups: []optionGroup{
			{Label: t.Text("ask.country.frequent")}, {t.Text("ask.country.all"), options(t.Countries())},
		},
	}
	for _, code := range frequent {
		s.Groups[0].Options = append(s.Groups[0].Options, option{Value: code, Text: t.Place(code, "")})
	}
	s.ErrorWord, s.Error = fieldErrors(p.Errors).words(t, FieldCountry)
	s.choose(strings.ToUpper(strings.TrimSpace(p.Country)), p.Country)
	return s
}

// region offers what our laws tell apart: the states and provinces of two countries.
func (p RequestForm) region(t *catalog.Texts) selection {
	s := selection{
		Name: FieldRegion, Label: t.Text("ask.region.label"), Hint: t.Text("ask.region.hint"),
		Autocomplete: "address-level1", First: []option{{"", t.Text("ask.untold"), false}},
	}
	for _, country := range []string{"US", "CA"} {
		s.Groups = append(s.Groups, optionGroup{t.Place(country, ""), options(regionsOf(country))})
	}
	s.ErrorWord, s.Error = fieldErrors(p.Errors).words(t, FieldRegion)
	code := strings.ToUpper(strings.TrimSpace(p.Region))
	if code != "" && !strings.Contains(code, "-") {
		code = strings.ToUpper(strings.TrimSpace(p.Country)) + "-" + code
	}
	s.choose(code, p.Region)
	return s
}

func regionsOf(country string) []catalog.Place {
	var found []catalog.Place
	for _, r := range catalog.Regions() {
		if strings.HasPrefix(r.Code, country+"-") {
			found = append(found, r)
		}
	}
	return found
}

func options(places []catalog.Place) []option {
	all := make([]option, len(places))
	for i, place := range places {
		all[i] = option{Value: place.Code, Text: place.Name}
	}
	return all
}

// choose selects a code. What is in no list was typed elsewhere: it is kept as an option of its own, so that
// sending the form again sends the same.
func (s *selection) choose(code, typed string) {
	for _, g := range s.Groups {
		for i := range g.Options {
			if g.Options[i].Value == code {
				g.Options[i].Selected = true
				return
			}
		}
	}
	if typed != "" {
		s.First = append(s.First, option{typed, typed, true})
		return
	}
	s.First[0].Selected = true
}
