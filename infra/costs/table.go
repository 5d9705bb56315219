package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"privacydesk/infra/costs/bill"
)

// write prints the months beside each other, after what AWS gives away, with
// the sum of the full prices below.
func write(out io.Writer, d bill.Desk, columns []column, region string) error {
	if !slices.Contains(d.Prices.Regions(), region) {
		return fmt.Errorf("REGION must be one with prices in infra/costs/bill/prices.yaml: %s", strings.Join(d.Prices.Regions(), ", "))
	}
	bills := make([][]bill.Line, len(columns))
	for i, c := range columns {
		bills[i] = d.Of(c.Volumes)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "US dollars a month in %s, prices of %s\n\n", region, d.Prices.LookedUp)
	row(w, "service", "unit", columns, func(i int) string { return columns[i].name }, "what drives it")
	service := ""
	for n, line := range bills[0] {
		name := line.Price.Service
		if name == service {
			name = ""
		}
		service = line.Price.Service
		row(w, name, line.Price.Unit, columns, func(i int) string { return dollars(bills[i][n].Cost(region, true)) }, line.Drivers)
	}
	row(w, "", "sum, after free tiers", columns, func(i int) string { return fmt.Sprintf("%.2f", bill.Total(bills[i], region, true)) }, "")
	row(w, "", "sum, without free tiers", columns, func(i int) string { return fmt.Sprintf("%.2f", bill.Total(bills[i], region, false)) }, "")
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(out, notes(d, columns, region))
	return err
}

func row(w io.Writer, service, unit string, columns []column, cell func(int) string, drivers string) {
	fmt.Fprintf(w, "%s\t%s", service, unit)
	for i := range columns {
		fmt.Fprintf(w, "\t%s", cell(i))
	}
	fmt.Fprintf(w, "\t%s\n", drivers)
}

// dollars shows what is less than half a cent as nearly nothing.
func dollars(d float64) string {
	switch {
	case d == 0:
		return "-"
	case d < 0.005:
		return "<0.01"
	}
	return fmt.Sprintf("%.2f", d)
}

func notes(d bill.Desk, columns []column, region string) string {
	var b strings.Builder
	b.WriteString("\n-: nothing, or within a free tier. Volumes of a month:\n")
	for _, c := range columns {
		fmt.Fprintf(&b, "  %s: %.0f opt-outs, %.0f imported, %.0f requests, %.0f mails sent, %.0f received; %.0f opt-outs stored\n", c.name, c.OptOuts, c.Imports, c.Requests, c.Mails, c.MailsIn, c.People)
		if c.People < c.OptOuts+c.Imports {
			b.WriteString("    Fewer are stored than come in: that is right where people repeat an opt-out.\n")
		}
	}
	var unchecked []string
	for _, line := range d.Of(bill.Volumes{}) {
		if line.Price.Known[region] == "memory" {
			unchecked = append(unchecked, line.Price.Unit)
		}
	}
	b.WriteString("\nNot in it: tax, data transfer, the storage and the queries of logs, the mails of campaigns and the events of SES about them,\n" +
		"what the desk does with a mail that it receives (about an opt-out), an officer's acts, and new copies of functions: each\n" +
		"start of one is billed, and reads secrets ($0.05 for 10,000 reads).\n" +
		"The time of functions was measured on another machine. With the memory that they have, Lambda may take five times as long.\n")
	fmt.Fprintf(&b, "Opt-outs that come at once wait for SES one by one, and Lambda charges the wait: at most $%.2f a million.\n", d.WaitOfAMillion(region))
	fmt.Fprintf(&b, "Free tiers are the account's: what else runs there shares them.\n")
	if len(unchecked) > 0 {
		fmt.Fprintf(&b, "Prices that nobody has looked up: %s.\n", strings.Join(unchecked, "; "))
	}
	return b.String()
}
