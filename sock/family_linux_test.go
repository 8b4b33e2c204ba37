package sock

import (
	"testing"

	"sosh/primitive"
)

func TestOtherSockaddrs(t *testing.T) {
	tests := []struct {
		family     Family
		host, back string
	}{
		{Vsock, "3", "3"},
		{Vsock, "", "1"},
		{Vsock, "host", "2"},
		{Bluetooth, "00:11:22:aa:bb:CC", "00:11:22:AA:BB:CC"},
	}
	for _, tt := range tests {
		sa := must(sockaddrOf(within(t), tt.family, primitive.Addr{Host: tt.host, Port: 7}))(t)
		if got := fromSockaddr(sa); got != (primitive.Addr{Host: tt.back, Port: 7}) {
			t.Errorf("%s %q: %v", tt.family, tt.host, got)
		}
		wantKind(t, second(sockaddrOf(within(t), tt.family, primitive.Addr{Host: "here", Port: 7})), primitive.Usage)
	}
}
