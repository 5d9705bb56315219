// Package webrig holds the tests that all functions behind the API share: their routes are those of template.yaml, and
// every file in their folder of events is run. A function with two doors has a package and a folder of events for each.
// For tests only.
package webrig

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/testkit/template"
)

// top is the project's top folder, seen from the tests of a function or of one of its doors.
func top(t testing.TB) string {
	t.Helper()
	for _, up := range []string{"../..", "../../.."} {
		if _, err := os.Stat(filepath.Join(up, "template.yaml")); err == nil {
			return up
		}
	}
	t.Fatal("there is no template.yaml above this package")
	return ""
}

// Routes are the routes that template.yaml gives to the function of a folder: those at a prefix such as "/api" and below
// it, or all where there is none.
func Routes(t testing.TB, folder, prefix string) []template.Route {
	t.Helper()
	all, err := template.LoadLocal(top(t), map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		t.Fatal(err)
	}
	function, _ := all.Function(folder)
	routes := slices.DeleteFunc(all.Routes, func(r template.Route) bool {
		return r.Function != function.LogicalID || prefix != "" && !strings.HasPrefix(r.Path+"/", prefix+"/")
	})
	if len(routes) == 0 {
		t.Fatalf("template.yaml has no route for %s", folder)
	}
	return routes
}

// catchAll reports whether a route takes what no other does: the handler has no pattern for it.
func catchAll(key string) bool { return key == "$default" || strings.HasSuffix(key, "+}") }

// CheckRoutes reports routes of the template that the handler does not serve, and patterns that the template does not route.
func CheckRoutes[H any](t testing.TB, routes []template.Route, served map[string]H) {
	t.Helper()
	routed := map[string]bool{}
	for _, route := range routes {
		key := route.Key()
		if route.Path == "/" {
			key = route.Method + " /{$}" // net/http takes "/" for every path
		}
		routed[key] = true
		_, found := served[key]
		_, asGet := served[strings.Replace(key, "HEAD ", "GET ", 1)]
		if !found && !asGet && !catchAll(key) {
			t.Errorf("%s of template.yaml is not served", route.Key())
		}
	}
	for pattern := range served {
		if !routed[pattern] {
			t.Errorf("%s is served, but template.yaml does not route it", pattern)
		}
	}
}

// Files are the event files of a folder, such as "events/desk", by their names without .json.
func Files(t testing.TB, folder string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(top(t), folder, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s has no events: %v", folder, err)
	}
	files := map[string]string{}
	for _, path := range paths {
		files[strings.TrimSuffix(filepath.Base(path), ".json")] = path
	}
	return files
}

// EachFile runs a test on each event file of a folder with its case, and reports files without a case and cases without a file.
func EachFile[C any](t *testing.T, folder string, cases map[string]C, test func(t *testing.T, file string, c C)) {
	t.Helper()
	files := Files(t, folder)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		c, known := cases[name]
		if !known {
			t.Errorf("no test runs %s", files[name])
			continue
		}
		t.Run(name, func(t *testing.T) { test(t, files[name], c) })
	}
	for name := range cases {
		if files[name] == "" {
			t.Errorf("%s/%s.json is gone", folder, name)
		}
	}
}

// Decode reads an event strictly: a member that API Gateway does not send is an error.
func Decode(t testing.TB, file string, text []byte) (e events.APIGatewayV2HTTPRequest) {
	t.Helper()
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&e); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return e
}

// CheckEvents reports events that contradict themselves or name a route that the template does not have, and routes without an event.
func CheckEvents(t testing.TB, routes []template.Route, folder string, read func(file string) events.APIGatewayV2HTTPRequest) {
	t.Helper()
	count := map[string]int{}
	for _, route := range routes {
		count[route.Key()] = 0
	}
	for _, file := range Files(t, folder) {
		e := read(file)
		method := strings.HasPrefix(e.RouteKey, e.RequestContext.HTTP.Method+" ") || strings.HasPrefix(e.RouteKey, "ANY ") || catchAll(e.RouteKey)
		if _, routed := count[e.RouteKey]; !routed || !method || e.RequestContext.RouteKey != e.RouteKey || e.RequestContext.HTTP.Path != e.RawPath {
			t.Errorf("%s is of the route %q", file, e.RouteKey)
		}
		count[e.RouteKey]++
	}
	for key, n := range count {
		if n == 0 {
			t.Errorf("no event is of the route %s", key)
		}
	}
}
