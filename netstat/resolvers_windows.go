package netstat

import "sosh/primitive"

func noFiles(root string) error {
	return primitive.Newf(primitive.Unsupported, "Windows keeps its name servers in the registry").On(root).WithHint("!ipconfig /all shows them")
}
