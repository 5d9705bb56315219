package partial

import (
	"slices"
	"testing"
)

func TestFailures(t *testing.T) {
	for answer, want := range map[string][]string{
		``:                           {},
		`null`:                       {},
		`{}`:                         {},
		`{"batchItemFailures":null}`: {},
		`{"batchItemFailures":[]}`:   {},
		`{"done":3}`:                 {},
		`{"BatchItemFailures":[{"ItemIdentifier":"1"}]}`:                        {}, // AWS takes it for success
		`{"batchItemFailures":[{"itemIdentifier":"1"},{"itemIdentifier":"2"}]}`: {"1", "2"},
		`{"batchItemFailures":[{"itemIdentifier":""}]}`:                         nil,
		`{"batchItemFailures":[{"itemIdentifier":null}]}`:                       nil,
		`{"batchItemFailures":[{"itemIdentifier":1}]}`:                          nil,
		`{"batchItemFailures":[{"ItemIdentifier":"1"}]}`:                        nil,
		`{"batchItemFailures":[{"id":"1"}]}`:                                    nil,
		`{"batchItemFailures":[{"itemIdentifier":"1"},{}]}`:                     nil,
		`{"batchItemFailures":[null]}`:                                          nil,
		`{"batchItemFailures":["1"]}`:                                           nil,
		`{"batchItemFailures":{}}`:                                              nil,
		`{"batchItemFailures":"1"}`:                                             nil,
		`"x"`:                                                                   nil,
		`[]`:                                                                    nil,
		`{"batchItemFailures":`:                                                 nil,
	} {
		got, err := Failures([]byte(answer))
		if (err != nil) != (want == nil) || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v", answer, got, err)
		}
	}
}
