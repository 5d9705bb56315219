package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/settings"
)

// combination is one letter as somebody can get it.
type combination struct {
	scene
	asked []intake.Kind
	place group
	lang  string
	mail  mail.Mail // of a letter about a request, a mail.RequestLetter
	mail.Message
}

// book is all combinations, in the order in which they are printed.
type book struct {
	desk   *settings.Desk
	at     time.Time
	langs  []string
	groups []group
	all    []combination
}

// newBook plays every scene in some languages, at one place or, with "", at all.
func newBook(desk *settings.Desk, at time.Time, langs []string, place string) (*book, error) {
	zone, err := desk.Organisation.Location()
	if err != nil {
		return nil, err
	}
	law, err := deadline.New(deadline.Default(), zone, desk.Requests.Calendar)
	if err != nil {
		return nil, err
	}
	b := &book{desk: desk, at: at, langs: langs}
	if b.groups, err = groups(law, at, place); err != nil {
		return nil, err
	}
	var todo []combination
	for _, lang := range langs {
		for _, t := range titles {
			for _, s := range scenes() {
				if s.letter != t.letter {
					continue
				}
				for _, kinds := range s.kinds {
					for _, g := range b.groups {
						todo = append(todo, combination{scene: s, asked: kinds, place: g, lang: lang})
					}
				}
			}
		}
	}
	return b, b.playAll(todo)
}

// playAll plays them side by side, and leaves out those that the rules refuse.
func (b *book) playAll(todo []combination) error {
	var wg sync.WaitGroup
	failed, next := make([]error, len(todo)), make(chan int)
	for range 4 {
		wg.Go(func() {
			for i := range next {
				failed[i] = b.write(&todo[i])
			}
		})
	}
	for i := range todo {
		next <- i
	}
	close(next)
	wg.Wait()
	for i, c := range todo {
		if failed[i] != nil {
			return fmt.Errorf("%s, %s, %v, %q: %w", c.letter, c.name, c.asked, c.place.String(), failed[i])
		}
		if c.mail != nil {
			b.all = append(b.all, c)
		}
	}
	return nil
}

// write plays a combination. It has no mail where it cannot be.
func (b *book) write(c *combination) error {
	p, err := newPlay(b.desk, c.lang, c.place.Jurisdiction, b.at)
	if err != nil {
		return err
	}
	_, err = c.play(p, c.asked)
	switch code := fault.CodeOf(err); {
	case code == fault.Conflict || code == fault.Invalid:
		return nil
	case err != nil:
		return err
	}
	if c.mail = p.sent[c.letter]; c.mail == nil {
		return nil
	}
	desk := *b.desk
	desk.Systems = slices.Concat(copySystems, desk.Systems)
	c.Message, err = mail.Desk{Desk: &desk, Zone: desk.Organisation.Zone()}.Render(catalog.For(c.lang), c.mail)
	return err
}

// text is the letter as the book prints it.
func (c *combination) text() string {
	return "Subject: " + c.Subject + "\n\n" + strings.TrimRight(c.Text, "\n")
}

// request is the one that a letter is about; none where it is about several.
func (c *combination) request() request.Request {
	l, _ := c.mail.(mail.RequestLetter)
	return l.Request
}

// leaf is what stands under one heading: the same letter and case for the same kinds, at all places.
func (c *combination) sameLeaf(o *combination) bool {
	return c.lang == o.lang && c.letter == o.letter && c.name == o.name && slices.Equal(c.asked, o.asked)
}

// leaves are the combinations by heading.
func (b *book) leaves() [][]combination {
	var all [][]combination
	for from := 0; from < len(b.all); {
		to := from
		for to < len(b.all) && b.all[to].sameLeaf(&b.all[from]) {
			to++
		}
		all, from = append(all, b.all[from:to]), to
	}
	return all
}

func kindNames(t *catalog.Texts, kinds []intake.Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, t.Text("kind."+string(k)))
	}
	if len(names) == 0 {
		return "no kind is known"
	}
	return strings.Join(names, " + ")
}

func titleOf(t outbox.Template) string {
	for _, part := range titles {
		if part.letter == t {
			return part.title
		}
	}
	return string(t)
}
