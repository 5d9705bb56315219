package main

import (
	"strings"
	"unicode/utf8"
)

// pageWidth is how many columns the text takes: a wide terminal, or a landscape page.
const pageWidth = 120

// table is rows of cells, the first its heading.
type table [][]string

const between = "  "

// text sets the table in so many columns, its cells wrapped, a line free between the rows.
func (t table) text(width int) string {
	widths := t.widths(width)
	head := set(t[0], widths) + rule(widths)
	rows := make([]string, len(t)-1)
	for i, row := range t[1:] {
		rows[i] = set(row, widths)
	}
	return head + strings.Join(rows, "\n")
}

// set is one row.
func set(row []string, widths []int) string {
	cells, height := make([][]string, len(row)), 0
	for c, cell := range row {
		cells[c] = wrap(cell, widths[c])
		height = max(height, len(cells[c]))
	}
	var b strings.Builder
	for line := range height {
		parts := make([]string, len(row))
		for c := range row {
			text := ""
			if line < len(cells[c]) {
				text = cells[c][line]
			}
			parts[c] = text + strings.Repeat(" ", widths[c]-utf8.RuneCountInString(text))
		}
		b.WriteString(strings.TrimRight(strings.Join(parts, between), " ") + "\n")
	}
	return b.String()
}

func rule(widths []int) string {
	parts := make([]string, len(widths))
	for i, w := range widths {
		parts[i] = strings.Repeat("-", w)
	}
	return strings.Join(parts, between) + "\n"
}

// widths gives each column what its longest cell needs, and where that is too much takes from the widest.
func (t table) widths(width int) []int {
	widths := make([]int, len(t[0]))
	total := len(between) * (len(widths) - 1)
	for c := range widths {
		for _, row := range t {
			widths[c] = max(widths[c], utf8.RuneCountInString(row[c]))
		}
		total += widths[c]
	}
	for ; total > width; total-- {
		widest := 0
		for c := range widths {
			if widths[c] > widths[widest] {
				widest = c
			}
		}
		widths[widest]--
	}
	return widths
}

// wrap breaks a text at its spaces, and a word that is too long anywhere.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > width {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			letters := []rune(word)
			lines, word = append(lines, string(letters[:width])), string(letters[width:])
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

func (t table) markdown() string {
	var b strings.Builder
	for i, row := range t {
		cells := make([]string, len(row))
		for c, cell := range row {
			cells[c] = strings.ReplaceAll(cell, "|", `\|`)
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("| --- ", len(row)) + "|\n")
		}
	}
	return b.String()
}
