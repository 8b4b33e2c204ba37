//go:build !windows

package netstat

import "sosh/primitive"

func noFiles(root string) error {
	return primitive.Newf(primitive.NotFound, "there is no resolv.conf, nsswitch.conf or hosts file").On(root).WithHint("--root names a folder that holds /etc")
}
