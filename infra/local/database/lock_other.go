//go:build !unix

package database

// lockFile does nothing here: two test binaries that fetch at once may do so twice.
func lockFile(string) (unlock func(), err error) { return func() {}, nil }
