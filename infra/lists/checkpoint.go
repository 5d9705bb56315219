package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// checkpoint names the file of the checkpoint: another list, desk or wish has
// another one.
func (i *importer) checkpoint(data []byte, at time.Time) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s %v %v\n", i.url, at, i.even, i.asked)
	sum.Write(data)
	return filepath.Join(i.folder, hex.EncodeToString(sum.Sum(nil))[:16]+".json")
}

func (i *importer) resume(mark string) bool {
	i.done = newProgress()
	text, err := os.ReadFile(mark)
	if err != nil || i.dry {
		return false
	}
	before := newProgress()
	if json.Unmarshal(text, &before) != nil || before.Import == "" {
		return false
	}
	i.done = before
	return true
}

// save replaces the checkpoint whole, or not at all.
func (i *importer) save(mark string) error {
	i.saved = i.desk.now()
	if i.dry {
		return nil
	}
	text, err := json.Marshal(i.done)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(i.folder, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(mark+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(mark+".new", mark)
}
