// SPDX-License-Identifier: EUPL-1.2

package model

import (
	"regexp"
	"slices"
	"strings"
)

// parser reads the part of DynamoDB's expressions that is in use: comparisons,
// BETWEEN, AND, OR, NOT, brackets and three functions in conditions; SET of
// values and ADD of numbers in updates. Attributes and values come as
// placeholders only. All else is refused.
type parser struct {
	*expressions
	tokens []string
}

const maxExpression = 4 << 10 // bytes

var tokenForm = regexp.MustCompile(`^\s*([#:]?\w+|<=|>=|<>|[=<>(),])`)

func (e *expressions) parse(text string) (*parser, error) {
	if len(text) > maxExpression {
		return nil, invalid("Expression size has exceeded the maximum allowed size")
	}
	p := &parser{expressions: e}
	for rest := strings.TrimSpace(text); rest != ""; {
		match := tokenForm.FindStringSubmatchIndex(rest)
		if match == nil {
			return nil, unknown("expression at %q", rest)
		}
		p.tokens = append(p.tokens, rest[match[2]:match[3]])
		rest = strings.TrimLeft(rest[match[1]:], " \t\r\n")
	}
	return p, nil
}

func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) next() string {
	token := p.peek()
	p.tokens = p.tokens[min(1, len(p.tokens)):]
	return token
}

// take takes a token if it comes next; a word in capitals or not.
func (p *parser) take(token string) bool {
	if !strings.EqualFold(p.peek(), token) {
		return false
	}
	p.next()
	return true
}

func (p *parser) expect(token string) error {
	if found := p.peek(); !p.take(token) {
		return unknown("expression with %q where %q belongs", found, token)
	}
	return nil
}

func (p *parser) end() error {
	if len(p.tokens) > 0 {
		return unknown("expression with %q where it should end", p.peek())
	}
	return nil
}

func (p *parser) disjunction() (condition, error) {
	first, err := p.conjunction()
	for err == nil && p.take("OR") {
		var second condition
		second, err = p.conjunction()
		first = either{first, second}
	}
	return first, err
}

func (p *parser) conjunction() (condition, error) {
	first, err := p.negation()
	for err == nil && p.take("AND") {
		var second condition
		second, err = p.negation()
		first = both{first, second}
	}
	return first, err
}

func (p *parser) negation() (condition, error) {
	if p.take("NOT") {
		of, err := p.negation()
		return negation{of}, err
	}
	return p.term()
}

func (p *parser) term() (condition, error) {
	switch {
	case p.take("("):
		inner, err := p.disjunction()
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	case strings.HasPrefix(p.peek(), "#"), strings.HasPrefix(p.peek(), ":"):
		return p.comparison()
	}
	return p.function()
}

// function is one of three; their names are not as free as other words.
func (p *parser) function() (condition, error) {
	name := p.next()
	if !slices.Contains([]string{"attribute_exists", "attribute_not_exists", "begins_with"}, name) {
		return nil, unknown("expression with %q", name)
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	of, err := p.operand()
	if err != nil {
		return nil, err
	}
	var c condition
	switch {
	case name == "begins_with":
		if c, err = p.prefix(of); err != nil {
			return nil, err
		}
	case of.name == "":
		return nil, invalid("Operator or function requires a document path; operator or function: %s", name)
	case name == "attribute_exists":
		c = existence{of.name}
	default:
		c = negation{existence{of.name}}
	}
	return c, p.expect(")")
}

func (p *parser) prefix(of operand) (condition, error) {
	if err := p.expect(","); err != nil {
		return nil, err
	}
	start, err := p.operand()
	if err != nil {
		return nil, err
	}
	for _, o := range []operand{of, start} {
		if o.name == "" && o.value.S == nil && o.value.B == nil {
			return nil, invalid("Incorrect operand type for operator or function; operator or function: begins_with, operand type: %s", o.value.kind())
		}
	}
	return prefix{of, start}, nil
}

func (p *parser) comparison() (condition, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	if p.take("BETWEEN") {
		return p.between(left)
	}
	sign := p.next()
	if !slices.Contains([]string{"=", "<>", "<", "<=", ">", ">="}, sign) {
		return nil, unknown("expression with %q", sign)
	}
	right, err := p.operand()
	if err == nil && sign != "=" && sign != "<>" {
		err = haveOrder(sign, left, right)
	}
	return comparison{left, right, sign}, err
}

func (p *parser) between(of operand) (condition, error) {
	low, err := p.operand()
	if err != nil {
		return nil, err
	}
	if err := p.expect("AND"); err != nil {
		return nil, err
	}
	high, err := p.operand()
	if err != nil {
		return nil, err
	}
	if err := haveOrder("BETWEEN", of, low, high); err != nil {
		return nil, err
	}
	if low.name == "" && high.name == "" {
		order, ordered := low.value.compare(high.value)
		if !ordered {
			return nil, invalid("The BETWEEN operator requires same data type for lower and upper bounds")
		}
		if order > 0 {
			return nil, invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound")
		}
	}
	return between{of, low, high}, nil
}

// haveOrder refuses values that come neither before nor after others.
func haveOrder(sign string, operands ...operand) error {
	for _, o := range operands {
		if kind := o.value.kind(); o.name == "" && (kind == "BOOL" || kind == "NULL") {
			return invalid("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", sign, kind)
		}
	}
	return nil
}

func (p *parser) operand() (operand, error) {
	token := p.next()
	switch {
	case strings.HasPrefix(token, "#"):
		name, err := p.name(token)
		return operand{name: name}, err
	case strings.HasPrefix(token, ":"):
		value, err := p.value(token)
		return operand{value: value}, err
	}
	return operand{}, unknown("expression with %q where a placeholder belongs", token)
}

// sections reads an update: SET and ADD, each at most once.
func (p *parser) sections() (update, error) {
	var u update
	done := make(map[string]bool)
	for len(p.tokens) > 0 {
		section := strings.ToUpper(p.next())
		if section != "SET" && section != "ADD" {
			return nil, unknown("update with %q", section)
		}
		if done[section] {
			return nil, invalid("Invalid UpdateExpression: The %q section can only be used once in an update expression;", section)
		}
		done[section] = true
		for more := true; more; more = p.take(",") {
			s, err := p.step(section == "ADD")
			if err != nil {
				return nil, err
			}
			u = append(u, s)
		}
	}
	if len(u) == 0 {
		return nil, invalid("Invalid UpdateExpression: The expression can not be empty;")
	}
	return u, nil
}

func (p *parser) step(add bool) (step, error) {
	path, err := p.operand()
	if err != nil {
		return step{}, err
	}
	if !add {
		if err := p.expect("="); err != nil {
			return step{}, err
		}
	}
	value, err := p.operand()
	switch {
	case err != nil:
		return step{}, err
	case path.name == "" || value.name != "":
		return step{}, unknown("update that does not give attributes values")
	case add && value.value.N == nil:
		return step{}, invalid("Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: %s", value.value.kind())
	}
	return step{path.name, value.value, add}, nil
}
