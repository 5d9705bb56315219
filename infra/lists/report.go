package main

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A report is a CSV file of two columns. Its first lines say what the import
// was; then come the lines of the list that were not taken unchanged. It
// holds no address: by the import's id the desk finds what to undo.
const (
	reportImport = "import"
	reportDesk   = "desk"
	reportNew    = "new"
	reportBack   = "taken back" // once for each run of UNDO
)

// report writes it, beside the checkpoint and named as that is, so that each
// list has its own, whatever its file is called.
func (i *importer) report(l list, mark string) (string, error) {
	head := [][2]string{{"line", "what"}, {reportImport, i.done.Import}, {reportDesk, i.url}, {"list", filepath.Base(i.file)}}
	if i.dry {
		head[1] = [2]string{"dry run", "nothing was written"}
	}
	for _, said := range l.readings {
		head = append(head, [2]string{"read", said})
	}
	for _, n := range []struct {
		what string
		n    int
	}{
		{reportNew, i.done.Before + i.done.Counts[taken]}, {"known before", i.done.Counts[known]}, {"left alone", i.done.Counts[kept]},
		{"not taken", i.notTaken(l)}, {"not out", l.notOut}, {"temporary bounces", l.soft},
	} {
		head = append(head, [2]string{n.what, strconv.Itoa(n.n)})
	}
	path := i.reportPath(mark)
	if err := os.MkdirAll(i.folder, 0o755); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, []byte(csvText(append(head, i.lines(l)...))), 0o600)
}

func (i *importer) reportPath(mark string) string {
	ending := ".report.csv"
	if i.dry {
		ending = ".dry.report.csv"
	}
	return filepath.Join(i.folder, filepath.Base(i.file)+"."+strings.TrimSuffix(filepath.Base(mark), ".json")+ending)
}

// lines are those of the list that have a remark, in their order.
func (i *importer) lines(l list) (lines [][2]string) {
	remarks := slices.Clone(l.remarks)
	for line, reason := range i.done.Remarks {
		remarks = append(remarks, remark{line, reason})
	}
	slices.SortStableFunc(remarks, func(a, b remark) int { return a.line - b.line })
	for _, r := range remarks {
		lines = append(lines, [2]string{strconv.Itoa(r.line), r.reason})
	}
	return lines
}

func csvText(lines [][2]string) string {
	var text strings.Builder
	out := csv.NewWriter(&text)
	for _, l := range lines {
		_ = out.Write(l[:]) // a builder takes everything
	}
	out.Flush()
	return text.String()
}

// reported is what a report says of its import.
type reported struct {
	path, id, desk string
	taken, back    int
}

func readReport(path string) (reported, error) {
	file, err := os.Open(path)
	if err != nil {
		return reported{}, errors.New("name the report of the import, such as UNDO=.local/import/optouts.csv.0123456789abcdef.report.csv (" + path + " cannot be read)")
	}
	defer file.Close()
	all, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return reported{}, errors.New(path + " is not the report of an import")
	}
	r := reported{path: path}
	for _, line := range all {
		n, _ := strconv.Atoi(line[len(line)-1])
		switch line[0] {
		case reportImport:
			r.id = line[1]
		case reportDesk:
			r.desk = line[1]
		case reportNew:
			r.taken = n
		case reportBack:
			r.back += n
		}
	}
	if r.id == "" || r.desk == "" {
		return reported{}, errors.New(path + " is not the report of an import that has written anything")
	}
	return r, nil
}

// append adds a line.
func (r reported) append(what string, n int) error {
	file, err := os.OpenFile(r.path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(csvText([][2]string{{what, strconv.Itoa(n)}}))
	return errors.Join(err, file.Close())
}

// checkpoint is the file by which the import would go on.
func (r reported) checkpoint() string {
	name := strings.TrimSuffix(filepath.Base(r.path), ".report.csv")
	return filepath.Join(filepath.Dir(r.path), name[strings.LastIndexByte(name, '.')+1:]+".json")
}
