package access

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"iter"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
)

// MaxFiles is how many bytes of files go into one archive; with more, they are fetched
// one by one.
const MaxFiles = 200 << 20

// ownFolder holds the files of officers. No id of a system has a "_".
const ownFolder = "privacy_desk"

// Document is a file of an archive that is made for it.
type Document struct {
	Name  string
	Write func(io.Writer) error
}

// Archive is all of an answer in one file. Its documents and files are written one
// after the other, so that no more than one buffer is held of them.
type Archive struct {
	Reference string
	MadeAt    time.Time
	Parts     []Part
	Documents iter.Seq2[Document, error]
	// Open opens a file's content. What it gives must be what the file's hash is of.
	Open func(attachment.File) (io.ReadCloser, error)
}

// Manifest lists what an archive holds, as its last file.
type Manifest struct {
	Schema    string    `json:"schema"`
	Reference string    `json:"reference"`
	MadeAt    time.Time `json:"made_at"`
	Parts     []Listed  `json:"parts"`
	Files     []Written `json:"files"` // all but the manifest
}

// Written is one file of an archive.
type Written struct {
	Name   string `json:"name"`
	System string `json:"system,omitempty"` // whose part it is; none: the desk's own
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

const (
	archiveSchema = "privacydesk-archive/v1"
	manifestName  = "manifest.json"
)

// TooLarge reports whether the files of parts are too much for one archive.
func TooLarge(parts []Part) bool {
	var size int64
	for _, p := range parts {
		for _, f := range p.Files {
			size += f.Size
		}
	}
	return size > MaxFiles
}

// ErrOther says that a file is not what its hash is of. Internal.
var ErrOther = fault.New(fault.Internal, "a file of the answer is not what was read of it")

// Write writes the archive as a ZIP, and its content as it was written: its size, its
// hash and how it begins. Files stand in files/, by system, as they are: most hold
// nothing that packs. ErrOther.
func (a Archive) Write(to io.Writer) (attachment.Content, error) {
	seen := &measured{hash: sha256.New()}
	out := bufio.NewWriter(io.MultiWriter(to, seen))
	z, m := zip.NewWriter(out), Manifest{archiveSchema, a.Reference, a.MadeAt.UTC(), List(a.Parts), []Written{}}
	for d, err := range a.Documents {
		if err == nil {
			err = a.add(z, &m, "", d.Name, zip.Deflate, d.Write)
		}
		if err != nil {
			return attachment.Content{}, err
		}
	}
	for _, p := range a.Parts {
		if err := a.addFiles(z, &m, p); err != nil {
			return attachment.Content{}, err
		}
	}
	err := a.add(z, &Manifest{}, "", manifestName, zip.Deflate, func(w io.Writer) error { return indented(w, m) })
	if err == nil {
		err = z.Close()
	}
	if err == nil {
		err = out.Flush()
	}
	return seen.content(), err
}

func (a Archive) addFiles(z *zip.Writer, m *Manifest, p Part) error {
	folder := p.System
	if folder == "" {
		folder = ownFolder
	}
	for _, f := range p.Files {
		err := a.add(z, m, p.System, "files/"+folder+"/"+f.Name(), zip.Store, func(w io.Writer) error {
			content, err := a.Open(f)
			if err != nil {
				return err
			}
			defer content.Close()
			_, err = io.Copy(w, content)
			return err
		})
		if err != nil {
			return err
		}
		if last := m.Files[len(m.Files)-1]; last.SHA256 != f.SHA256 || last.Bytes != f.Size {
			return ErrOther
		}
	}
	return nil
}

// add adds one file, and to the manifest what was written of it.
func (a Archive) add(z *zip.Writer, m *Manifest, system, name string, method uint16, write func(io.Writer) error) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: a.MadeAt.UTC()})
	if err != nil {
		return err
	}
	seen := &measured{hash: sha256.New()}
	if err := write(io.MultiWriter(w, seen)); err != nil {
		return err
	}
	m.Files = append(m.Files, Written{name, system, seen.size, seen.sum()})
	return nil
}

// measured counts and hashes what is written.
type measured struct {
	hash   hash.Hash
	size   int64
	begins []byte
}

func (m *measured) Write(p []byte) (int, error) {
	if rest := 64 - len(m.begins); rest > 0 {
		m.begins = append(m.begins, p[:min(rest, len(p))]...)
	}
	m.size += int64(len(p))
	return m.hash.Write(p)
}

func (m *measured) sum() string { return hex.EncodeToString(m.hash.Sum(nil)) }

func (m *measured) content() attachment.Content {
	return attachment.Content{Size: m.size, SHA256: m.sum(), Begins: m.begins}
}

// JSON is a document of anything as JSON.
func JSON(name string, of any) Document {
	return Document{name, func(w io.Writer) error { return indented(w, of) }}
}

func indented(w io.Writer, of any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(of)
}

// InWords is a document of what is told, for people.
func InWords(name, title string, sections []Section) Document {
	return Document{name, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s\n", title)
		for _, s := range sections {
			_, err = fmt.Fprintf(w, "\n%s\n", s.Title)
			for _, line := range s.Lines {
				_, err = fmt.Fprintf(w, "- %s\n", line)
			}
		}
		return err
	}}
}
