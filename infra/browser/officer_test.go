//go:build browser

package browser

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// opened is a request that waits for its answer.
type opened struct{ address, file string }

var reference = regexp.MustCompile(`PD(-[0-9A-Z]{4}){4}`)

// asks has a new person ask for something. The request is open, and nobody doubts whose it is.
func (b *tab) asks(fields map[string]any) opened {
	b.Helper()
	a := opened{address: newAddress()}
	body := map[string]any{"address": a.address, "name": "Tricia McMillan"}
	for name, value := range fields {
		body[name] = value
	}
	var answer json.RawMessage
	b.call(http.MethodPost, desk.URL+"/api/requests", inJSON(body), &answer)
	id := reference.FindString(string(answer))
	b.call(http.MethodPost, desk.URL+"/api/requests/"+id+"/verify", `{"checked":["call_back"]}`, &answer)
	a.file = "/desk/requests/" + id
	return a
}

func inJSON(value any) string {
	text, _ := json.Marshal(value) // of maps and strings
	return string(text)
}

// another opens a browser of its own, on the same device, in which a person of the local provider has logged in.
func (b *tab) another(person, path string) *tab {
	b.Helper()
	t, ok := b.TB.(*testing.T)
	if !ok {
		b.Fatal("only a test can open a browser")
	}
	c := open(t, b.setting)
	c.signIn(person, path)
	return c
}

// drafts answers each kind on the form, and goes on to the letter.
func (b *tab) drafts(a opened, answers ...answer) {
	b.Helper()
	b.answered(b.visit(a.file+"/decide"), 200)
	for _, one := range answers {
		b.click(`input[name="outcome.` + one.kind + `"][value="` + one.outcome + `"]`)
		if one.ground != "" {
			b.click(`input[name="ground.` + one.kind + `"][value="` + one.ground + `"]`)
		}
		if one.explanation != "" {
			b.types(`textarea[name="explanation.`+one.kind+`"]`, one.explanation)
		}
	}
	b.answered(b.press(`button[name="do"][value="show"]`), 200)
	if got := b.path(); got != a.file+"/letter" {
		b.Fatalf("the draft leads to %s", got)
	}
}

// answer is what an officer answers to one kind.
type answer struct{ kind, outcome, ground, explanation string }

// sends sends the letter that is shown.
func (b *tab) sends() {
	b.Helper()
	b.answered(b.press(`button[name="when"][value="now"]`), 200)
}

// signs reads what a colleague asks to be signed, from its file, and signs it.
func (b *tab) signs(a opened) {
	b.Helper()
	b.answered(b.visit(a.file), 200)
	b.answered(b.press(`a[href="`+a.file+`/sign"]`), 200)
	b.look("desk-sign")
	b.answered(b.press(`form[action="`+a.file+`/sign"] button`), 200)
	b.says("This letter goes on")
}

// wordsOf is the text of a piece of the page, but for what stands in some of its elements. Where lines end the words
// of a page and of a mail have commas or not.
func (b *tab) wordsOf(piece, without string) string {
	b.Helper()
	return ask[string](b, `(() => {
		const piece = document.querySelector(`+inJSON(piece)+`).cloneNode(true);
		for (const e of piece.querySelectorAll(`+inJSON(without)+`)) e.remove();
		const words = [], walk = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) words.push(...walk.currentNode.data.split(/\s+/).map(w => w.replace(/,$/, "")).filter(w => w));
		return words.join(" ");
	})()`)
}

// letterShown is the letter in the person's language, as the desk shows it.
func (b *tab) letterShown() string {
	b.Helper()
	return b.wordsOf(".letter div[lang]", "u, u + small")
}

// letterSent is a letter as a mailbox shows it, without the sender above it.
func (b *tab) letterSent(m letter) string {
	b.Helper()
	b.visit(desk.AWS + "/mailbox/" + m.ID + "/html")
	return b.wordsOf("body", "p:has(+ h1), a, table[role=presentation] + p")
}

// minutes pass, for the desk and the provider.
func minutes(t *testing.T, move string) {
	t.Helper()
	response, err := http.Post(desk.AWS+"/clock", "text/plain", strings.NewReader(move))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if said, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, said)
	}
}

// onTwo are settings that differ in device and script.
func onTwo(s setting) bool { return s == settings["phone without script"] || s == settings["desktop"] }
