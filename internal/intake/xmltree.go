// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// What a notice may cost to read. Published notices stay far below all of them.
const (
	maxNoticeBytes = 1 << 20
	maxTextBytes   = 64 << 10
	maxDepth       = 64
	maxElements    = 200_000
	maxAttributes  = 64 // of one element
)

var byteOrderMark = []byte("\uFEFF")

// element is an XML element with resolved namespaces. A nil element stands for
// one that is absent: it has no text, no attributes and no children.
type element struct {
	name     xml.Name
	attrs    []xml.Attr
	chars    []byte
	children []*element
}

// parseXML reads a whole document within the bounds above and gives its root.
// Directives are refused, so there is no DOCTYPE and no entity to expand.
func parseXML(data []byte) (*element, error) {
	if !utf8.Valid(data) {
		return nil, ErrEncoding
	}
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, byteOrderMark)))
	decoder.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, ErrEncoding }
	var tree builder
	for {
		token, err := decoder.Token()
		line, _ := decoder.InputPos()
		switch {
		case errors.Is(err, io.EOF) && tree.root != nil:
			return tree.root, nil
		case errors.Is(err, ErrEncoding):
			return nil, ErrEncoding.atLine(line)
		case err != nil:
			return nil, ErrSyntax.atLine(line)
		}
		if fault := tree.add(token); fault != nil {
			return nil, fault.atLine(line)
		}
	}
}

// builder grows the tree token by token.
type builder struct {
	root     *element
	open     []*element
	elements int
}

func (b *builder) add(token xml.Token) *Error {
	switch token := token.(type) {
	case xml.StartElement:
		return b.start(token)
	case xml.EndElement:
		b.open = b.open[:len(b.open)-1]
	case xml.CharData:
		return b.text(token)
	case xml.Directive:
		return ErrUnsafe
	}
	return nil
}

func (b *builder) start(token xml.StartElement) *Error {
	e := &element{name: token.Name, attrs: token.Attr}
	b.elements++
	switch {
	case b.elements > maxElements:
		return overLimit(fmt.Sprintf("De aankondiging bevat meer dan %d elementen.", maxElements))
	case len(token.Attr) > maxAttributes:
		return overLimit(fmt.Sprintf("De aankondiging bevat een element met meer dan %d attributen.", maxAttributes))
	case len(b.open) == maxDepth:
		return overLimit(fmt.Sprintf("De aankondiging is dieper genest dan %d niveaus.", maxDepth))
	case len(b.open) > 0:
		parent := b.open[len(b.open)-1]
		parent.children = append(parent.children, e)
	case b.root != nil:
		return ErrSyntax
	default:
		b.root = e
	}
	b.open = append(b.open, e)
	return nil
}

func (b *builder) text(chars xml.CharData) *Error {
	if len(b.open) == 0 {
		if len(bytes.TrimSpace(chars)) > 0 {
			return ErrSyntax
		}
		return nil
	}
	e := b.open[len(b.open)-1]
	e.chars = append(e.chars, chars...)
	if len(e.chars) > maxTextBytes {
		return overLimit(fmt.Sprintf("De aankondiging bevat een tekst van meer dan %d KiB.", maxTextBytes>>10))
	}
	return nil
}

// namespaces are those of the eForms schemas, under their usual prefixes.
var namespaces = map[string]string{
	"cac":   "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
	"cbc":   "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
	"ext":   "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
	"efac":  "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
	"efbc":  "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
	"efext": "http://data.europa.eu/p27/eforms-ubl-extensions/1",
}

// all gives the descendants at a path such as "cac:Party/cbc:ID", in order.
func (e *element) all(path string) []*element {
	if e == nil {
		return nil
	}
	step, rest, deeper := strings.Cut(path, "/")
	prefix, local, _ := strings.Cut(step, ":")
	var found []*element
	for _, child := range e.children {
		switch {
		case child.name.Local != local || child.name.Space != namespaces[prefix]:
		case deeper:
			found = append(found, child.all(rest)...)
		default:
			found = append(found, child)
		}
	}
	return found
}

// first is the first descendant at a path, nil where there is none.
func (e *element) first(path string) *element {
	if found := e.all(path); len(found) > 0 {
		return found[0]
	}
	return nil
}

// text is the element's own text without the space around it.
func (e *element) text() string {
	if e == nil {
		return ""
	}
	return string(bytes.TrimSpace(e.chars))
}

// attr is the value of an attribute without namespace, empty where it is absent.
func (e *element) attr(name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// texts gives the texts at a path that are not empty.
func (e *element) texts(path string) []string {
	var found []string
	for _, at := range e.all(path) {
		if text := at.text(); text != "" {
			found = append(found, text)
		}
	}
	return found
}

// codes gives the values at a path that come from the named code list.
func (e *element) codes(path, list string) []string {
	var found []string
	for _, at := range e.all(path) {
		if code := at.text(); code != "" && at.attr("listName") == list {
			found = append(found, code)
		}
	}
	return found
}

// code is the first of codes, empty where there is none.
func (e *element) code(path, list string) string {
	if found := e.codes(path, list); len(found) > 0 {
		return found[0]
	}
	return ""
}
