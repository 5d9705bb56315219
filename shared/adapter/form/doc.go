// Package form reads the forms of every site: bytes become fields, fields get a meaning, and the e-mail fields give one
// address.
//
// Field names are settings (forms in desk.yaml): a new name for the e-mail field is one line there. This package holds
// how names are compared, which encodings and content types are understood, and how an address is found.
//
// It must not know HTTP, pages or what is done with a form.
package form
