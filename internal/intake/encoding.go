// SPDX-License-Identifier: EUPL-1.2

package intake

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// What can be wrong with a file as a whole.
var (
	errFileRead    = &flaw{"read", "Het bestand kon niet worden gelezen."}
	errFileSize    = &flaw{"tooLarge", "Het bestand is groter dan 5 MiB. Verdeel de regels over meer bestanden."}
	errFileEmpty   = &flaw{"empty", "Het bestand is leeg."}
	errWorkbook    = &flaw{"workbook", "Dit is een Excel-werkmap. Kies in Excel Opslaan als en dan CSV UTF-8 (door lijstscheidingsteken gescheiden)."}
	errFileUnicode = &flaw{"encoding", "De tekens in het bestand zijn beschadigd. Kies in Excel Opslaan als en dan CSV UTF-8."}
	errNotText     = &flaw{"notText", "Dit is geen tekstbestand. Kies in Excel Opslaan als en dan CSV UTF-8."}
)

// decodeText turns a file's bytes into text: by its byte order mark where it
// has one, else as UTF-8 where that fits, else as Windows-1252, in which every
// byte is a character.
func decodeText(data string) (string, *flaw) {
	text, marked := strings.CutPrefix(data, string(byteOrderMark))
	switch {
	case strings.HasPrefix(data, "PK\x03\x04"), strings.HasPrefix(data, "\xD0\xCF\x11\xE0"):
		return "", errWorkbook
	case strings.HasPrefix(data, "\xFF\xFE"):
		return decodeUTF16([]byte(data[2:]), binary.LittleEndian)
	case strings.HasPrefix(data, "\xFE\xFF"):
		return decodeUTF16([]byte(data[2:]), binary.BigEndian)
	case utf8.ValidString(data):
	case marked:
		return "", errFileUnicode
	default:
		decoded, err := charmap.Windows1252.NewDecoder().String(data)
		if err != nil {
			return "", errFileUnicode
		}
		text = decoded
	}
	if strings.IndexByte(text, 0) >= 0 {
		return "", errNotText
	}
	return text, nil
}

func decodeUTF16(data []byte, order binary.ByteOrder) (string, *flaw) {
	if len(data)%2 != 0 {
		return "", errFileUnicode
	}
	text := make([]byte, 0, len(data))
	for len(data) > 0 {
		unit, size := rune(order.Uint16(data)), 2
		if utf16.IsSurrogate(unit) {
			size = 4
			if len(data) < size {
				return "", errFileUnicode
			}
			unit = utf16.DecodeRune(unit, rune(order.Uint16(data[2:])))
			if unit == utf8.RuneError {
				return "", errFileUnicode
			}
		}
		if unit == 0 {
			return "", errNotText
		}
		text = utf8.AppendRune(text, unit)
		data = data[size:]
	}
	return string(text), nil
}
