// Package partial reads what a function answers where its mapping reports the
// failures of single records (ReportBatchItemFailures), as Lambda reads it. It
// must not know what a record is.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
package partial

import (
	"encoding/json"
	"errors"
)

// Failures gives the identifiers of the records that failed. No answer, null,
// and an answer without a list are success. An error means that the whole batch
// failed: Lambda cannot tell which record is meant. Names are case-sensitive.
func Failures(answer []byte) ([]string, error) {
	if len(answer) == 0 {
		return nil, nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(answer, &members) != nil {
		return nil, errors.New("the answer is no batch response")
	}
	list, ok := members["batchItemFailures"]
	if !ok {
		return nil, nil
	}
	var failures []map[string]any
	if json.Unmarshal(list, &failures) != nil {
		return nil, errors.New("batchItemFailures is no list of failures")
	}
	var out []string
	for _, failure := range failures {
		identifier, _ := failure["itemIdentifier"].(string)
		if identifier == "" {
			return nil, errors.New("a failure has no itemIdentifier")
		}
		out = append(out, identifier)
	}
	return out, nil
}
