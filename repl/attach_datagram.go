package repl

import (
	"context"
	"io"

	"sosh/primitive"
)

// attachDatagram sends each piece of input as a datagram and writes what comes.
func (sh *Shell) attachDatagram(ctx context.Context, u peerHandle, f frame) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer sh.guard()
		done <- sh.sendDatagrams(inner, cancel, u, f)
	}()
	err := receiveDatagrams(inner, u, f)
	cancel()
	sent := <-done
	if ctx.Err() != nil {
		return onHandle(ctx.Err(), u)
	}
	if primitive.KindOf(err) == primitive.Canceled {
		err = sent // the input ended, or sending failed
	}
	return onHandle(err, u)
}

// Most bytes of a datagram: what IPv4 and UDP headers leave of 65535.
const maxDatagram = 65507

func (sh *Shell) sendDatagrams(ctx context.Context, cancel func(), u peerHandle, f frame) error {
	defer cancel()
	buf := make([]byte, maxDatagram)
	for {
		n, err := sh.in.read(ctx, buf)
		if err == io.EOF {
			linger := datagramLinger
			if f.netcat != nil && f.netcat.linger >= 0 {
				linger = f.netcat.linger
			}
			pause(ctx, linger)
			return nil
		}
		if err == nil {
			_, err = u.Send(ctx, buf[:n])
		}
		if err != nil {
			return err
		}
	}
}

func receiveDatagrams(ctx context.Context, u peerHandle, f frame) error {
	for {
		data, err := u.Recv(ctx, readSize)
		if err != nil {
			return err
		}
		if err := f.bytes(data); err != nil {
			return err
		}
	}
}

// printDatagrams writes the datagrams that come to a bound socket.
func (sh *Shell) printDatagrams(ctx context.Context, u primitive.Handle, f frame) error {
	row, _ := sh.table.Find("recvfrom")
	for {
		result, err := sh.callOn(ctx, "recvfrom", u)
		if err != nil {
			return err
		}
		if err := sh.show(ctx, row, result, f); err != nil {
			return err
		}
	}
}
