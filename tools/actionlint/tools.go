//go:build tools

// Package tools pins actionlint, whose Python package is built by a download that not every machine reaches.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
