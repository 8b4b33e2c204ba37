package probe

import (
	"strconv"
	"strings"

	"sosh/primitive"
)

// A Shard is one of Count equal parts of a scan. The zero Shard is all of it.
type Shard struct {
	Index, Count int // Index is 1 to Count
}

// stride is the first probe of the shard and the distance to the next.
func (s Shard) stride() (first, count uint64) {
	if s.Count == 0 {
		return 0, 1
	}
	return uint64(s.Index - 1), uint64(s.Count)
}

// Most shards of one scan.
const maxShards = 1 << 20

// ParseShard reads "2/7". "auto" takes the place from the environment of a job
// runner, and "auto/7" the place alone: Kubernetes' indexed Jobs
// (JOB_COMPLETION_INDEX, from 0), Slurm's job arrays (SLURM_ARRAY_TASK_ID and
// _MIN, _COUNT, _STEP) and GNU parallel (PARALLEL_SEQ, from 1). Kubernetes and
// parallel do not say how many there are: SOSH_SHARDS does, or the text.
func ParseShard(text string, env func(string) string) (Shard, error) {
	if text == "" {
		return Shard{}, nil
	}
	place, of, found := strings.Cut(text, "/")
	var s Shard
	var ok bool
	if place == "auto" {
		return autoShard(of, found, env)
	}
	if s.Index, ok = positive(place); found && ok {
		s.Count, ok = positive(of)
	}
	if !found || !ok || s.Index > s.Count {
		return Shard{}, primitive.Usagef("%s is no shard", primitive.Quote(text)).
			WithHint("shards are 1/7 to 7/7, or auto, auto/7 under Kubernetes, Slurm or GNU parallel")
	}
	return s, nil
}

func positive(text string) (int, bool) {
	n, err := strconv.ParseUint(text, 10, 31)
	return int(n), err == nil && n >= 1 && n <= maxShards
}

// A runner is how a job runner tells a job its place.
type runner struct {
	place, base, step, count string // variables; base and step may be empty
	first                    int    // the first place where base is not set
}

func runners() []runner {
	return []runner{
		{place: "JOB_COMPLETION_INDEX", count: "SOSH_SHARDS"},
		{place: "SLURM_ARRAY_TASK_ID", base: "SLURM_ARRAY_TASK_MIN", step: "SLURM_ARRAY_TASK_STEP", count: "SLURM_ARRAY_TASK_COUNT"},
		{place: "PARALLEL_SEQ", count: "SOSH_SHARDS", first: 1},
	}
}

func autoShard(of string, told bool, env func(string) string) (Shard, error) {
	for _, r := range runners() {
		if env(r.place) == "" {
			continue
		}
		if !told {
			of = env(r.count)
		}
		return r.shard(of, env)
	}
	return Shard{}, primitive.Usagef("no job runner says which shard this is").
		WithHint("JOB_COMPLETION_INDEX (Kubernetes), SLURM_ARRAY_TASK_ID (Slurm) or PARALLEL_SEQ (GNU parallel) does; else write --shard 1/7")
}

func (r runner) shard(of string, env func(string) string) (Shard, error) {
	count, ok := positive(of)
	if !ok {
		return Shard{}, primitive.Usagef("%s says which shard this is, but not of how many", r.place).
			WithHint("write --shard auto/7, or set %s=7", r.count)
	}
	place, err := strconv.Atoi(env(r.place))
	base, step := number(env(r.base), r.first), number(env(r.step), 1)
	index := (place-base)/max(step, 1) + 1
	if err != nil || index < 1 || index > count {
		return Shard{}, primitive.Usagef("%s=%s is no place among %d shards", r.place, primitive.Quote(env(r.place)), count)
	}
	return Shard{index, count}, nil
}

func number(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return otherwise
}
