// Package catalog holds every sentence that a person reads, in each language we speak.
//
// Each language is a folder with one file per subject: decisions.json holds what a refusal says. All keys that
// begin alike ("outcome.") stand in one file, the same one in every language.
//
// Texts are looked up by key; values go in by name: t.Text("landing.title", "name", org). Texts that count
// something come in two forms, "key.one" and "key.other", chosen by Plural. A language's files are parsed when
// its first text is asked for, because a cold start should pay for one language at most.
//
// It must not know pages, mails or the law, must not produce markup, and must not escape: whoever prints a
// text escapes it for the place where it goes.
package catalog

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// Default is the language of anybody who asks for none that we speak.
const Default = "en"

//go:embed en/*.json es/*.json de/*.json
var files embed.FS

// A language is its code, the name it gives itself, and its texts, read once when they are first needed.
type language struct {
	code, name string
	load       func() *Texts
}

var languages = []language{
	{"en", "English", sync.OnceValue(func() *Texts { return load("en") })},
	{"es", "Español", sync.OnceValue(func() *Texts { return load("es") })},
	{"de", "Deutsch", sync.OnceValue(func() *Texts { return load("de") })},
}

// Texts are all sentences of one language. They are safe for use by many goroutines.
type Texts struct {
	lang    string
	entries map[string]string
	variant string // what the keys begin with that go before those of their name
}

// Variant returns the same texts, but for those of which there is another under a prefix: "paper." for a letter that
// is posted.
func (t *Texts) Variant(prefix string) *Texts { return &Texts{t.lang, t.entries, prefix} }

// Languages lists the codes of the languages we speak, the default first.
func Languages() []string {
	codes := make([]string, len(languages))
	for i, l := range languages {
		codes[i] = l.code
	}
	return codes
}

// Name is what a language calls itself ("Deutsch"), empty for one that we do not speak.
func Name(lang string) string {
	for _, l := range languages {
		if l.code == lang {
			return l.name
		}
	}
	return ""
}

// For returns the texts of a language ("en", "es", "de"), those of the default for any other code.
func For(lang string) *Texts {
	for _, l := range languages {
		if l.code == lang {
			return l.load()
		}
	}
	return languages[0].load()
}

// load reads the files of a language into one map. It panics on a broken file: the files are part of the binary, and
// the tests read every one.
func load(lang string) *Texts {
	t := &Texts{lang: lang}
	names, err := files.ReadDir(lang)
	if err != nil {
		panic(fmt.Sprintf("catalog: %s: %v", lang, err))
	}
	for _, file := range names {
		raw, err := files.ReadFile(lang + "/" + file.Name())
		if err == nil {
			err = json.Unmarshal(raw, &t.entries)
		}
		if err != nil {
			panic(fmt.Sprintf("catalog: %s/%s: %v", lang, file.Name(), err))
		}
	}
	return t
}

// Lang is the language's code, as HTML's lang attribute and Content-Language want it.
func (t *Texts) Lang() string { return t.lang }

// Text is the sentence of a key, each {placeholder} replaced by the value that follows its name in pairs:
// t.Text("landing.title", "name", "Biosero"). A key that does not exist shows as ⟦key⟧; tests look for that.
func (t *Texts) Text(key string, pairs ...string) string {
	text, ok := t.entries[key]
	if own, varies := t.entries[t.variant+key]; varies {
		text = own
	}
	if !ok {
		return "⟦" + key + "⟧"
	}
	return fill(text, pairs)
}

// Named is the text of a coded thing, found under its group and code ("kind." and "access"). A code that the
// catalogue has no words for shows as itself.
func (t *Texts) Named(group, code string) string {
	if !t.Has(group + code) {
		return code
	}
	return t.Text(group + code)
}

// Has tells whether the catalogue has a text for a key.
func (t *Texts) Has(key string) bool {
	_, ok := t.entries[key]
	return ok
}

// Scope names what an opt-out is about: a whole channel ("email", "sms", "phone", "post"), or one topic of
// e-mail by its title ("email/newsletter"; the title comes from desk.yaml, without one the id is shown).
func (t *Texts) Scope(scope, title string) string {
	channel, topic, isTopic := strings.Cut(scope, "/")
	if title == "" {
		title = topic
	}
	if isTopic {
		return t.Text("scope.topic", "topic", title)
	}
	return t.Text("scope." + channel)
}

// fill replaces placeholders in one pass, so that a value which looks like a placeholder stays as it is.
func fill(text string, pairs []string) string {
	if len(pairs) < 2 {
		return text
	}
	braced := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		braced = append(braced, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(braced...).Replace(text)
}
