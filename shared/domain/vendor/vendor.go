// Package vendor is what the vendors of common systems say about one person's data in
// them, in our own words: how to find it, how to get a copy, how to erase it. It is
// data, from vendors.yaml, with the pages that were read and the day; it must not
// promise that a vendor still works that way, nor decide anything.
package vendor

import (
	"slices"

	"privacydesk/shared/domain/civil"
)

//go:generate go run ./vendorgen vendors.yaml vendors_data.go

// Vendor is one system that organisations buy. Its steps are in English, as its
// screens and pages are.
type Vendor struct {
	ID     string // as desk.yaml names it
	Name   string
	Find   []string // steps; none: the vendor's pages did not say, as far as they could be read
	Export []string
	Erase  []string
	Note   []string // what the steps do, and do not do
	Pages  []Page
	Read   string // the day on which the pages were read, 2006-01-02
}

// Page is one of the vendor's own.
type Page struct {
	Title   string
	URL     string
	Changed string // as the page says, 2006-01-02; empty: it does not
}

// Named returns the vendor with an id.
func Named(id string) (Vendor, bool) {
	i := slices.IndexFunc(vendors, func(v Vendor) bool { return v.ID == id })
	if i < 0 {
		return Vendor{}, false
	}
	return vendors[i], true
}

// IDs are those of all vendors, in order.
func IDs() []string {
	var ids []string
	for _, v := range vendors {
		ids = append(ids, v.ID)
	}
	return ids
}

// ReadOn is the day on which the pages were read.
func (v Vendor) ReadOn() civil.Day {
	d, _ := civil.Parse(v.Read) // the generator has read it
	return d
}

// Steps are those of a task, as the ledger names it: what is erased or sent must be
// found first.
func (v Vendor) Steps(task string) []string {
	switch task {
	case "erasure":
		return slices.Concat(v.Find, v.Erase)
	case "access":
		return slices.Concat(v.Find, v.Export)
	}
	return v.Find
}
