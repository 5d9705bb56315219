package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"privacydesk/infra/local/template"
)

// weigh builds each function for Lambda and prints the size of its zipped package, which is what a cold start fetches.
func weigh(functions []template.Function) error {
	fmt.Println("\n== Zipped arm64 packages")
	for _, f := range functions {
		bootstrap := filepath.Join(out, "arm64", f.Folder, "bootstrap")
		if err := goBuild(f.Folder, bootstrap, append(os.Environ(), "GOOS=linux", "GOARCH=arm64")).Run(); err != nil {
			return fmt.Errorf("build %s: %w", f.Folder, err)
		}
		size, err := zippedSize(bootstrap)
		if err != nil {
			return err
		}
		fmt.Printf("%-12s %.2f MB\n", f.Folder, float64(size)/1e6)
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
