package verbs

import (
	"context"
	"os"

	"sosh/dns"
	"sosh/primitive"
	"sosh/serve"
)

func dnsServices() []*primitive.Row {
	return []*primitive.Row{
		serve.New(serve.Spec{
			Name: "dns", Short: "Answer for a zone of the DNS",
			Doc: "A name server for one zone, over UDP and TCP on the same port. The zone is a master file (RFC 1035), or lines of one with --record, " +
				"joined by commas; names in it without a final dot are below --origin. It answers for its own zone alone (REFUSED otherwise) " +
				"and asks nobody else: names that NS records give away are referred to. A * stands for all names that are not there. " +
				"Answers over 512 bytes, or what the client takes by EDNS, are cut (TC), and whole over TCP. A line is logged for each question. " +
				"$INCLUDE and zone transfers are refused. --rcode and --drop try a client, of each question or those that --every and --chance choose.",
			Example: "serve 12345 dns --record 'www A 192.0.2.80' &; dns query www.test --server 127.0.0.1:12345",
		}, dnsService),
	}
}

type dnsServiceArgs struct {
	Zonefile string   `arg:"" optional:"" help:"master file of the zone"`
	Record   []string `help:"further records, as 'www A 127.0.0.1,mail A 127.0.0.2'"`
	Origin   string   `default:"test" help:"what names without a final dot are below"`
	Size     int      `default:"1232" min:"512" max:"65535" help:"most bytes of an answer by datagram"`
	Rcode    string   `help:"answer with this code instead: SERVFAIL, REFUSED …"`
	Drop     bool     `help:"do not answer"`
}

func dnsService(_ context.Context, host serve.Host, a dnsServiceArgs) (serve.Runner, error) {
	if a.Zonefile == "" && len(a.Record) == 0 {
		return serve.Runner{}, primitive.Usagef("dns needs a zone").WithHint("serve 5353 dns ZONEFILE, or serve 5353 dns --record 'www A 127.0.0.1'")
	}
	zone, err := readZone(a)
	if err != nil {
		return serve.Runner{}, err
	}
	server := &dns.Server{Zone: zone, Most: a.Size, Drop: a.Drop, Hit: host.Hit, Log: host.Log}
	if a.Rcode != "" {
		if server.Code, err = dns.ParseCode(a.Rcode); err != nil {
			return serve.Runner{}, err
		}
	}
	host.Log("zone %s", zone)
	return serve.Runner{Client: server.Client, Packets: serve.Answers(server.Datagram), Both: true}, nil
}

func readZone(a dnsServiceArgs) (*dns.Zone, error) {
	source := dns.Source{Lines: a.Record, Origin: a.Origin, Name: a.Zonefile}
	if a.Zonefile == "" {
		return dns.ReadZone(source)
	}
	f, err := os.Open(a.Zonefile)
	if err != nil {
		return nil, primitive.AsError(err).On(primitive.Escape(a.Zonefile, false)).WithHint("a zone without a file: serve 5353 dns --record 'www A 127.0.0.1'")
	}
	defer f.Close()
	source.File = f
	return dns.ReadZone(source)
}
