package inbox

import (
	"slices"
	"strings"

	"privacydesk/shared/domain/person"
)

// Authors are the mailboxes that the From fields name, each once. clear is
// false where a field names a mailbox that cannot be read, so that nobody
// knows whether there is another author.
//
// The fields are read as mailers write them, not as RFC 5322 section 3.4 has
// them: a display name may hold commas, brackets, quotation marks that do not
// end, or an address. An address within a display name, a quoted string, a
// comment or an encoded word is no author.
func (m Message) Authors() (all []person.Address, clear bool) {
	return mailboxes(m.values("From"))
}

func mailboxes(fields []string) (all []person.Address, clear bool) {
	clear = true
	for _, field := range fields {
		for _, spec := range specs(unfold(field)) {
			a, err := person.Parse(spec)
			if err != nil {
				clear = false
			} else if !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	return all, clear
}

// specs are the texts of a field that stand where an address does.
func specs(field string) []string {
	var found []string
	for _, mailbox := range split(outside(field)) {
		if spec, there := mailbox.spec(); there {
			found = append(found, spec)
		}
	}
	return found
}

// piece is a stretch of a field: in angle brackets, or plain text without
// comments. In plain text a quoted string is reduced to quote.
type piece struct {
	text  string
	angle bool
}

// quote stands for a quoted string in plain text: no address holds it.
const quote = "\\"

// outside takes a field apart and drops quoted strings and comments. A
// quotation mark, parenthesis or angle bracket that does not end is a letter
// of a name, save that "<a@example.com" may run to the end.
func outside(field string) []piece {
	var pieces []piece
	var plain strings.Builder
	flush := func() {
		pieces = append(pieces, piece{text: plain.String()})
		plain.Reset()
	}
	for i := 0; i < len(field); {
		n := enclosed(field[i:])
		switch {
		case n == 0:
			plain.WriteByte(field[i])
			i++
			continue
		case field[i] == '"':
			plain.WriteString(quote)
		case field[i] == '<':
			flush()
			pieces = append(pieces, piece{strings.TrimRight(strings.TrimLeft(field[i:i+n], "<"), ">"), true})
		default: // a comment, which counts as white space
			plain.WriteByte(' ')
		}
		i += n
	}
	flush()
	return pieces
}

// enclosed is the length of the quoted string, comment or angle brackets that
// a text begins with, 0 for none.
func enclosed(text string) int {
	switch text[0] {
	case '"':
		return closing(text, "")
	case '(':
		return closing(text, "(")
	case '<':
		return angle(text)
	}
	return 0
}

// angle is the length of "<…>". Within it, a quoted string may hold a ">".
func angle(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			if n := closing(text[i:], ""); n > 0 {
				i += n - 1
			}
		case '<':
			if strings.Trim(text[:i], "<") != "" {
				return 0 // a "<" of the name
			}
		case '>':
			for i+1 < len(text) && text[i+1] == '>' {
				i++
			}
			return i + 1
		}
	}
	if strings.ContainsAny(text, `,;"()`) || !strings.Contains(text, "@") {
		return 0
	}
	return len(text)
}

// closing is the length up to the mark that ends what text begins with; what
// opens may nest. Backslashes quote (RFC 5322 section 3.2.1).
func closing(text, nests string) int {
	end := byte('"')
	if nests != "" {
		end = ')'
	}
	depth := 1
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == end:
			if depth--; depth == 0 {
				return i + 1
			}
		case nests != "" && c == nests[0]:
			depth++
		}
	}
	return 0
}

// written is one mailbox as it is written: its pieces up to a comma.
type written []piece

// split divides pieces at the commas and at the signs of a group (RFC 5322
// section 3.4). A comma of a name that is not quoted divides too, which does
// no harm: "Doe" alone is no address.
func split(pieces []piece) []written {
	var all []written
	var one written
	for _, p := range pieces {
		if p.angle {
			one = append(one, p)
			continue
		}
		for i, part := range strings.FieldsFunc(" "+p.text+" ", func(r rune) bool { return strings.ContainsRune(",;:", r) }) {
			if i > 0 {
				all, one = append(all, one), nil
			}
			one = append(one, piece{text: part})
		}
	}
	return append(all, one)
}

// spec is the address of one mailbox: what stands in angle brackets, else the
// text itself where it is one word.
func (w written) spec() (string, bool) {
	var angles []string
	var plain strings.Builder
	for _, p := range w {
		switch {
		case p.angle && strings.Contains(p.text, "@"):
			angles = append(angles, bareSpec(p.text))
		case !p.angle:
			plain.WriteString(p.text)
		}
	}
	angles = slices.Compact(angles)
	switch {
	case len(angles) == 1:
		return angles[0], true
	case len(angles) > 1:
		return "", true // of two, nobody knows which
	}
	text := bareSpec(plain.String())
	if quoted := strings.TrimSuffix(strings.TrimPrefix(text, "'"), "'"); len(quoted) == len(text)-2 {
		text = quoted
	}
	return text, strings.Contains(text, "@")
}

// bareSpec is the text of an address without comments, the route that RFC 5322
// section 4.4 still lets be read, "mailto:", white space around its "@" and
// dots, and quotation marks that a local part does not need.
func bareSpec(text string) string {
	var plain strings.Builder
	for i := 0; i < len(text); {
		if n := enclosed(text[i:]); text[i] == '(' && n > 0 {
			plain.WriteByte(' ')
			i += n
			continue
		}
		plain.WriteByte(text[i])
		i++
	}
	text = strings.TrimSpace(plain.String())
	if strings.HasPrefix(text, "@") {
		if _, after, routed := strings.Cut(text, ":"); routed {
			text = after
		}
	}
	if len(text) > len("mailto:") && strings.EqualFold(text[:len("mailto:")], "mailto:") {
		text = text[len("mailto:"):]
	}
	for _, sign := range []string{"@", "."} {
		parts := strings.Split(text, sign)
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		text = strings.Join(parts, sign)
	}
	if local, domain, found := strings.Cut(text, "\"@"); found && strings.HasPrefix(local, "\"") && !strings.ContainsAny(local[1:], `"\@ `) {
		text = local[1:] + "@" + domain
	}
	return text
}
