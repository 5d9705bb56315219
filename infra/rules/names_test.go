package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	housePath = regexp.MustCompile("(?:^|[\\s(`=])((?:functions|infra|shared|events)/[A-Za-z0-9_./*{}<-]+)")
	qualified = regexp.MustCompile(`(?:^|[^\w/."])([a-z][a-z0-9]+)\.([A-Z]\w+)`)
	wildcard  = regexp.MustCompile(`[*{}<]|\.\.\.`)
)

// declared is what Go files declare, by the package's name; what their comments say, by the file; and by which names a
// file knows packages of others.
type declared struct {
	names    map[string]map[string]bool
	comments map[string]string
	foreign  map[string]map[string]bool
}

func declarations(tb testing.TB) declared {
	tb.Helper()
	all := declared{map[string]map[string]bool{}, map[string]string{}, map[string]map[string]bool{}}
	for _, path := range filesOf(tb, ".go") {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			tb.Fatal(err)
		}
		for _, group := range file.Comments {
			all.comments[path] += group.Text()
		}
		all.foreign[path] = foreign(file)
		name := strings.TrimSuffix(file.Name.Name, "_test")
		if all.names[name] == nil {
			all.names[name] = map[string]bool{}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, id := range declaredBy(n) {
				all.names[name][id.Name] = true
			}
			return true
		})
	}
	return all
}

// foreign are the names by which a file knows packages that are not ours.
func foreign(file *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, i := range file.Imports {
		if path := strings.Trim(i.Path.Value, `"`); i.Name != nil {
			names[i.Name.Name] = !strings.HasPrefix(path, house)
		} else if !strings.HasPrefix(path, house) {
			names[path[strings.LastIndex(path, "/")+1:]] = true
		}
	}
	return names
}

func declaredBy(n ast.Node) []*ast.Ident {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return []*ast.Ident{n.Name}
	case *ast.TypeSpec:
		return []*ast.Ident{n.Name}
	case *ast.ValueSpec:
		return n.Names
	case *ast.Field:
		return n.Names
	}
	return nil
}

// The files and the Go names that documents and comments mention exist.
func TestMentionedNamesExist(t *testing.T) {
	all := declarations(t)
	texts := all.comments
	for _, doc := range documents(t) {
		texts[doc] = read(t, doc)
	}
	for path, text := range texts {
		for _, m := range housePath.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(root, strings.TrimRight(m[1], "."))); err != nil && !wildcard.MatchString(m[1]) {
				t.Errorf("%s names %s, which does not exist", rel(path), m[1])
			}
		}
		for _, m := range qualified.FindAllStringSubmatch(text, -1) {
			if all.foreign[path][m[1]] {
				continue
			}
			names, known := all.names[m[1]]
			if known && m[1] != "main" && !names[m[2]] || !known && strings.HasSuffix(path, ".md") {
				t.Errorf("%s names %s.%s, which does not exist", rel(path), m[1], m[2])
			}
		}
	}
}
