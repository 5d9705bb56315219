package intake

import (
	"slices"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// Day reads a day, such as 2026-12-24.
func Day(field, text string) (civil.Day, error) {
	day, err := civil.Parse(text)
	if err != nil {
		return 0, fault.Field(field, "invalid", field+" must be a day such as 2026-12-24")
	}
	return day, nil
}

// Moment reads a time, or the beginning of a day in a zone. Of no text it is no time.
func Moment(field, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	day, err := civil.Parse(text)
	if err != nil {
		return time.Time{}, fault.Field(field, "invalid", field+" must be a day such as 2026-12-24, or a time such as 2026-12-24T09:00:00Z")
	}
	return (day - 1).End(zone), nil
}

// Until reads the last day of something, and gives its end in a zone. Of no text it
// is no time.
func Until(field, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := Day(field, text)
	if err != nil {
		return time.Time{}, err
	}
	return day.End(zone), nil
}

// Place reads where a person lives; see deadline.ParseJurisdiction.
func Place(country, region string) (deadline.Jurisdiction, error) {
	place, err := deadline.ParseJurisdiction(country, region)
	if err != nil {
		return place, fault.Field("country", "unknown", "country is an ISO 3166 code such as US, region one such as CA")
	}
	return place, nil
}

// CheckKinds refuses kinds that nobody can ask for.
func CheckKinds(kinds []Kind) error {
	if slices.ContainsFunc(kinds, func(k Kind) bool { return !slices.Contains(Kinds(), k) }) {
		return fault.Unknown("kinds", "kind of request", Kinds()...)
	}
	return nil
}

// CheckReach refuses a person whom nobody can write to, and a letter on paper to nobody's
// name.
func CheckReach(a person.Address, c person.Contact, name string) error {
	switch {
	case !a.IsZero():
		return nil
	case c.IsZero():
		return fault.Field("address", "missing", "give an e-mail address, a postal address or a telephone number")
	case name == "":
		return fault.Field("name", "missing", "a person without an e-mail address needs a name")
	}
	return nil
}
