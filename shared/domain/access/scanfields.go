package access

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// names are how fields, columns and labels are called that hold what must never be
// disclosed, in lower case and without "number", "id" and the like at the end.
var names = map[string][]string{
	socialSecurity: {"ssn", "social security", "soc sec", "us ssn"},
	governmentID: {
		"drivers license", "driver license", "drivers licence", "driving licence", "driving license", "passport", "state id card", "national id", "national identity", "identity card", "itin", "taxpayer identification", "alien registration",
		"führerschein", "führerscheinnummer", "reisepass", "reisepassnummer", "personalausweis", "personalausweisnummer", "ausweisnummer",
		"pasaporte", "dni", "nie", "permiso de conducir", "carné de conducir", "licencia de conducir",
	},
	financialAccount: {
		"iban", "bank account", "account iban", "credit card", "debit card", "card pan", "payment card", "kontonummer", "bankkonto", "kreditkarte", "kreditkartennummer", "cuenta bancaria", "tarjeta de crédito", "número de cuenta",
	},
	healthID: {
		"health insurance", "health plan", "health plan member", "insurance member", "medicare", "medicaid", "medical record", "mrn", "patient", "krankenversichertennummer", "krankenversicherung", "versichertennummer", "tarjeta sanitaria",
	},
	password:         {"password", "passwd", "passphrase", "passwort", "kennwort", "contraseña"},
	securityQuestion: {"security question", "security answer", "secret question", "secret answer", "security question answer", "sicherheitsfrage", "sicherheitsantwort", "pregunta de seguridad", "respuesta de seguridad", "pregunta secreta", "respuesta secreta"},
	biometric:        {"fingerprint template", "fingerprint scan", "fingerprint data", "face template", "faceprint", "voiceprint", "iris scan", "iris template", "retina scan", "biometric", "biometrics", "biometric data", "biometric template", "biometrische daten", "datos biométricos"},
}

var kindsByName = func() map[string]string {
	all := map[string]string{}
	for kind, list := range names {
		for _, name := range list {
			all[name] = kind
		}
	}
	return all
}()

// tails are the last words of a name that say nothing of what it is.
var tails = []string{"number", "no", "nr", "num", "nummer", "id", "hash", "value", "text"}

// kindOf is what a field of that name holds; "": nothing of what is looked for.
func kindOf(name string) string {
	if len(name) > longestName {
		return ""
	}
	words := strings.Fields(wordsOf(name))
	for n := len(words); n > 0; n-- {
		if n < len(words) && !slices.Contains(tails, words[n]) && strings.Trim(words[n], "0123456789") != "" {
			return ""
		}
		for from := max(0, n-mostWords); from < n; from++ {
			if kind := kindsByName[strings.Join(words[from:n], " ")]; kind != "" {
				return kind
			}
		}
	}
	return ""
}

// The longest name, in characters, and its words that are looked at.
const (
	longestName = 60
	mostWords   = 4
)

// wordsOf parts a name into words in lower case: "driversLicense_No" has three.
func wordsOf(name string) string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		switch {
		case r == '\'' || r == '’':
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			b.WriteByte(' ')
		case unicode.IsUpper(r) && lower:
			b.WriteByte(' ')
			fallthrough
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		lower = unicode.IsLower(r)
	}
	return b.String()
}

// holds reports whether a value is one of its kind, and not empty, hidden or a remark.
func holds(kind, value string) bool {
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	switch kind {
	case socialSecurity:
		return socialSecurityNumber([]byte(strings.NewReplacer("-", "", " ", "").Replace(value)))
	case password, securityQuestion, biometric:
		if date.MatchString(value) { // when it was set
			return false
		}
		return strings.ContainsFunc(strings.Trim(value, "*•xX#-_. "), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) && !slices.Contains(voids, strings.ToLower(strings.Trim(value, "[]<>()- ")))
	}
	return identifies(value)
}

// voids are values that stand for none.
var voids = []string{"", "null", "nil", "none", "n/a", "na", "no", "yes", "true", "false", "0", "1", "unknown", "removed", "redacted", "hidden", "deleted", "not set", "set", "empty", "undefined", "entfernt", "geschwärzt", "keine", "nein", "ja", "eliminado", "ninguna", "sí"}

// identifies reports a number with at least five digits that is no date, and beside which
// no word stands.
func identifies(value string) bool {
	digits := 0
	for _, word := range strings.Fields(value) {
		n := strings.IndexFunc(word, func(r rune) bool { return r >= '0' && r <= '9' })
		if n < 0 && (len(word) > 2 || strings.ToUpper(word) != word) || strings.ContainsAny(word, "*•:@") || len(word) > 40 || date.MatchString(word) {
			return false
		}
		for i := range len(word) {
			if digit(word[i]) {
				digits++
			}
		}
	}
	return digits >= 5
}

var date = regexp.MustCompile(`^\(?\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\)?[.,]?$`)

// scanFields finds fields by their names: "ssn": "…", password = …, Passport no.: ….
func scanFields(line []byte, found map[string]bool) {
	for i := 0; i < len(line); i++ {
		if line[i] != ':' && line[i] != '=' {
			continue
		}
		if kind := kindOf(before(line[:i])); kind != "" && !found[kind] {
			found[kind] = holds(kind, after(line[i+1:]))
		}
	}
}

// before is the name that ends where a value begins.
func before(line []byte) string {
	line = bytes.TrimRight(line[max(0, len(line)-2*longestName):], " \"'`*")
	if i := bytes.LastIndexAny(line, "\",;{[(|\t<>=&?"); i >= 0 {
		line = line[i+1:]
	}
	return string(line[max(0, len(line)-longestName):])
}

// after is the value that begins behind a name.
func after(line []byte) string {
	line = bytes.TrimLeft(line[:min(len(line), longestValue)], " \t")
	signs := ",;|\t}]<&\r\n"
	if len(line) > 0 && line[0] == '"' {
		line, signs = line[1:], "\"\r\n"
	}
	if i := bytes.IndexAny(line, signs); i >= 0 {
		line = line[:i]
	}
	return string(line)
}

const longestValue = 200

// labels are what stands before a number in a sentence, and how each begins.
var (
	labels      = regexp.MustCompile(`(?i)^(ssn|social security|driver['’]?s? licen[cs]e|driving licen[cs]e|führerschein|permiso de conducir|licencia de conducir)(?:[ -]?(?:number|nummer|no\.?|nr\.?|num\.?|#|número))?[ :#]*(?:is|was|ist|lautet|es)?[ :#]*([a-z]{0,3}[0-9][0-9 -]{3,17}[0-9])\b`)
	labelBegins = []string{"ssn", "soci", "driv", "führ", "perm", "lice"}
)

const longestLabel = 100

func scanLabels(text []byte, found map[string]bool) {
	for i := range text {
		if !letter(text[i]) || i > 0 && alphanumeric(text[i-1]) {
			continue
		}
		for _, begin := range labelBegins {
			if end := min(len(text), i+longestLabel); i+len(begin) <= end && bytes.EqualFold(text[i:i+len(begin)], []byte(begin)) {
				if m := labels.FindSubmatch(text[i:end]); m != nil {
					kind := kindOf(string(m[1]))
					found[kind] = found[kind] || holds(kind, string(m[2]))
				}
			}
		}
	}
}

// scanColumns finds the columns of a table by its first row.
func scanColumns(text []byte, found map[string]bool) {
	text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\ufeff")), "\r\n\t ")
	head, _, _ := bytes.Cut(text, []byte("\n"))
	in := &rows{text: bytes.NewReader(text)}
	table := csv.NewReader(in)
	table.LazyQuotes, table.FieldsPerRecord, table.ReuseRecord = true, -1, true
	for _, sign := range ",;\t|" {
		if bytes.ContainsRune(head, sign) {
			table.Comma = sign
			break
		}
	}
	row, err := table.Read()
	columns := map[int]string{}
	for i, name := range row {
		if kind := kindOf(name); kind != "" {
			columns[i] = kind
		}
	}
	for len(columns) > 0 && !errors.Is(err, io.EOF) {
		in.read = 0
		if row, err = table.Read(); err != nil {
			continue
		}
		for i, kind := range columns {
			if i < len(row) {
				found[kind] = found[kind] || holds(kind, row[i])
			}
		}
	}
}

// longestRow is how many bytes a row of a table may have, which is kept whole.
const longestRow = 1 << 20

// rows reads a text, up to a row that is too long for a table's.
type rows struct {
	text io.Reader
	read int // since the last row
}

func (r *rows) Read(p []byte) (int, error) {
	if r.read > longestRow {
		r.text = bytes.NewReader(nil)
	}
	n, err := r.text.Read(p)
	r.read += n
	return n, err
}
