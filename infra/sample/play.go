package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// person asks once, and lives through some steps.
type person struct {
	Email    string            `yaml:"email"`
	Days     int               `yaml:"days"` // ago, when they asked
	Language string            `yaml:"language"`
	Form     map[string]string `yaml:"form"`  // fields of the public form; "kind" holds several, parted by spaces
	Paper    map[string]any    `yaml:"paper"` // body of an officer's entry instead
	Steps    []step            `yaml:"steps"`

	reference string
}

// step is what happens so many days ago: the person opens a mailed link, or an officer acts.
type step struct {
	Days int            `yaml:"days"`
	Link string         `yaml:"link"` // path of a mailed link, whose page's first button is pressed
	Act  string         `yaml:"act"`
	By   string         `yaml:"by"` // session of the officer; "": the first
	With map[string]any `yaml:"with"`
}

// moment is a step of somebody in the order of time.
type moment struct {
	days int
	do   func(context.Context) error
}

// play lets everything happen, the oldest first.
func play(ctx context.Context, s site, all []person) error {
	var moments []moment
	for i := range all {
		p := &all[i]
		moments = append(moments, moment{p.Days, func(ctx context.Context) error { return p.ask(ctx, s) }})
		for _, t := range p.Steps {
			moments = append(moments, moment{t.Days, func(ctx context.Context) error { return p.step(ctx, s, t) }})
		}
	}
	slices.SortStableFunc(moments, func(a, b moment) int { return cmp.Compare(b.days, a.days) })
	days := never
	for n, m := range moments {
		if m.days != days {
			fmt.Printf("\r%3d of %d steps, %2d days ago ", n, len(moments), m.days)
			if err := s.goOn(ctx, days, m.days); err != nil {
				return err
			}
			days = m.days
		}
		if err := m.do(ctx); err != nil {
			return err
		}
	}
	fmt.Printf("\r%3d of %d steps%15s\n", len(moments), len(moments), "")
	return nil
}

func (p *person) ask(ctx context.Context, s site) (err error) {
	if p.Paper != nil {
		if p.Email != "" {
			p.Paper["address"] = p.Email
		}
		p.reference, err = s.officer(ctx, "", "/api/requests", p.Paper)
		return err
	}
	fields := url.Values{"email": {p.Email}, "lang": {cmp.Or(p.Language, "en")}}
	for name, value := range p.Form {
		fields.Set(name, value)
	}
	fields["kind"] = strings.Fields(p.Form["kind"])
	p.reference, err = s.form(ctx, "/requests", fields)
	return err
}

func (p *person) step(ctx context.Context, s site, t step) error {
	if t.Link == "" {
		return p.act(ctx, s, t)
	}
	link, err := s.mailed(ctx, p.Email, t.Link, p.reference)
	if err != nil {
		return err
	}
	fields, err := s.button(ctx, link)
	if err != nil {
		return err
	}
	_, err = s.form(ctx, link, fields)
	return err
}

func (p *person) act(ctx context.Context, s site, t step) (err error) {
	file := "/api/requests/" + p.reference
	with := t.With
	if t.Act == "sign" {
		if with, err = s.seen(ctx, t.By, file); err != nil {
			return err
		}
	}
	_, err = s.officer(ctx, t.By, file+"/"+t.Act, with)
	return err
}
