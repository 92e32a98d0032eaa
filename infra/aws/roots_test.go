// SPDX-License-Identifier: EUPL-1.2

package aws_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"slices"
	"testing"
)

func TestRootsAreThoseOfAWSOnly(t *testing.T) {
	rest, err := os.ReadFile("amazon-roots.pem")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for block, after := pem.Decode(rest); block != nil; block, after = pem.Decode(after) {
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if err := root.CheckSignatureFrom(root); err != nil || !root.IsCA {
			t.Errorf("%s is no root: %v", root.Subject, err)
		}
		names = append(names, root.Subject.CommonName)
	}
	want := []string{
		"Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4",
		"Starfield Services Root Certificate Authority - G2",
	}
	if !slices.Equal(names, want) {
		t.Errorf("roots are %q, want %q", names, want)
	}
}
