package standin

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// importRecord is one line of an import object ("Adding email addresses in bulk to
// your account-level suppression list"). A DELETE needs no reason.
type importRecord struct {
	EmailAddress string `json:"emailAddress"`
	Reason       string `json:"reason"`
	fault        string // why the line cannot be read
}

// failedRecord is a line of the object behind FailedRecordsS3Url. AWS does not
// document its form; this is the stand-in's own.
type failedRecord struct {
	EmailAddress string `json:"emailAddress"`
	Reason       string `json:"reason,omitempty"`
	Line         int    `json:"line"`
	ErrorMessage string `json:"errorMessage"`
}

// settleImports ends the jobs whose time has come, or that are of a time to come:
// then it was moved back. Every SES call does it first, so there is nothing in the
// background that a test would have to wait for.
func (s *Server) settleImports(now time.Time) {
	for i := range s.st.Jobs {
		j := &s.st.Jobs[i]
		if age := now.Sub(j.Created); j.Completed.IsZero() && (age >= s.cfg.ImportDelay || age < 0) {
			s.runImport(j, now)
			s.changed()
		}
	}
}

func (s *Server) runImport(j *importJob, now time.Time) {
	j.Completed = now
	stored, ok := s.st.Objects[j.Object]
	if !ok {
		j.Error = "The S3 object could not be read."
		return
	}
	records := readRecords(j.Format, stored.Content)
	if limit := importLimits[j.Action]; len(records) > limit {
		j.Error = fmt.Sprintf("The file has %d records; at most %d are allowed.", len(records), limit)
		return
	}
	var failed bytes.Buffer
	for i, rec := range records {
		fault := s.importOne(j.Action, rec, now)
		if fault == "" {
			continue
		}
		j.Failed++
		line, _ := json.Marshal(failedRecord{rec.EmailAddress, rec.Reason, i + 1, fault})
		failed.Write(append(line, '\n'))
	}
	j.Processed = len(records)
	if j.Failed > 0 {
		s.st.Objects[failedBucket+"/"+j.ID] = object{Content: failed.Bytes(), Stored: now}
	}
}

// importOne puts or removes one address and returns why it could not. Removing one
// that is not there fails no record.
func (s *Server) importOne(action string, rec importRecord, now time.Time) (fault string) {
	l := s.st.list("")
	switch {
	case rec.fault != "":
		return rec.fault
	case checkAddress(rec.EmailAddress) != nil:
		return "Invalid email address"
	case action == "DELETE":
		l.remove(rec.EmailAddress)
		return ""
	case oneOf("reason", rec.Reason, suppressionReasons...) != nil:
		return "Invalid reason"
	}
	l.put(entry{Address: rec.EmailAddress, Reason: rec.Reason, Updated: now})
	return ""
}

func readRecords(format string, object []byte) []importRecord {
	if format == "JSON" {
		return readJSONLines(object)
	}
	return readCSV(object)
}

// readJSONLines reads newline-delimited JSON, the only JSON that SES takes.
func readJSONLines(object []byte) []importRecord {
	var out []importRecord
	for line := range bytes.Lines(object) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		var rec importRecord
		if json.Unmarshal(line, &rec) != nil {
			rec.fault = "Invalid JSON"
		}
		out = append(out, rec)
	}
	return out
}

// readCSV reads "address,REASON" or "address".
func readCSV(object []byte) []importRecord {
	r := csv.NewReader(bytes.NewReader(object))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	var out []importRecord
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil || len(row) > 2 {
			out = append(out, importRecord{fault: "Invalid CSV"})
			continue
		}
		rec := importRecord{EmailAddress: strings.TrimSpace(row[0])}
		if len(row) == 2 {
			rec.Reason = strings.TrimSpace(row[1])
		}
		out = append(out, rec)
	}
}
