package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// undoer takes an import back. Run again it does what is left.
type undoer struct {
	desk   *desk
	report reported
	out    io.Writer
}

// undone is the desk's answer; see POST /suppressions/import/undo.
type undone struct {
	Withdrawn, Reverted, Left, Unsettled int
	Cursor                               string
}

func (u *undoer) run(ctx context.Context) error {
	// The import must not go on where it ended, as if the rest were still there.
	if err := os.Remove(u.report.checkpoint()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	sum, err := u.pages(ctx)
	if sum.Withdrawn > 0 {
		err = errors.Join(err, u.report.append(reportBack, sum.Withdrawn))
	}
	if err != nil {
		return fmt.Errorf("%w\n%d opt-outs are taken back so far. Run the same command to go on", err, sum.Withdrawn)
	}
	fmt.Fprintf(u.out, "%d opt-outs taken back", sum.Withdrawn)
	if u.report.back > 0 {
		fmt.Fprintf(u.out, ", %d before", u.report.back)
	}
	left := max(0, u.report.taken-u.report.back-sum.Withdrawn)
	fmt.Fprintf(u.out, "; %d records have their first date or evidence of before again; %d opt-outs left alone because something has happened to them since\n", sum.Reverted, max(left, sum.Left))
	if sum.Withdrawn > 0 {
		fmt.Fprintln(u.out, "SES's list follows within minutes.")
	}
	return nil
}

// pages goes through the desk's table.
func (u *undoer) pages(ctx context.Context) (sum undone, err error) {
	for cursor, more := "", true; more; {
		var page undone
		err := u.desk.insist(ctx, func() error {
			one := undone{}
			ask := map[string]any{"import": u.report.id, "cursor": cursor}
			if err := u.desk.call(ctx, "POST", "/suppressions/import/undo", ask, &one); err != nil {
				return err
			}
			page.Withdrawn, page.Reverted, page.Left, page.Cursor = page.Withdrawn+one.Withdrawn, page.Reverted+one.Reverted, one.Left, one.Cursor
			if one.Unsettled > 0 {
				return errAgain
			}
			return nil
		})
		sum.Withdrawn, sum.Reverted, sum.Left = sum.Withdrawn+page.Withdrawn, sum.Reverted+page.Reverted, sum.Left+page.Left
		if err != nil {
			return sum, err
		}
		cursor, more = page.Cursor, page.Cursor != ""
	}
	return sum, nil
}
