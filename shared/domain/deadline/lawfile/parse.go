// Package lawfile reads law.yaml, the reviewed source of the law table, and refuses every mistake with the line it
// is on. The generator and the tests use it; functions do not, because they carry the table as Go data and pay
// nothing for it at start. It must not know how dates are computed.
package lawfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/domain/deadline"
)

// maxBytes keeps a hostile file from costing much; the real one is a tenth of it.
const maxBytes = 512 << 10

// Parse reads a law.yaml. Unknown fields, unknown words, missing figures and figures without a clause or a check
// are refused; all faults of meaning are told together, each with its line.
func Parse(text []byte) (*deadline.Book, error) {
	if len(text) > maxBytes {
		return nil, fmt.Errorf("law.yaml: larger than %d bytes", maxBytes)
	}
	book := &deadline.Book{}
	if err := decode(text, book); err != nil {
		return nil, fmt.Errorf("law.yaml: %w", err)
	}
	var tree yaml.Node
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return nil, fmt.Errorf("law.yaml: %w", err)
	}
	c := checker{book: book, tree: &tree}
	c.all()
	if err := errors.Join(c.faults...); err != nil {
		return nil, fmt.Errorf("law.yaml: %w", err)
	}
	sum := sha256.Sum256(text)
	book.Version = hex.EncodeToString(sum[:6])
	return book, nil
}

func decode(text []byte, book *deadline.Book) error {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(book); err != nil {
		return err
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return errors.New("more than one document")
	}
	return nil
}

// line finds the line of a node by its path of keys and indexes, or of the last step that exists.
func line(n *yaml.Node, path ...any) int {
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	at := n.Line
	for _, step := range path {
		next := child(n, step)
		if next == nil {
			return at
		}
		n, at = next, next.Line
	}
	return at
}

func child(n *yaml.Node, step any) *yaml.Node {
	switch s := step.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && s < len(n.Content) {
			return n.Content[s]
		}
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == s {
				return n.Content[i+1]
			}
		}
	}
	return nil
}
