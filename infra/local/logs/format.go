package logs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// clock is how a line's time is shown.
const clock = "15:04:05.000"

// colours by level, for a terminal.
var colours = map[string]string{"DEBUG": "\x1b[2m", "INFO": "", "WARN": "\x1b[33m", "ERROR": "\x1b[31m", "METRIC": "\x1b[36m"}

// hidden are fields that the line shows elsewhere or that say nothing locally.
var hidden = map[string]bool{
	"timestamp": true, "time": true, "level": true, "message": true, "msg": true, "_aws": true,
	"requestId": true, "build": true, "function": true, "Function": true, "service": true,
}

func format(source string, line []byte, now time.Time, colour bool) string {
	at, level, text := now, "", string(line)
	if fields, ok := parse(line); ok {
		at, level, text = fields.when(now), fields.level(), fields.text()
	}
	out := fmt.Sprintf("%s %-11s %-6s %s", at.Local().Format(clock), source, level, text)
	if paint := colours[level]; colour && paint != "" {
		out = paint + out + "\x1b[0m"
	}
	return out + "\n"
}

// field is one name and value of a JSON line, in the line's order.
type field struct {
	name  string
	value json.RawMessage
}

type fields []field

// parse reads a JSON object with its fields in order.
func parse(line []byte) (fields, bool) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return nil, false
	}
	var out fields
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, false
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, false
		}
		out = append(out, field{name.(string), value})
	}
	return out, true
}

func (f fields) get(names ...string) string {
	for _, name := range names {
		for _, one := range f {
			if one.name == name {
				return one.text()
			}
		}
	}
	return ""
}

func (f fields) when(now time.Time) time.Time {
	at, err := time.Parse(time.RFC3339Nano, f.get("timestamp", "time"))
	if err != nil {
		return now
	}
	return at
}

// metric tells a line of figures, some of which may be embedded metrics (EMF).
func (f fields) metric() bool { return f.get("_aws", "Function") != "" }

func (f fields) level() string {
	if f.metric() {
		return "METRIC"
	}
	return strings.ToUpper(f.get("level"))
}

// figures gives an embedded metric's figures that are not 0, and how many are.
func (f fields) figures() string {
	var out []string
	zeros := 0
	for _, one := range f {
		if hidden[one.name] {
			continue
		}
		number, err := strconv.ParseFloat(one.text(), 64)
		switch {
		case err != nil:
			out = append(out, one.name+"="+quoted(one.text()))
		case number == 0:
			zeros++
		default:
			out = append(out, one.name+"="+strconv.FormatFloat(math.Round(number*1000)/1000, 'f', -1, 64))
		}
	}
	if zeros > 0 {
		out = append(out, fmt.Sprintf("(%d at 0)", zeros))
	}
	return strings.Join(out, " ")
}

func (f fields) text() string {
	if f.metric() {
		return f.figures()
	}
	var out []string
	if message := f.get("message", "msg"); message != "" {
		out = append(out, message)
	}
	for _, one := range f {
		if !hidden[one.name] && one.text() != "-" { // an access log's "-" is nothing
			out = append(out, one.name+"="+quoted(one.text()))
		}
	}
	return strings.Join(out, " ")
}

// text gives a JSON string's content, and any other value as it is written.
func (f field) text() string {
	var text string
	if json.Unmarshal(f.value, &text) == nil {
		return text
	}
	return string(f.value)
}

// quoted keeps a line one line and its fields apart.
func quoted(text string) string {
	if text == "" || strings.ContainsAny(text, " \t\n\r\"=") && text[0] != '{' && text[0] != '[' {
		return strconv.Quote(text)
	}
	return text
}
