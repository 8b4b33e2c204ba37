//go:build !linux

package probe

import (
	"errors"
	"testing"
)

func listenShort(*testing.T) (string, error) { return "", errors.ErrUnsupported }
