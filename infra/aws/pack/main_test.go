// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// packed is the zip of the files, which are touched at the given moment.
func packed(t *testing.T, moment time.Time) string {
	t.Helper()
	folder := t.TempDir()
	bootstrap, roots := filepath.Join(folder, "deep", "bootstrap"), filepath.Join(folder, "roots.pem")
	if err := os.Mkdir(filepath.Dir(bootstrap), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{bootstrap: 0o755, roots: 0o600} {
		if err := os.WriteFile(path, []byte(filepath.Base(path)), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, moment, moment); err != nil {
			t.Fatal(err)
		}
	}
	target := filepath.Join(folder, "out.zip")
	if err := run([]string{target, bootstrap, roots}); err != nil {
		t.Fatal(err)
	}
	return target
}

func TestZipHoldsTheFilesByTheirNames(t *testing.T) {
	archive, err := zip.OpenReader(packed(t, time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	modes := map[string]os.FileMode{"bootstrap": 0o755, "roots.pem": 0o644}
	if len(archive.File) != len(modes) {
		t.Errorf("%d files, want %d", len(archive.File), len(modes))
	}
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		if string(content) != file.Name || file.Mode() != modes[file.Name] {
			t.Errorf("%s holds %q with mode %v", file.Name, content, file.Mode())
		}
	}
}

func TestSameFilesGiveTheSameBytes(t *testing.T) {
	var zips [2][]byte
	for i := range zips {
		content, err := os.ReadFile(packed(t, time.Now().AddDate(-i, 0, 0)))
		if err != nil {
			t.Fatal(err)
		}
		zips[i] = content
	}
	if !bytes.Equal(zips[0], zips[1]) {
		t.Error("another zip on another day")
	}
}

func TestRunRefuses(t *testing.T) {
	for name, arguments := range map[string][]string{
		"nothing":        nil,
		"no files":       {filepath.Join(t.TempDir(), "out.zip")},
		"no such file":   {filepath.Join(t.TempDir(), "out.zip"), filepath.Join(t.TempDir(), "gone")},
		"no such folder": {filepath.Join(t.TempDir(), "gone", "out.zip"), "main.go"},
	} {
		if run(arguments) == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
