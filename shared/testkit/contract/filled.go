package contract

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit"
)

// tombstoneFields are all that a tombstone may hold. The list is written anew
// here so that nothing joins it unseen.
var tombstoneFields = strings.Fields(`Key.Ref Key.Scope State Version FirstAt OutSince ChangedAt Until Evidence.At ReducedAt ErasedAt LiftedAt
	Projection.Status Projection.At`)

// unfilled are the fields of a record that an opt-out which SES knows cannot
// have. A trace holds Before or FirstAt.
var unfilled = strings.Fields("ReducedAt ErasedAt Projection.DueAt Trace.FirstAt")

// FullOptOut writes an opt-out in which every field is set, those of Evidence
// that are added later too, and has SES know it.
func FullOptOut(tb testing.TB, s OptOutTable) optout.Record {
	tb.Helper()
	soft := change(tb, "z@example.com", "email", optout.In, testkit.T0)
	soft.Observed = &optout.Observation{At: testkit.T0, SoftDays: []string{"2026-11-01"}, LiftedAt: testkit.T0, Quiet: true}
	apply(tb, s, soft)
	paused := change(tb, "z@example.com", "email", optout.Paused, testkit.T0)
	paused.Until = testkit.T0.AddDate(0, 0, 30)
	before := apply(tb, s, paused)
	c := change(tb, "z@example.com", "email", optout.Out, testkit.T0)
	c.Name, c.MadeBy, c.ErasureRequested, c.Language = "Zaphod", "a page", true, "de"
	fill(reflect.ValueOf(&c.Evidence).Elem())
	c.Evidence.At, c.Trace = testkit.T0, optout.Trace{Import: "an import", Before: &before}
	r := apply(tb, s, c)
	p := optout.Projection{At: testkit.T0.Add(time.Minute), Status: optout.Listed, Reason: "because", Job: "a job"}
	if err := s.MarkSynced(background, r, p); err != nil {
		tb.Fatal(err)
	}
	r = one(tb, s, c.Key)
	have := Filled(r)
	for _, field := range allFields() {
		if !slices.Contains(have, field) && !slices.Contains(unfilled, field) {
			tb.Fatalf("%s is empty: fill it, or a tombstone that keeps it goes unseen", field)
		}
	}
	return r
}

// fill gives every text and every time of a struct a value.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Kind() == reflect.String:
			f.SetString(strings.ToLower(v.Type().Field(i).Name))
		case f.Type() == reflect.TypeFor[time.Time]():
			f.Set(reflect.ValueOf(testkit.T0))
		default:
			panic(fmt.Sprintf("testkit cannot fill %s", v.Type().Field(i).Name))
		}
	}
}

// Filled names the fields of a record that are not zero, such as
// "Evidence.Source".
func Filled(r optout.Record) []string { return filled("", reflect.ValueOf(r)) }

// leaves are structs that are one value.
var leaves = []reflect.Type{reflect.TypeFor[time.Time](), reflect.TypeFor[person.Address](), reflect.TypeFor[person.Contact]()}

func filled(prefix string, v reflect.Value) []string {
	var names []string
	for i := range v.NumField() {
		f, name := v.Field(i), prefix+v.Type().Field(i).Name
		leaf := f.Kind() != reflect.Struct || slices.Contains(leaves, f.Type())
		switch {
		case !leaf:
			names = append(names, filled(name+".", f)...)
		case f.Kind() == reflect.Slice && f.Len() == 0:
		case !f.IsZero():
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// allFields names all fields of a record.
func allFields() []string { return fieldNames("", reflect.TypeFor[optout.Record]()) }

func fieldNames(prefix string, t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type.Kind() == reflect.Struct && !slices.Contains(leaves, f.Type) {
			names = append(names, fieldNames(prefix+f.Name+".", f.Type)...)
			continue
		}
		names = append(names, prefix+f.Name)
	}
	return names
}
