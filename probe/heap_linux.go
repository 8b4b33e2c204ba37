package probe

// A dueHeap orders the slots of probes in flight by when their time is over. It
// is container/heap without its interface, and it knows where each slot stands,
// so that an answer takes its probe out.
type dueHeap struct{ order []int32 }

func (h *dueHeap) push(slots []slot, i int32) {
	slots[i].place = int32(len(h.order))
	h.order = append(h.order, i)
	h.up(slots, len(h.order)-1)
}

// remove takes a slot out.
func (h *dueHeap) remove(slots []slot, i int32) {
	at, last := int(slots[i].place), len(h.order)-1
	h.swap(slots, at, last)
	h.order = h.order[:last]
	if at < last {
		h.down(slots, at)
		h.up(slots, at)
	}
}

func (h *dueHeap) up(slots []slot, at int) {
	for at > 0 {
		parent := (at - 1) / 2
		if slots[h.order[parent]].due <= slots[h.order[at]].due {
			return
		}
		h.swap(slots, at, parent)
		at = parent
	}
}

func (h *dueHeap) down(slots []slot, at int) {
	for {
		least := at
		for child := 2*at + 1; child <= 2*at+2 && child < len(h.order); child++ {
			if slots[h.order[child]].due < slots[h.order[least]].due {
				least = child
			}
		}
		if least == at {
			return
		}
		h.swap(slots, at, least)
		at = least
	}
}

func (h *dueHeap) swap(slots []slot, a, b int) {
	h.order[a], h.order[b] = h.order[b], h.order[a]
	slots[h.order[a]].place, slots[h.order[b]].place = int32(a), int32(b)
}
