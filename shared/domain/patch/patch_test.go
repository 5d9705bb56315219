package patch_test

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"privacydesk/shared/domain/patch"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 123_456_789, time.FixedZone("", 3600))

func TestApply(t *testing.T) {
	before := patch.Row{"ref": "r", "state": "in", "version": int64(3), "name": "Z", "unknown": "u"}
	kept := maps.Clone(before)
	for name, test := range map[string]struct {
		change func(*patch.Patch)
		want   patch.Row
	}{
		"nothing": {func(*patch.Patch) {}, before},
		"each word": {func(p *patch.Patch) {
			p.Set("state", "out")
			p.SetOnce("name", "A")
			p.SetOnce("first_at", at)
			p.Clear("unknown")
			p.Increment("version")
			p.Increment("count")
		}, patch.Row{"ref": "r", "state": "out", "version": int64(4), "name": "Z", "first_at": "2026-11-22T11:00:00.123Z", "count": int64(1)}},
		"empty clears": {func(p *patch.Patch) {
			p.Set("name", "")
			p.Set("state", time.Time{})
			p.Set("unknown", patch.Row{})
			p.SetOnce("first_at", time.Time{})
		}, patch.Row{"ref": "r", "version": int64(3)}},
		"what is not named goes": {func(p *patch.Patch) {
			p.KeepOnly("ref", "version", "reduced_at")
			p.SetOnce("reduced_at", at)
		}, patch.Row{"ref": "r", "version": int64(3), "reduced_at": "2026-11-22T11:00:00.123Z"}},
		"nothing is kept": {func(p *patch.Patch) { p.KeepOnly() }, patch.Row{}},
	} {
		t.Run(name, func(t *testing.T) {
			var p patch.Patch
			test.change(&p)
			if got, ok := p.Apply(before); !ok || !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v, %v\nwant %v", got, ok, test.want)
			}
			if !reflect.DeepEqual(before, kept) {
				t.Errorf("the row itself was changed: %v", before)
			}
		})
	}
}

func TestConditions(t *testing.T) {
	row := patch.Row{"state": "out", "version": int64(3), "at": patch.Time(at)}
	for name, test := range map[string]struct {
		c    patch.Condition
		want bool
	}{
		"equal":                        {patch.Is("version", 3), true},
		"another":                      {patch.Is("version", 4), false},
		"another type":                 {patch.Is("version", "3"), false},
		"one of":                       {patch.OneOf("state", "in", "out"), true},
		"none of":                      {patch.OneOf("state", "in", "paused"), false},
		"empty, and absent":            {patch.Is("name", ""), true},
		"empty, and there":             {patch.Is("state", ""), false},
		"absent":                       {patch.Absent("state"), false},
		"present":                      {patch.Present("state"), true},
		"after":                        {patch.After("at", at.Add(-time.Second)), true},
		"not after":                    {patch.After("at", at), false},
		"another type is not after it": {patch.After("version", "1"), false},
		"nothing is after nothing":     {patch.After("name", "a"), false},
		"one holds":                    {patch.Any(patch.Is("version", 4), patch.Present("state")), true},
		"none holds":                   {patch.Any(patch.Is("version", 4), patch.Absent("state")), false},
	} {
		t.Run(name, func(t *testing.T) {
			var p patch.Patch
			p.Set("state", "in")
			p.If(patch.Present("at"), test.c)
			after, ok := p.Apply(row)
			if ok != test.want || (after != nil) != test.want {
				t.Errorf("%v, %v", after, ok)
			}
		})
	}
}

func TestRowHoldsNoStranger(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a row took what no store can hold")
		}
	}()
	new(patch.Patch).Set("price", 1.5)
}
