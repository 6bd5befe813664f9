//go:build tools

// Package tools pins the API server for machines that reach a Go module proxy but not Kubernetes' download site.
package tools

import _ "k8s.io/kubernetes/cmd/kube-apiserver"
