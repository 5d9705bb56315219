package main

import (
	"archive/zip"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit/template"
)

// heaviest is the most that a zipped package may weigh, in MB as the tool counts them: 1,048,576 bytes. The desk's brings
// html/template and OpenID Connect along.
func heaviest(folder string) int {
	if folder == "desk" {
		return 8
	}
	return 5
}

// weigh builds each function for Lambda and prints the size of its zipped package, which is what a cold start fetches.
func weigh(functions []template.Function) error {
	fmt.Println("\n== Zipped arm64 packages")
	target := map[string]string{"GOOS": "linux", "GOARCH": "arm64", "GOARM64": "v8.2"}
	for name, value := range target {
		_ = os.Setenv(name, value) // for the compiler
	}
	if err := stack.Build(context.Background(), ".", filepath.Join(out, "arm64"), functions); err != nil {
		return err
	}
	for name := range target {
		_ = os.Unsetenv(name)
	}
	for _, f := range functions {
		size, err := zippedSize(filepath.Join(out, "arm64", f.Folder, "bootstrap"))
		if err != nil {
			return err
		}
		mb := float64(size) / (1 << 20)
		fmt.Printf("bar zip_mb %s <= %d: %.2f: %s\n", f.Folder, heaviest(f.Folder), mb, verdict(mb <= float64(heaviest(f.Folder))))
	}
	return nil
}

func zippedSize(path string) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var size counter
	archive := zip.NewWriter(&size)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	entry, err := archive.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(entry, file); err != nil {
		return 0, err
	}
	return int64(size), archive.Close()
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
