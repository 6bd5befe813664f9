// Command etcd is the server of the etcd module as it stands: its own command lives in a module that
// cannot be required, because it replaces its parts by folders.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
