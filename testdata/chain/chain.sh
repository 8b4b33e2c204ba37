# Four routers in a row between this network namespace and the host s, each in a
# namespace of its own: 10.0.N.1 and 10.0.N.2 are the ends of link N, and
# fd00:N::1 and fd00:N::2. The host is 10.0.4.2. All is gone with the process.
mount -t tmpfs none /run
mkdir -p /run/netns

# set NAMESPACE SETTING VALUE
set_() { ip netns exec "$1" sh -c "echo '$3' > /proc/sys/net/$2"; }

# link OPTION NAMESPACE NUMBER: from the namespace of the option to another
link() {
	ip $1 link add "v$3" type veth peer name "w$3"
	ip $1 link set "w$3" netns "$2"
	ip $1 addr add "10.0.$3.1/24" dev "v$3"
	ip $1 -6 addr add "fd00:$3::1/64" dev "v$3" nodad
	ip $1 link set "v$3" up
	ip -n "$2" addr add "10.0.$3.2/24" dev "w$3"
	ip -n "$2" -6 addr add "fd00:$3::2/64" dev "w$3" nodad
	ip -n "$2" link set "w$3" up
}

ip link set lo up
echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
for n in r1 r2 r3 r4 s; do
	ip netns add $n
	ip -n $n link set lo up
	set_ $n ipv6/conf/default/accept_dad 0
	set_ $n ipv4/ip_forward 1
	set_ $n ipv6/conf/all/forwarding 1
	set_ $n ipv4/icmp_ratelimit 0 # each probe is answered
	set_ $n ipv6/icmp/ratelimit 0
done
link "" r1 0
link "-n r1" r2 1
link "-n r2" r3 2
link "-n r3" r4 3
link "-n r4" s 4
set_ r4 ipv4/neigh/v4/retrans_time_ms 100 # who is not there is soon known
set_ r4 ipv6/neigh/v4/retrans_time_ms 100
ip route add default via 10.0.0.2
ip -6 route add default via fd00:0::2
for i in 1 2 3; do
	ip -n r$i route add default via "10.0.$i.2"
	ip -n r$i -6 route add default via "fd00:$i::2"
done
ip -n s route add default via 10.0.4.1
ip -n s -6 route add default via fd00:4::1
for r in 2 3 4; do
	for j in 0 1 2; do
		if [ $j -lt $((r - 1)) ]; then
			ip -n r$r route add "10.0.$j.0/24" via "10.0.$((r - 1)).1"
			ip -n r$r -6 route add "fd00:$j::/64" via "fd00:$((r - 1))::1"
		fi
	done
done
ip -n r4 route add unreachable 10.0.90.0/24
ip -n r4 -6 route add unreachable fd00:90::/64
ip -n r3 route add prohibit 10.0.91.0/24
ip -n r3 -6 route add prohibit fd00:91::/64
ip -n r2 route add blackhole 10.0.92.0/24
ip -n r2 -6 route add blackhole fd00:92::/64
ping -n -c 1 -W 5 10.0.4.2 >/dev/null # the neighbours get to know each other
ping -n -c 1 -W 5 fd00:4::2 >/dev/null
