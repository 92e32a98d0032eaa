// SPDX-License-Identifier: EUPL-1.2

// Command pack writes the zip of a function. The same files give the same
// bytes on any machine and any day, so that a deployment changes only what
// has changed.
//
//	pack build/report.zip build/report/bootstrap infra/aws/amazon-roots.pem
package main

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// dawn is the first moment that a zip can hold.
var dawn = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) < 2 {
		return errors.New("gebruik: pack ZIP BESTAND...")
	}
	file, err := os.Create(arguments[0])
	if err != nil {
		return err
	}
	return errors.Join(pack(file, arguments[1:]), file.Close())
}

// pack writes the files without their folders. Those that may be executed here
// may be executed there.
func pack(w io.Writer, files []string) error {
	archive := zip.NewWriter(w)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, file := range files {
		if err := add(archive, file); err != nil {
			return err
		}
	}
	return archive.Close()
}

func add(archive *zip.Writer, path string) error {
	content, err := os.Open(path)
	if err != nil {
		return err
	}
	defer content.Close()
	about, err := content.Stat()
	if err != nil {
		return err
	}
	header := &zip.FileHeader{Name: filepath.Base(path), Method: zip.Deflate, Modified: dawn}
	header.SetMode(0o644 | about.Mode()&0o111)
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, content)
	return err
}
