// Costs computes what a month of the desk costs on AWS, from volumes, the
// prices in bill/prices.yaml, what infra/e2e has measured and what
// template.yaml has. Usage: make costs.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"regexp"
	"strconv"
	"strings"

	"privacydesk/infra/costs/bill"
	"privacydesk/shared/testkit/template"
)

func main() {
	log.SetFlags(0)
	region := flag.String("region", "us-east-1", "Region with prices")
	names := []string{"optouts", "imports", "requests", "mails", "mails-in", "people"}
	texts := make([]*string, len(names))
	for i, name := range names {
		texts[i] = flag.String(name, "", "a month's; see make help")
	}
	flag.Parse()
	columns, err := asked(names, texts)
	if err != nil {
		log.Fatal(err)
	}
	desk, err := load("template.yaml", columns[len(columns)-1].MailsIn > 0)
	if err != nil {
		log.Fatal(err)
	}
	if err := write(os.Stdout, desk, columns, *region); err != nil {
		log.Fatal(err)
	}
}

// column is a month with a name.
type column struct {
	name string
	bill.Volumes
}

// usual are the months that are shown where no volume is given.
var usual = []column{
	{"idle", bill.Volumes{}},
	{"1 k", bill.Volumes{OptOuts: 1e3, Requests: 10, Mails: 30, People: 1e3}},
	{"100 k", bill.Volumes{OptOuts: 1e5, Requests: 100, Mails: 300, People: 1e5}},
	{"10 M", bill.Volumes{OptOuts: 1e7, Requests: 1e4, Mails: 3e4, People: 1e7}},
}

// asked are the months to show: the usual ones, or the one of the volumes that
// are given. Each request needs three mails, and what comes is what is stored,
// unless a volume says otherwise.
func asked(names []string, texts []*string) ([]column, error) {
	one, any := column{name: "a month"}, false
	into := []*float64{&one.OptOuts, &one.Imports, &one.Requests, &one.Mails, &one.MailsIn, &one.People}
	for i, text := range texts {
		if *text == "" {
			continue
		}
		n, err := whole(*text)
		if err != nil {
			return nil, fmt.Errorf("%s is %q, and must be %w", strings.ReplaceAll(strings.ToUpper(names[i]), "-", "_"), *text, err)
		}
		*into[i], any = n, true
	}
	if !any {
		return usual, nil
	}
	if *texts[3] == "" {
		one.Mails = 3 * one.Requests
	}
	if *texts[5] == "" {
		one.People = one.OptOuts + one.Imports
	}
	return []column{one}, nil
}

var number = regexp.MustCompile(`^(\d{1,12}|\d{1,3}(,\d{3}){1,3})$`)

// whole reads a number. It takes neither 1.5 nor 100.000: in some countries the
// point groups thousands, so it could mean either.
func whole(text string) (float64, error) {
	if !number.MatchString(text) {
		return 0, errors.New("a whole number of at most 12 digits, such as 100000 or 100,000")
	}
	return strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
}

func load(path string, receives bool) (d bill.Desk, err error) {
	parameters := map[string]string{"PublicUrl": "https://privacy.example.com", "SesFrom": "privacy@example.com"}
	if receives {
		parameters["ReceivingDomain"] = "in.example.com"
	}
	t, err := template.Load(path, template.Options{Parameters: parameters})
	if err != nil {
		return d, err
	}
	if d.Prices, err = bill.LoadPrices(); err != nil {
		return d, err
	}
	if d.Measured, err = bill.LoadMeasured(); err != nil {
		return d, err
	}
	d.Inventory, err = bill.Take(t)
	return d, err
}
