//go:build tools

// Package tools pins the Pulumi CLI for machines that reach a Go module proxy but not Pulumi's download site.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
