package web

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// ReadJSON reads an object into v, a pointer to a struct of which every member means something: a misspelt
// "explanation" would be a letter without one. The errors are faults: TooLarge; Invalid, which names the member that is
// not known or cannot be read.
func ReadJSON(r *http.Request, v any) error {
	body, err := Body(r, MaxJSON)
	if err != nil {
		return err
	}
	var sent map[string]any
	if err := json.Unmarshal(body, &sent); err != nil || sent == nil {
		return errShape
	}
	shape := reflect.TypeOf(v).Elem()
	if err := unknownMember(sent, shape, ""); err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return wrongMember(body, shape, err)
	}
	return nil
}

var errShape = fault.Field("body", "json", "the body must be one JSON object")

// wrongMember says which member it is. Not every error of the decoder tells, so each is read by itself. No value of it
// is said.
func wrongMember(body []byte, shape reflect.Type, err error) error {
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && typed.Field != "" {
		return wrong(typed.Field, kindName(typed.Type))
	}
	var members map[string]json.RawMessage
	_ = json.Unmarshal(body, &members) // it was read before
	for _, name := range slices.Sorted(maps.Keys(members)) {
		one, _ := json.Marshal(map[string]json.RawMessage{name: members[name]})
		err := json.Unmarshal(one, reflect.New(shape).Interface())
		if _, ok := errors.AsType[*time.ParseError](err); ok {
			return wrong(name, "a time such as 2026-12-24T00:00:00Z")
		}
		if err != nil {
			return wrong(name, "in its documented form")
		}
	}
	return errShape
}

// Address reads the address of one person in a member of a JSON body, in every
// spelling that a form may send: systems pass such addresses on. The error is a
// fault that names the member and what is wrong.
func Address(member, text string) (person.Address, error) {
	a, _, err := person.ReadForm(text, "")
	if bad, ok := errors.AsType[*person.AddressError](err); ok {
		return a, fault.Field(member, bad.Reason, bad.Hint())
	}
	return a, err
}

func wrong(member, what string) error {
	return fault.Field(member, "json", member+" must be "+what)
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "an object"
	case reflect.Bool:
		return "true or false"
	}
	return "a number"
}
