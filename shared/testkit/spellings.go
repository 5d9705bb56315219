package testkit

import (
	"fmt"
	"strings"
)

// Spellings are other ways to write a path in a request line, which a gateway
// and a function might read differently. The path itself comes first.
func Spellings(path string) []string {
	first, last := path[1:2], path[len(path)-1:]
	hex := func(s string) string { return fmt.Sprintf("%%%02x", s[0]) }
	inner := strings.TrimPrefix(path, "/")
	return []string{
		path, path + "/", path + "//", "/" + path, "//" + path, path + "/.", path + "/..", path + "/x", path + "/./", "/." + path, "/x/.." + path,
		"/%2e" + path, "/x/%2e%2e" + path, "/" + hex(first) + path[2:], path[:len(path)-1] + hex(last), "/%25" + hex(first)[1:] + path[2:],
		path + "%2f", path + "%2F/", "/%2f" + inner, strings.ReplaceAll(path, "/", "%2f"), "/" + strings.ReplaceAll(inner, "/", "%2f"),
		"/" + strings.ReplaceAll(inner, "/", "//"), path + "%00", path + "%20", path + "%09", path + "%3f", path + "%23", path + "%5c", path + ";x", path + ".",
		strings.ToUpper(path), `\` + inner, path + "?", path + "?x=/", path + "/?x", "/$default" + path, "/default" + path, "http://elsewhere.example" + path,
	}
}

// Methods are what a request line may begin with, ours and others'.
var Methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "post", "ANY"}
