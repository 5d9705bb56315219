package inbox

import (
	"regexp"
	"slices"
	"strings"
)

// Intent is what a mail to privacy@… asks for, as far as its subject line tells.
type Intent string

// The intents.
const (
	Erase    Intent = "erase"
	See      Intent = "see"
	Correct  Intent = "correct"
	Carry    Intent = "carry"    // portability
	Restrict Intent = "restrict" // the processing
	Withdraw Intent = "withdraw" // consent
	Object   Intent = "object"   // to marketing
	Contest  Intent = "contest"  // the processing, which need not be marketing alone
	NoSale   Intent = "no-sale"
	NoRobot  Intent = "no-robot" // no decisions without a human
	Complain Intent = "complain" // about how data is treated
)

// Intents are what a subject asks for, each once. Of those in Maybe nobody can
// tell whether they are meant: one stands in a question, behind a "not", or
// beside nothing that it could be about. Nothing is to be guessed from them.
type Intents struct{ Sure, Maybe []Intent }

// None reports whether the subject asks for nothing that is known.
func (w Intents) None() bool { return len(w.Sure)+len(w.Maybe) == 0 }

// Clear reports whether the subject says all that it asks for.
func (w Intents) Clear() bool { return len(w.Sure) > 0 && len(w.Maybe) == 0 }

// beyondLeaving reports whether something is asked for that an opt-out from
// mail does not fulfil.
func (w Intents) beyondLeaving() bool {
	return slices.ContainsFunc(w.Sure, func(intent Intent) bool { return intent != Object })
}

// maxRead is how much of a subject is read, in bytes.
const maxRead = 1000

// IntentsOf reads a subject line, sentence by sentence. A sentence with a "not"
// is read clause by clause: "Do NOT delete my account, send me my data" asks
// for the data alone.
func IntentsOf(subject string) Intents {
	var r reading
	v := vocabularyOf()
	text := v.lead.ReplaceAllString(fold(subject[:min(len(subject), maxRead)]), "")
	text = v.compound.ReplaceAllString(v.late.ReplaceAllString(text, " $1"), "plan")
	for _, s := range sentences(text) {
		r.sentence(s)
	}
	if len(r.sure) == 0 {
		r.maybe = append(r.maybe, r.negated...)
	}
	w := Intents{Sure: each(r.sure)}
	w.Maybe = slices.DeleteFunc(each(r.maybe), func(intent Intent) bool { return slices.Contains(w.Sure, intent) })
	return w
}

// reading is what has been read so far.
type reading struct{ sure, maybe, negated []Intent }

func (r *reading) sentence(s string) {
	into := &r.sure
	if asks(s) || vocabularyOf().doubt.MatchString(s) {
		into = &r.maybe
	}
	for _, stop := range vocabularyOf().stops {
		if stop.words.MatchString(s) {
			*into = append(*into, stop.intent)
			s = stop.words.ReplaceAllString(s, " ")
		}
	}
	s = vocabularyOf().ratherThan.ReplaceAllString(s, ", not ")
	if s = vocabularyOf().notNot.ReplaceAllString(s, " "); !vocabularyOf().not.MatchString(s) {
		r.clause(s, into, &r.maybe)
		return
	}
	for _, clause := range vocabularyOf().between.Split(s, -1) {
		if vocabularyOf().not.MatchString(clause) {
			r.clause(clause, &r.negated, &r.negated)
		} else {
			r.clause(clause, into, &r.maybe)
		}
	}
}

// clause reads one clause; what it says goes into strong, what it may mean into
// weak.
func (r *reading) clause(c string, strong, weak *[]Intent) {
	c = strings.TrimSpace(c)
	for _, p := range vocabularyOf().intents {
		switch sure := p.strong.MatchString(c); {
		case p.intent == Contest && slices.Contains(*strong, Object): // it has been read more exactly
		case sure && !elsewhere(p.intent, c):
			*strong = append(*strong, p.intent)
		case sure, p.weak != nil && p.weak.MatchString(c):
			*weak = append(*weak, p.intent)
		}
	}
	for _, part := range vocabularyOf().between.Split(c, -1) {
		if vocabularyOf().give.MatchString(part) && !vocabularyOf().business.MatchString(part) && !slices.ContainsFunc(vocabularyOf().intents, func(p pattern) bool { return p.strong.MatchString(part) }) {
			*strong = append(*strong, See)
		}
	}
}

// elsewhere reports whether a clause is about something else than personal
// data or marketing: an order, a contract, a fine. An objection to something
// unnamed may be one to an invoice, too.
func elsewhere(w Intent, clause string) bool {
	v := vocabularyOf()
	if w == Object || w == NoSale {
		return (v.business.MatchString(clause) || v.leaving.MatchString(clause)) && !v.letters.MatchString(clause)
	}
	return (v.business.MatchString(clause) || w == Contest && v.against.MatchString(clause)) && !v.about.MatchString(clause)
}

// asks reports whether a sentence asks something about an intent, which need not
// be one: "How do I …?", "Have you deleted …?", but not "Can you delete …?".
func asks(s string) bool {
	return vocabularyOf().question.MatchString(s) || strings.HasSuffix(s, "?") && !vocabularyOf().polite.MatchString(s)
}

// sentences divides a text at the marks that end one, and keeps "?".
func sentences(text string) []string {
	var all []string
	for len(text) > 0 {
		end := len(text)
		if at := vocabularyOf().stop.FindStringIndex(text); at != nil {
			end = at[1]
		}
		all, text = append(all, strings.Trim(text[:end], " .!;\"'¿¡")), text[end:]
	}
	return all
}

// fold writes a text without accents, capitals and short forms, so that one
// spelling of a word finds all.
func fold(text string) string {
	text = plainLetters.Replace(strings.ToLower(text))
	return vocabularyOf().short.ReplaceAllString(text, "$1 ")
}

var plainLetters = strings.NewReplacer(
	"ä", "a", "ö", "o", "ü", "u", "ß", "ss", "a\u0308", "a", "o\u0308", "o", "u\u0308", "u", "\u0301", "", "\u0303", "",
	"á", "a", "à", "a", "â", "a", "ã", "a", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i", "ï", "i",
	"ó", "o", "ò", "o", "ô", "o", "õ", "o", "ú", "u", "ù", "u", "û", "u", "ç", "c", "ñ", "n", "’", "'", "‘", "'",
	"n't", " not", "n’t", " not", " dont ", " do not ", "\u00a0", " ", "_", " ", "\t", " ",
)

func each(list []Intent) []Intent {
	var once []Intent
	for _, w := range list {
		if !slices.Contains(once, w) {
			once = append(once, w)
		}
	}
	return once
}

// command reports whether a subject is nothing but the order to unsubscribe,
// as mail clients write it.
func command(subject string) bool {
	return slices.Contains(commands, strings.Trim(fold(subject), " .!-"))
}

var commands = []string{
	"unsubscribe", "unsubscribe me", "remove", "remove me", "stop", "opt-out", "opt out", "optout", "abmelden", "abmeldung", "abbestellen",
	"austragen", "baja", "darse de baja", "dar de baja", "desuscribir", "desabonner", "se desabonner", "desinscription", "disiscrivi", "annulla iscrizione",
	"cancelar inscricao", "descadastrar", "afmelden", "uitschrijven",
}

// pattern finds an intent: strong in words that leave no doubt, weak in words that
// may be about something else.
type pattern struct {
	intent       Intent
	strong, weak *regexp.Regexp
}
