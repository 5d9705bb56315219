package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"privacydesk/shared/testkit/database"
)

// copyTable keeps a table of the running stack as it is now under another name, in place of a restore to a point in time.
func copyTable(ctx context.Context, arguments []string) error {
	flags := flag.NewFlagSet("copy", flag.ContinueOnError)
	table, to := flags.String("table", "", "which"), flags.String("to", "", "name of the copy")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *table == "" || *to == "" {
		return errors.New("say which table, and the name of its copy: make copy-table TABLE=OptOutsTable TO=OptOutsTable-before")
	}
	first, err := port()
	if err != nil {
		return err
	}
	return database.Copy(ctx, database.Client(fmt.Sprintf("http://127.0.0.1:%d", first+1)), *table, *to)
}
