package deskpage

import (
	"cmp"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
)

// refusing are the packages whose refusals reach who works at the desk.
var refusing = []string{
	"../../domain/audit", "../../domain/casework", "../../domain/deadline", "../../domain/decision", "../../domain/disposal", "../../domain/draft", "../../domain/foureyes", "../../domain/intake",
	"../../domain/attachment", "../../domain/filing", "../../domain/lifecycle", "../../domain/optout", "../../domain/quota", "../../domain/request", "../../domain/ledger", "../../domain/waiting", "../form", "../web", "../../../functions/desk/people",
}

// refusals are what the source of those packages refuses by.
type refusals struct {
	codes  map[string]string    // fault.Because, with where it stands
	fields map[[2]string]string // field and reason; "" for a field that is named elsewhere
	plain  map[string]string    // by their message: conflicts and the like that say why in English alone
}

func readRefusals(t *testing.T) refusals {
	t.Helper()
	all := refusals{map[string]string{}, map[[2]string]string{}, map[string]string{}}
	for _, dir := range refusing {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			all.read(name, file)
		}
	}
	return all
}

// read reads a file. What has a code of its own, or is a check's, is no plain refusal.
func (r refusals) read(name string, file *ast.File) {
	told := map[ast.Node]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec: // codes of errors, by a table
			if kind, is := n.Type.(*ast.Ident); n.Names[0].Name == "codes" || is && kind.Name == "CheckCode" {
				r.literals(name, n)
			}
		case *ast.FuncDecl: // or by a function
			if n.Name.Name == "code" {
				r.literals(name, n)
			}
		case *ast.CallExpr:
			r.call(name, n, told)
		}
		return true
	})
}

func (r refusals) literals(name string, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if text := literalOf(n); text != "" {
			r.codes[text] = name
		}
		return true
	})
}

func (r refusals) call(name string, n *ast.CallExpr, told map[ast.Node]bool) {
	of, called := "", ""
	switch f := n.Fun.(type) {
	case *ast.SelectorExpr:
		called = f.Sel.Name
		if x, ok := f.X.(*ast.Ident); ok {
			of = x.Name
		}
		if called == "Because" {
			told[f.X] = true
			if text := literalOf(n.Args[0]); text != "" {
				r.codes[text] = name
			}
		}
	case *ast.Ident:
		called = f.Name
	}
	switch {
	case called == "check" || called == "fail": // of an answer before it goes: see draft.CheckCode
		for _, a := range n.Args {
			told[a] = true
		}
	case of == "fault" && called == "Field" || called == "Unknown" && of == "fault":
		reason := "unknown"
		if called == "Field" {
			reason = literalOf(n.Args[1])
		}
		r.fields[[2]string{literalOf(n.Args[0]), reason}] = name
	case of == "fault" && called == "New" && !told[n]:
		if code := n.Args[0].(*ast.SelectorExpr).Sel.Name; code != "NotFound" && code != "Internal" && code != "Unavailable" {
			r.plain[literalOf(n.Args[1])] = code
		}
	}
}

func literalOf(n ast.Node) string {
	l, ok := n.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(l.Value)
	return text
}

// others are the fields that no form of the desk has, and the files whose refusals reach none: the API's, the sweep's, and
// those of the queue, which leaves out what it cannot read. theirs are for the person's own pages, or for other systems, alone.
var (
	others = []string{"answers", "on_behalf_of", "subject", "readjson.go", "query.go", "members.go", "sweep.go", "view.go"}
	theirs = []string{
		"New addresses are on record already.", "The answer to an appeal is final; you can complain to the authority.", "You have appealed against this answer before.",
		"Nothing is asked of the person that a file could answer.",
		"this task takes no file: only what access asks for comes as one", "this task has ended",
		"The request was confirmed before, in other words than these. Nothing was changed.", "The time to confirm this request is over.", "the opt-out is not the one that was to be undone",
	}
	// renamed are the fields that a form calls otherwise.
	renamed = map[string]string{"grounds": "ground", "fee": "amount"}
)

// Whatever an act of the desk is refused for, the officer reads it in their own language.
func TestEveryRefusalHasWords(t *testing.T) {
	all := readRefusals(t)
	if len(all.codes) < 30 || len(all.fields) < 40 || len(all.plain) < 10 {
		t.Fatalf("%d codes, %d fields, %d others", len(all.codes), len(all.fields), len(all.plain))
	}
	var named []string
	for key := range wordsOf(t, catalog.Default) {
		if rest, is := strings.CutPrefix(key, "desk.wrong."); is {
			name, _, _ := strings.Cut(rest, ".")
			named = append(named, name)
		}
	}
	for _, lang := range catalog.Languages() {
		texts := Texts(lang)
		for code, where := range all.codes {
			if !texts.Has("desk.why."+code) && !texts.Has("desk.check."+code+".not") {
				t.Errorf("%s: %s has no words for %q", where, lang, code)
			}
		}
		for f, where := range all.fields {
			if f[1] == "" || slices.Contains(others, f[0]) || slices.Contains(others, filepath.Base(where)) {
				continue
			}
			fields := []string{cmp.Or(renamed[f[0]], f[0])}
			if f[0] == "" { // whoever calls it names the field
				fields = named
			}
			if !texts.Has("desk.wrong."+f[1]) && !slices.ContainsFunc(fields, func(name string) bool { return texts.Has("desk.wrong." + name + "." + f[1]) }) {
				t.Errorf("%s: %s has no words for %q of %q", where, lang, f[1], f[0])
			}
		}
	}
	for message, code := range all.plain {
		general := map[string]string{"Invalid": "invalid", "TooLarge": "too_large", "TooMany": "too_many", "Unsupported": "unsupported"}[code]
		if !Texts(catalog.Default).Has("desk.why."+general) && !slices.Contains(theirs, message) {
			t.Errorf("%q (%s) says why in English alone", message, code)
		}
	}
}

// Words for what nothing is refused for are nobody's.
func TestEveryWordOfARefusalIsUsed(t *testing.T) {
	all := readRefusals(t)
	used := []string{"conflict", "invalid", "too_large", "too_many", "unsupported", "not_found", "done"}
	for f := range all.fields {
		used = append(used, f[0]+"_"+f[1])
	}
	for key := range wordsOf(t, catalog.Default) {
		code, is := strings.CutPrefix(key, "desk.why.")
		code, _, _ = strings.Cut(code, ".") // more after it is for a fact
		if _, by := all.codes[code]; is && !by && !slices.Contains(used, code) {
			t.Errorf("%s is never shown", key)
		}
	}
}

func TestRefusalsInWords(t *testing.T) {
	d := &Desk{Zone: time.UTC}
	for name, c := range map[string]struct {
		err  error
		want string // in German
	}{
		"a code":       {fault.New(fault.Conflict, "x").Because("lifted"), "Die Sperre ist aufgehoben"},
		"with facts":   {fault.New(fault.Conflict, "x").Because("appeal_open", "appeal", "PD-1"), "Entscheiden Sie stattdessen über PD-1."},
		"a check":      {fault.New(fault.Conflict, "x").Because(string(draft.Hold), "holds", "H-3"), "Die Aufbewahrungssperre H-3"},
		"a field":      {fault.Field("account", "missing", "x"), "Diese Person ist nicht mehr angemeldet."},
		"its reason":   {fault.Field("before", "invalid", "x"), "Das lässt sich so nicht lesen."},
		"no code":      {fault.New(fault.Conflict, "x"), "Das geht im Moment nicht."},
		"a broken one": {fault.New(fault.Invalid, "The form could not be read."), "Das Formular war nicht lesbar."},
		"no refusal":   {errors.New("x"), "Das geht im Moment nicht."},
	} {
		if got := RefusalOf(c.err).words(d, Texts("de")); !strings.HasPrefix(got, c.want) && !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
