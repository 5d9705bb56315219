package inbox

import (
	"regexp"
	"slices"
	"strings"
)

// referencePattern takes a request's reference as people copy it: in any case,
// with other dashes, spaces or none between its groups.
var referencePattern = regexp.MustCompile(`(?i)\bPD[\s\p{Pd}]*([0-9A-Z]{4})[\s\p{Pd}]*([0-9A-Z]{4})[\s\p{Pd}]*([0-9A-Z]{4})[\s\p{Pd}]*([0-9A-Z]{4})\b`)

// misread are letters that Crockford's base 32 leaves out, for the digits that
// they are taken for.
var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// Threads are the message ids that stand for all letters of a request, those
// of a few requests where a letter is about several. Each letter names them in
// References, so that mail clients show them together, and so does every answer.
// SES gives letters message ids of its own, which nobody knows before. host
// makes these the desk's own (RFC 5322 section 3.6.4).
func Threads(host string, references ...string) string {
	var ids []string
	for _, reference := range references[:min(len(references), maxCited)] {
		ids = append(ids, "<"+reference+"@"+host+">")
	}
	return strings.Join(ids, " ")
}

const maxCited = 5

// threaded are the references in the fields by which a reply names the letters
// before it.
func threaded(m Message) []string {
	return references(strings.Join(append(m.values("In-Reply-To"), m.values("References")...), " "))
}

// references are those in a text, the first few.
func references(text string) []string {
	var all []string
	for _, groups := range referencePattern.FindAllStringSubmatch(text, -1) {
		reference := "PD-" + misread.Replace(strings.ToUpper(strings.Join(groups[1:], "-")))
		if !slices.Contains(all, reference) {
			all = append(all, reference)
		}
	}
	return all[:min(len(all), maxCited)]
}
