package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"privacydesk/shared/adapter/catalog"
)

const preface = `# Every letter that %s sends about privacy

For counsel. Printed by make letters for requests that come on %s, under the law in force on that day.
%s.

How to read it. The letters come language by language; in each, letter by letter, then by case, then by what is asked for. Each
is printed whole once, as the first place under it gets it. Below stand the other places, with the paragraphs that differ there:
the paragraph after - falls out, those after + take its place. Places that differ in nothing are named together. An answer names the
grounds that an officer gives; here it names all that can be given at the place, each with the clause that it cites.
Names, numbers, addresses and dates are samples. The organisation's own settings are those of desk.yaml.

`

// print writes the book as Markdown.
func (b *book) print(w io.Writer) {
	say := func(format string, values ...any) { _, _ = fmt.Fprintf(w, format, values...) }
	say(preface, b.desk.Organisation.LegalName, catalog.For(catalog.Default).Date(b.at), b.summary())
	leaves := b.leaves()
	b.contents(say, leaves)
	b.placeTable(say)
	for i, leaf := range leaves {
		c := leaf[0]
		if i == 0 || leaves[i-1][0].lang != c.lang {
			say("\n# %s\n", catalog.Name(c.lang))
		}
		if i == 0 || leaves[i-1][0].letter != c.letter || leaves[i-1][0].lang != c.lang {
			say("\n## %s\n", titleOf(c.letter))
		}
		say("\n### %d. %s: %s\n\n", i+1, c.name, kindNames(catalog.For(c.lang), c.asked))
		printLeaf(say, leaf)
	}
	b.optIns(say)
}

func (b *book) contents(say func(string, ...any), leaves [][]combination) {
	say("## Contents\n\nThe places: the table below.\n\n")
	for i, leaf := range leaves {
		c := leaf[0]
		if i == 0 || leaves[i-1][0].letter != c.letter || leaves[i-1][0].lang != c.lang {
			say("- %s, %s: from %d\n", catalog.Name(c.lang), titleOf(c.letter), i+1)
		}
	}
	say("- All languages: to come back after an opt-out, and one's own links (at the end)\n")
}

func (b *book) placeTable(say func(string, ...any)) {
	say("\n## Places\n\nPeople of the places of one row are told the same.\n\n")
	for _, g := range b.groups {
		var names []string
		for _, p := range g.places {
			names = append(names, nameOf(p))
		}
		say("- **%s**: %s\n", g.name(), strings.Join(names, "; "))
	}
}

// printLeaf prints the first letter whole, and of the others what differs.
func printLeaf(say func(string, ...any), leaf []combination) {
	first, changes := differences(leaf)
	say("%s:\n\n```text\n%s\n```\n", strings.Join(first, "; "), leaf[0].text())
	for _, c := range changes {
		say("\n%s:\n\n```diff\n%s```\n", strings.Join(c.places, "; "), c.words)
	}
}

// change is what a letter says elsewhere instead.
type change struct {
	words  string
	places []string
}

// differences names the places whose letter is the first, and for each paragraph that differs the places that have it.
func differences(leaf []combination) (same []string, all []change) {
	base := paragraphs(leaf[0].text())
	for _, c := range leaf {
		found := diff(base, paragraphs(c.text()))
		if len(found) == 0 {
			same = append(same, c.place.name())
		}
		for _, words := range found {
			i := slices.IndexFunc(all, func(o change) bool { return o.words == words })
			if i < 0 {
				i, all = len(all), append(all, change{words: words})
			}
			all[i].places = append(all[i].places, c.place.name())
		}
	}
	return same, all
}

// paragraphs splits a letter; each item of a list is one, and each fact.
func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\n- ", "\n\n- "), "\n\n") {
		if lines := strings.Split(p, "\n"); !slices.ContainsFunc(lines, func(l string) bool { return !fact.MatchString(l) }) {
			all = append(all, lines...)
			continue
		}
		all = append(all, strings.TrimLeft(p, "\n"))
	}
	return all
}

// fact is a line such as "Answer by: 7 January 2027".
var fact = regexp.MustCompile(`^[^ ].{1,30}: .`)

// diff returns the runs of paragraphs in which a letter differs from another, by their longest common subsequence.
func diff(a, b []string) []string {
	n := make([][]int, len(a)+1)
	for i := range n {
		n[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if n[i][j] = max(n[i+1][j], n[i][j+1]); a[i] == b[j] {
				n[i][j] = n[i+1][j+1] + 1
			}
		}
	}
	var runs []string
	var run strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			if i, j = i+1, j+1; run.Len() > 0 {
				runs = append(runs, run.String())
				run.Reset()
			}
		case j == len(b) || i < len(a) && n[i+1][j] >= n[i][j+1]:
			marked(&run, "- ", a[i])
			i++
		default:
			marked(&run, "+ ", b[j])
			j++
		}
	}
	if run.Len() > 0 {
		runs = append(runs, run.String())
	}
	return runs
}

// marked writes a paragraph; of one that falls out, which stands above, its first line.
func marked(out *strings.Builder, mark, paragraph string) {
	lines := strings.Split(paragraph, "\n")
	if mark == "- " && len(lines) > 1 {
		lines = []string{lines[0] + " …"}
	}
	for _, line := range lines {
		out.WriteString(mark + line + "\n")
	}
}

func (b *book) summary() string {
	distinct := map[string]bool{}
	for _, c := range b.all {
		distinct[c.lang+c.text()] = true
	}
	return fmt.Sprintf("It holds %d combinations of letter, case, kind, place and language, of which %d differ, under %d headings; %d groups of places",
		len(b.all), len(distinct), len(b.leaves()), len(b.groups))
}
