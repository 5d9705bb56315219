package spelling

import "testing"

func TestDistance(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		want int
	}{
		"same":                  {"gmail", "gmail", 0},
		"nothing":               {"", "abc", 3},
		"one too many":          {"gmaill", "gmail", 1},
		"one too few":           {"gmil", "gmail", 1},
		"a wrong one":           {"gnail", "gmail", 1},
		"neighbours":            {"gmial", "gmail", 1},
		"neighbours, the first": {"ed", "de", 1},
		"not neighbours":        {"abc", "cba", 2},
		"two slips":             {"gnial", "gmail", 2},
		"kitten":                {"kitten", "sitting", 3},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			if got := Distance(pair[0], pair[1]); got != c.want {
				t.Errorf("%s: Distance(%q, %q) = %d, want %d", name, pair[0], pair[1], got, c.want)
			}
		}
	}
}
