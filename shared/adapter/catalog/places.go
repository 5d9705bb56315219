package catalog

import (
	"embed"
	"strings"
	"sync"
)

// Place is a country or a part of one, with its ISO 3166 code and its name.
type Place struct{ Code, Name string }

//go:embed places/*.txt
var placeFiles embed.FS

// Countries are read when they are first needed, as the texts are.
var countries = map[string]func() []Place{
	"en": sync.OnceValue(func() []Place { return readPlaces("countries.en.txt") }),
	"es": sync.OnceValue(func() []Place { return readPlaces("countries.es.txt") }),
	"de": sync.OnceValue(func() []Place { return readPlaces("countries.de.txt") }),
}

var regions = sync.OnceValue(func() []Place { return readPlaces("regions.txt") })

// readPlaces panics on a missing file: it is part of the binary.
func readPlaces(name string) []Place {
	raw, err := placeFiles.ReadFile("places/" + name)
	if err != nil {
		panic("catalog: " + err.Error())
	}
	var places []Place
	for line := range strings.Lines(string(raw)) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		places = append(places, Place{code, name})
	}
	return places
}

// Countries lists all countries of ISO 3166-1 by their alpha-2 codes, in the alphabet of the language.
func (t *Texts) Countries() []Place { return countries[t.lang]() }

// Regions lists the states of the United States and the provinces of Canada by their ISO 3166-2 codes, in the
// order of their names, which are the same in all our languages.
func Regions() []Place { return regions() }

// Place names a country, or a part of it before its country. Codes that we have no name for stay as they are.
func (t *Texts) Place(country, region string) string {
	name := nameOf(t.Countries(), country)
	if region == "" {
		return name
	}
	if part := nameOf(regions(), country+"-"+region); part != country+"-"+region {
		region = part
	}
	return region + ", " + name
}

func nameOf(places []Place, code string) string {
	for _, p := range places {
		if p.Code == code {
			return p.Name
		}
	}
	return code
}
