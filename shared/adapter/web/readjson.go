package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// ReadJSON reads a JSON body of the sender's systems into v. The errors are
// faults: TooLarge, Invalid, which names the member that cannot be read.
func ReadJSON(r *http.Request, v any) error { return readJSON(r, v, false) }

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

// ReadWholeJSON reads an object of which every member means something: a
// misspelt "explanation" would be a letter without one.
func ReadWholeJSON(r *http.Request, v any) error { return readJSON(r, v, true) }

func readJSON(r *http.Request, v any, whole bool) error {
	body, err := Body(r, MaxJSON)
	if err != nil {
		return err
	}
	if !json.Valid(body) || whole && !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return errShape
	}
	if err := decodeJSON(body, v, whole); err != nil {
		return wrongMember(body, reflect.TypeOf(v).Elem(), whole, err)
	}
	return nil
}

var errShape = fault.Field("body", "json", "The body must be a JSON object of the documented shape.")

func decodeJSON(body []byte, v any, whole bool) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if whole {
		d.DisallowUnknownFields()
	}
	return d.Decode(v)
}

// wrongMember says which member it is. Not every error of the decoder tells, so
// each is read by itself. No value of it is said.
func wrongMember(body []byte, shape reflect.Type, whole bool, err error) error {
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && typed.Field != "" {
		return wrong(typed.Field, kindName(typed.Type)+" is expected")
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return errShape
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		one, _ := json.Marshal(map[string]json.RawMessage{name: members[name]}) // it was JSON before
		err := decodeJSON(one, reflect.New(shape).Interface(), whole)
		if err == nil {
			continue
		}
		if unknown, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return fault.Field("body", "unknown", "The body must be a JSON object of the documented shape; there is no member "+person.CleanText(strings.Trim(unknown, `"`), 64))
		}
		if _, ok := errors.AsType[*time.ParseError](err); ok {
			return wrong(name, "a time such as 2026-12-24T00:00:00Z is expected")
		}
		return wrong(name, "it is not of the documented form")
	}
	return errShape
}

func wrong(member, what string) error {
	return fault.Field(member, "json", fmt.Sprintf("The body must be a JSON object of the documented shape; %s: %s", member, what))
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
