package request_test

import (
	"context"
	"encoding/json"
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

// notExported are the fields of a record that an export leaves out: the reference and the address, which it has once for
// all, the time of the evidence, which is that of the change, who at the desk recorded it, which is theirs (fetch.go), and
// what only says how work on the record goes on.
var notExported = strings.Fields("Key.Ref Address Evidence.At Evidence.Officer MadeBy Projection.DueAt Projection.Job FedAt Trace.Before")

// filled gives every field of a struct a value that is found again in JSON, and returns these by name.
func filled(t *testing.T, v reflect.Value, prefix string, values map[string]string) {
	t.Helper()
	for i := range v.NumField() {
		f, name := v.Field(i), prefix+v.Type().Field(i).Name
		text := fmt.Sprintf("v%d-%s", len(values), strings.ToLower(strings.ReplaceAll(name, ".", "-")))
		switch {
		case f.Type() == reflect.TypeFor[time.Time]():
			at := testkit.T0.AddDate(0, 0, len(values)+1)
			f.Set(reflect.ValueOf(at))
			text = at.Format(time.RFC3339)
		case f.Type() == reflect.TypeFor[person.Address]():
			f.Set(reflect.ValueOf(testkit.Address(t, "full@example.com")))
			text = "full@example.com"
		case f.Kind() == reflect.String:
			f.SetString(text)
		case f.Kind() == reflect.Int:
			f.SetInt(int64(987000 + len(values)))
			text = fmt.Sprint(f.Int())
		case f.Type() == reflect.TypeFor[[]string]():
			f.Set(reflect.ValueOf([]string{text}))
		case f.Kind() == reflect.Struct:
			filled(t, f, name+".", values)
			continue
		case f.Type() == reflect.TypeFor[*optout.Record](): // by the test itself
		default:
			t.Fatalf("how is %s filled?", name)
		}
		values[name] = text
	}
}

// full holds one record, in which everything is set.
type full struct {
	holdings
	record optout.Record
}

func (h full) OptOutsOf(context.Context, person.Ref) ([]optout.Record, error) {
	return []optout.Record{h.record}, nil
}

// What is added to a record stands in the export, until somebody says here why not.
func TestExportIsWhole(t *testing.T) {
	d := newDesk(t)
	r := d.granted()
	var record, before optout.Record
	values, earlier := map[string]string{}, map[string]string{}
	filled(t, reflect.ValueOf(&before).Elem(), "", earlier)
	for range 40 {
		values[fmt.Sprint(len(values))] = "" // other values than those of before
	}
	filled(t, reflect.ValueOf(&record).Elem(), "", values)
	record.Trace.Before = &before
	e, err := d.Export(background, r.ID, "", full{holdings{desk: d}, record})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(e.OptOuts)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range values {
		if !strings.Contains(string(text), value) && !slices.Contains(notExported, name) {
			t.Errorf("the export has no %s", name)
		}
	}
	for name, value := range earlier { // an import keeps no trace of its own or of SES with it
		if !strings.Contains(string(text), value) && !slices.Contains(notExported, name) {
			t.Errorf("the export has no %s of before an import", name)
		}
	}
	want := fmt.Sprintf(`[{"asked_at":"%s","scopes":["email/news","sms"],"language":"es","is_back":true}]`, d.now.Format(time.RFC3339))
	if got, err := json.Marshal(e.OptIns); err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}
