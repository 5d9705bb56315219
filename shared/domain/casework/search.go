package casework

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// By says by what something was found.
type By string

// What can be searched for.
const (
	ByReference By = "reference"
	ByAddress   By = "address"
	ByContact   By = "contact"
	ByName      By = "name"
)

// Found is what a search has found.
type Found struct {
	By   By         `json:"by,omitempty"`
	File string     `json:"-"` // the request with this reference; "" where it is not one
	Ref  person.Ref `json:"-"` // of the address: under it Person finds all that is theirs
	Rows []Row      `json:"requests"`
	Read int        `json:"-"`              // by name: how many open requests were looked at
	More bool       `json:"more,omitempty"` // there are more, which were not read
}

// The bounds of a search.
const (
	maxFound = 50
	minName  = 2 // letters
)

// Search looks a text up: a reference, a whole e-mail address, the name with the
// whole postal address or telephone number of a person without e-mail, or a part of
// the name in an open request. Names of requests that nobody confirmed are whoever's, and are
// not searched. Invalid: the text is too short for a name.
func (d *Desk) Search(ctx context.Context, text string) (Found, error) {
	text = strings.TrimSpace(text)
	if id, is := Reference(text); is {
		return d.byReference(ctx, id)
	}
	if address, err := person.Read(text); err == nil {
		return d.byRef(ctx, ByAddress, d.Requests.Key.Ref(address))
	}
	if strings.ContainsRune(text, '@') {
		return Found{}, fault.Field("q", "address", "this is not a whole e-mail address")
	}
	if strings.ContainsFunc(text, unicode.IsDigit) { // no name has one
		if found, err := d.byRef(ctx, ByContact, d.Requests.Key.TypedRef(text)); err != nil || len(found.Rows) > 0 {
			return found, err
		}
	}
	return d.byName(ctx, text)
}

// digits are those of a reference: Crockford's base 32, and the letters that it
// takes for a digit.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZOIL"

// Reference reads a reference as people write it down: with or without its dashes
// and its beginning, and with letters that stand for digits.
func Reference(text string) (string, bool) {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, text)
	s := plain
	if len(s) == 18 { // the first of its own signs may be PD too
		s = strings.TrimPrefix(s, "PD")
	}
	if len(s) != 16 || strings.Trim(s, digits) != "" || !strings.ContainsAny(s, "0123456789") {
		return "", false
	}
	s = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(s)
	return "PD-" + s[0:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:16], true
}

func (d *Desk) byReference(ctx context.Context, id string) (Found, error) {
	found := Found{By: ByReference, Rows: []Row{}}
	r, err := d.Requests.Store.Load(ctx, id)
	if err != nil {
		return found, fault.Unless(fault.NotFound, err)
	}
	s := r.Summary()
	found.File, found.Rows = r.ID, d.rows([]request.Summary{s}, nil)
	return found, nil
}

func (d *Desk) byRef(ctx context.Context, by By, ref person.Ref) (Found, error) {
	found := Found{By: by, Ref: ref}
	for _, confirmed := range []bool{true, false} {
		list, more, err := d.Store.NewestOf(ctx, found.Ref, confirmed, maxFound)
		if err != nil {
			return found, err
		}
		found.Rows, found.More = append(found.Rows, d.rows(list, nil)...), found.More || more
	}
	return found, nil
}

func (d *Desk) byName(ctx context.Context, name string) (Found, error) {
	found := Found{By: ByName}
	words := strings.Fields(folded(name))
	if len([]rune(strings.Join(words, ""))) < minName {
		return found, fault.Field("q", "short", "give a reference, a whole e-mail address, or at least two letters of a name")
	}
	r := d.open(underWay, nil)
	r.left = nameReads
	for {
		s, end, err := r.next(ctx)
		if err != nil {
			return found, err
		}
		if end != goesOn {
			found.More = end == readEnough
			return found, nil
		}
		found.Read++
		if !named(folded(s.Name), words) {
			continue
		}
		if len(found.Rows) == maxFound {
			found.More = true
			return found, nil
		}
		found.Rows = append(found.Rows, d.rows([]request.Summary{s}, nil)...)
	}
}

// named reports whether a name has all words, each at the beginning of one of its own.
func named(name string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(" "+name, " "+w) {
			return false
		}
	}
	return true
}

// folded is a name without case and accents: whoever hears it on the telephone
// types it so.
func folded(name string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(name))), " ")
}

func (d *Desk) rows(list []request.Summary, holds []disposal.Hold) []Row {
	rows := make([]Row, len(list))
	for i := range list {
		rows[i] = d.row(&list[i], holds, d.Requests.Now())
	}
	return rows
}
