package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"os"

	"privacydesk/shared/domain/export"
)

// exporter writes the desk's opt-out list as CSV.
type exporter struct {
	options
	desk *desk
	out  io.Writer
	say  io.Writer
}

type exportRow struct {
	Address, Scope, Reason, Since, Until string
	FirstAt                              string `json:"first_at"`
}

func (e *exporter) run(ctx context.Context) error {
	if e.file == "" {
		return e.write(ctx, e.out)
	}
	file, err := os.OpenFile(e.file+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(e.file + ".new") // a list that is not whole looks like one that is
	if err := e.write(ctx, file); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(e.file+".new", e.file)
}

func (e *exporter) write(ctx context.Context, to io.Writer) error {
	out := csv.NewWriter(to)
	if err := out.Write([]string{"address", "scope", "reason", "since", "first_at", "until"}); err != nil {
		return err
	}
	rows, erased := 0, 0
	for cursor, more := "", true; more; more = cursor != "" {
		var page struct {
			Results []exportRow
			Cursor  string
			Erased  int
		}
		path := "/suppressions?" + url.Values{"channel": {e.channel}, "cursor": {cursor}}.Encode()
		if err := e.desk.insist(ctx, func() error { return e.desk.call(ctx, "GET", path, nil, &page) }); err != nil {
			return err
		}
		for _, r := range page.Results {
			if err := out.Write(r.cells()); err != nil {
				return err
			}
		}
		rows, erased, cursor = rows+len(page.Results), erased+page.Erased, page.Cursor
	}
	out.Flush()
	fmt.Fprintf(e.say, "opt-outs written: %d; known by reference only, since the address is disposed of: %d (ask POST /suppressions/check before you add an address)\n", rows, erased)
	return out.Error()
}

func (r exportRow) cells() []string {
	cells := []string{r.Address, r.Scope, r.Reason, r.Since, r.FirstAt, r.Until}
	for i, c := range cells {
		cells[i] = export.SafeCell(c)
	}
	return cells
}
