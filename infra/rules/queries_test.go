package rules

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"privacydesk/shared/testkit/template"
)

// saved is a query of Logs Insights, and the log groups that it reads.
type saved struct {
	Name        string   `json:"Name"`
	LogGroups   []string `json:"LogGroupNames"`
	QueryString string   `json:"QueryString"`
}

// A saved query reads log groups of ours, and fields and words that the lines in them have: Logs Insights answers a
// misspelt one with nothing, as if all were well.
func TestQueriesFindWhatIsLogged(t *testing.T) {
	tpl := loadTemplate(t)
	for _, q := range queries(t, tpl) {
		fields, source := map[string]bool{}, ""
		for _, group := range q.LogGroups {
			f, text := logged(t, tpl, group)
			source += text
			for _, name := range f {
				fields[name] = true
			}
		}
		for _, name := range fieldsOf(q.QueryString) {
			if first, _, _ := strings.Cut(name, "."); !fields[first] {
				t.Errorf("%s: no line of %v has a field %s", q.Name, q.LogGroups, name)
			}
		}
		for _, words := range wordsOf(q.QueryString) {
			if source != "" && !strings.Contains(source, words) && !strings.Contains(words, "put the ") {
				t.Errorf("%s: no line of %v says %s", q.Name, q.LogGroups, words)
			}
		}
	}
}

// queries are the saved ones and those of the dashboard.
func queries(tb testing.TB, tpl *template.Template) []saved {
	tb.Helper()
	var all []saved
	names := map[string]bool{}
	for _, r := range tpl.ByType("AWS::Logs::QueryDefinition") {
		var q saved
		if err := r.Decode(&q); err != nil {
			tb.Fatal(err)
		}
		if !strings.HasPrefix(q.Name, "privacydesk/") || names[q.Name] { // the stack's name
			tb.Errorf("%s: the name %s must be one of its own, below the stack's", r.LogicalID, q.Name)
		}
		names[q.Name] = true
		all = append(all, q)
	}
	for _, w := range loadDashboard(tb).Widgets {
		if w.Type != "log" {
			continue
		}
		q := saved{Name: w.Properties.Title, QueryString: w.Properties.Query}
		for rest := w.Properties.Query; strings.HasPrefix(rest, "SOURCE '"); q.QueryString = rest {
			var group string
			group, rest, _ = strings.Cut(strings.TrimPrefix(rest, "SOURCE '"), "' | ")
			q.LogGroups = append(q.LogGroups, group)
		}
		all = append(all, q)
	}
	return all
}

// logged gives the fields of a log group's lines and, of a function's, the code that writes them.
func logged(tb testing.TB, tpl *template.Template, group string) (fields []string, source string) {
	tb.Helper()
	fields = []string{"@log", "@message", "@timestamp"}
	api, _ := tpl.Resource("Api")
	for _, f := range tpl.Functions {
		if logs, _ := tpl.Resource(strings.TrimSuffix(f.LogicalID, "Function") + "Logs"); logs.Ref == group {
			code, names := codeOf(tb, f.Folder)
			return append(append(fields, "timestamp", "level", "message", "requestId", "build", "type", "record"), names...), code + platform
		}
	}
	if logs, _ := tpl.Resource("ApiLogs"); logs.Ref != group {
		tb.Fatalf("%s is no log group of the template", group)
	}
	var format map[string]string
	if err := json.Unmarshal([]byte(api.Text("AccessLogSettings.Format")), &format); err != nil {
		tb.Fatal(err)
	}
	for name := range format {
		fields = append(fields, name)
	}
	return fields, ""
}

// platform is what Lambda itself writes into a function's log: boot's last words are there as they are, and a run that
// failed or took too long (https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html).
const platform = `cannot start "timeout" "error" "failure"`

// codeOf gives a function's code with what it shares with others that log, the keys of its log calls and its figures.
func codeOf(tb testing.TB, folder string) (source string, names []string) {
	tb.Helper()
	for _, dir := range []string{"functions/" + folder, "shared/adapter/web", "shared/portal", "shared/domain/optout", "shared/domain/suppression", "shared/domain/feedback"} {
		source += sourceOf(tb, dir)
		for _, file := range goFiles(tb, dir) {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				tb.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if s, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Log", "InfoContext", "WarnContext", "ErrorContext"}, s.Sel.Name) {
						names = append(names, literals(n.Args...)...)
					}
				case *ast.CompositeLit:
					if s, ok := n.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Figures" {
						for _, e := range n.Elts {
							names = append(names, literals(e.(*ast.KeyValueExpr).Key)...)
						}
					}
				}
				return true
			})
		}
	}
	for _, m := range regexp.MustCompile(`figures\["(\w+)"\]|"(Feedback\w+)"`).FindAllStringSubmatch(source, -1) {
		names = append(names, m[1]+m[2])
	}
	return source, names
}

func literals(list ...ast.Expr) (texts []string) {
	for _, e := range list {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			text, _ := strconv.Unquote(l.Value)
			texts = append(texts, text)
		}
	}
	return texts
}

var (
	quotedOrRegex = regexp.MustCompile(`"([^"]*)"|'([^']*)'|/([^/]+)/`)
	word          = regexp.MustCompile(`@?[A-Za-z][\w.]*`)
	// known are the words of the query language that we use
	// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html).
	known = strings.Fields("filter stats sort fields limit by as and or in like desc asc count sum max latest pct strlen bin ispresent 1h 1d 1m h d m")
)

// fieldsOf are the words of a query that are neither the language's nor names that it gives.
func fieldsOf(query string) (names []string) {
	bare := quotedOrRegex.ReplaceAllString(query, " ")
	given := regexp.MustCompile(` as (\w+)`).FindAllStringSubmatch(bare, -1)
	for _, name := range word.FindAllString(bare, -1) {
		if !slices.Contains(known, name) && !slices.ContainsFunc(given, func(g []string) bool { return g[1] == name }) {
			names = append(names, name)
		}
	}
	return names
}

// wordsOf are the texts that a query looks for, but for levels: whole ones as code has them, in quotes.
func wordsOf(query string) (texts []string) {
	for _, m := range quotedOrRegex.FindAllStringSubmatch(query, -1) {
		switch text := m[1] + m[2]; text {
		case "ERROR", "WARN":
		case "":
			texts = append(texts, strings.TrimPrefix(m[3], "^"))
		default:
			texts = append(texts, strconv.Quote(text))
		}
	}
	return texts
}
