package access

import (
	"bytes"
	"regexp"
	"slices"
)

// scanNumbers finds numbers that need no label: Social Security numbers with their
// hyphens, payment cards and IBANs by their checksums.
func scanNumbers(text []byte, found map[string]bool) {
	for i := 0; i < len(text); i++ {
		if !alphanumeric(text[i]) || i > 0 && joins(text[i-1]) {
			continue
		}
		if digit(text[i]) {
			groups, end := run(text, i)
			found[socialSecurity] = found[socialSecurity] || hyphenated(groups)
			found[financialAccount] = found[financialAccount] || card(groups)
			i = end
		} else if isIBAN(text[i:]) {
			found[financialAccount] = true
		}
	}
}

// group is a group of digits, with what stands between it and the next.
type group struct {
	digits []byte
	next   byte // ' ' or '-' before another group, '!' before what makes it part of a word; 0: it ends
}

// run reads groups of digits that single blanks or hyphens part, and returns where they end.
func run(text []byte, i int) (groups []group, end int) {
	for {
		start := i
		for i < len(text) && digit(text[i]) {
			i++
		}
		g := group{digits: text[start:i]}
		more := i+1 < len(text) && (text[i] == ' ' || text[i] == '-') && digit(text[i+1])
		switch {
		case more:
			g.next = text[i]
		case i < len(text) && (alphanumeric(text[i]) || text[i] == '_' || text[i] == '-' && i+1 < len(text) && alphanumeric(text[i+1])):
			g.next = '!'
		}
		if groups = append(groups, g); !more {
			return groups, i
		}
		i++
	}
}

// hyphenated reports a whole run that has the form of a Social Security number: none
// begins with 000, 666 or 9, and no part of one is zero.
func hyphenated(g []group) bool {
	return shaped(g, []int{3, 2, 4}) && g[0].next == '-' && g[2].next == 0 && socialSecurityNumber(slices.Concat(g[0].digits, g[1].digits, g[2].digits))
}

func socialSecurityNumber(nine []byte) bool {
	if len(nine) != 9 || alike(nine) || bytes.ContainsFunc(nine, func(r rune) bool { return r < '0' || r > '9' }) {
		return false
	}
	area, middle, last := string(nine[:3]), string(nine[3:5]), string(nine[5:])
	return area != "000" && area != "666" && area[0] != '9' && middle != "00" && last != "0000"
}

// shapes are how the digits of cards are written.
var shapes = [][]int{{16}, {4, 4, 4, 4}, {15}, {4, 6, 5}, {14}, {4, 6, 4}, {19}, {4, 4, 4, 4, 3}}

// card reports a run with the number of a payment card in it. Groups that hyphens join
// are one number; blanks may part columns.
func card(g []group) bool {
	for i := range g {
		if i > 0 && g[i-1].next == '-' {
			continue
		}
		for _, shape := range shapes {
			if len(shape) <= len(g)-i && shaped(g[i:i+len(shape)], shape) && issued(g[i:i+len(shape)]) {
				return true
			}
		}
	}
	return false
}

// shaped reports groups of these lengths with one sign between all.
func shaped(g []group, lengths []int) bool {
	if len(g) != len(lengths) {
		return false
	}
	for i, n := range lengths {
		if len(g[i].digits) != n || i > 0 && i < len(g)-1 && g[i].next != g[0].next {
			return false
		}
	}
	return true
}

// issuers are how the numbers of payment cards begin, with their lengths.
var issuers = regexp.MustCompile(`^(?:4\d{15}|4\d{18}|(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\d+|3[47]\d{13}|(?:30[0-5]|3[689])\d+|35(?:2[89]|[3-8])\d+|(?:6011|64[4-9]|65)\d+|62\d+)$`)

func issued(g []group) bool {
	if last := g[len(g)-1].next; last != 0 && last != ' ' {
		return false
	}
	var number []byte
	for _, part := range g {
		number = append(number, part.digits...)
	}
	return !alike(number) && issuers.Match(number) && luhn(number) && fits(number)
}

// fits refuses lengths that the issuer does not use.
func fits(number []byte) bool {
	switch len(number) {
	case 14:
		return number[0] == '3'
	case 15:
		return number[0] == '3' && (number[1] == '4' || number[1] == '7')
	case 19:
		return number[0] == '4' || number[0] == '6'
	}
	return !(number[0] == '3' && (number[1] == '4' || number[1] == '7'))
}

// luhn is the checksum of payment cards (ISO/IEC 7812-1).
func luhn(number []byte) bool {
	sum := 0
	for i, d := range number {
		n := int(d - '0')
		if (len(number)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

func alike(number []byte) bool { return bytes.Count(number, number[:1]) == len(number) }

func digit(b byte) bool { return b >= '0' && b <= '9' }

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

func alphanumeric(b byte) bool { return digit(b) || letter(b) }

// joins reports a sign that makes what follows part of what is before it: of a word, of a
// telephone number with its country, of a longer number.
func joins(b byte) bool { return alphanumeric(b) || bytes.IndexByte([]byte("+-_./@"), b) >= 0 }
