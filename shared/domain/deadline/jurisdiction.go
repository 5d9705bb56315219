package deadline

import "strings"

// Jurisdiction is where a person says they are: an ISO 3166-1 alpha-2 country and the part of an ISO 3166-2 code after
// the hyphen. Both may be empty, which means that it is not known.
type Jurisdiction struct {
	Country string
	Region  string
}

// aliases are codes that people and EU institutions use instead of the ISO ones.
var aliases = map[string]string{"UK": "GB", "EL": "GR"}

// ParseJurisdiction reads what a form sends: case and blanks do not matter, a region may repeat its country ("US-CA"), and
// names it where the country was left out.
// It does not ask whether a code is given out; a country that no regime names is under the strictest of all.
func ParseJurisdiction(country, region string) (Jurisdiction, error) {
	country = strings.ToUpper(strings.TrimSpace(country))
	region = strings.ToUpper(strings.TrimSpace(region))
	if iso, ok := aliases[country]; ok {
		country = iso
	}
	if of, part, whole := strings.Cut(region, "-"); whole && country == "" {
		country, region = of, part
	}
	region = strings.TrimPrefix(region, country+"-")
	p := Jurisdiction{country, region}
	if !p.valid() {
		return Jurisdiction{}, invalid(errUnknownJurisdiction, "reading a place")
	}
	return p, nil
}

// String is the ISO code: "", "BR" or "US-CA".
func (p Jurisdiction) String() string {
	if p.Region == "" {
		return p.Country
	}
	return p.Country + "-" + p.Region
}

// MarshalText writes the place in JSON as String does.
func (p Jurisdiction) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

func (p Jurisdiction) valid() bool {
	switch {
	case p.Country == "":
		return p.Region == ""
	case len(p.Country) != 2 || !within(p.Country, 'A', 'Z'):
		return false
	}
	return len(p.Region) <= 3 && alphanumeric(p.Region)
}

func within(s string, low, high rune) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < low || r > high }) < 0
}

func alphanumeric(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }) < 0
}

// everywhere is the place of a regime without borders.
const everywhere = "*"

// A scope says how widely a place is read.
type scope int

// A place is read as given; or, where its law has no clock, as its whole country; or as the whole world.
const (
	asGiven scope = iota
	countrywide
	worldwide
)

// reaches tells whether a regime's place covers p in a scope. Without a region, p is anywhere in its country.
func (p Jurisdiction) reaches(pattern string, s scope) bool {
	switch {
	case s == worldwide || pattern == everywhere:
		return true
	case s == countrywide || p.Region == "":
		return len(pattern) >= 2 && pattern[:2] == p.Country
	case len(pattern) == 2:
		return pattern == p.Country
	}
	return len(pattern) > 3 && pattern[:2] == p.Country && pattern[3:] == p.Region
}
