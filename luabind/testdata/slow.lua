nap(0.01)
slow_loads = (slow_loads or 0) + 1
return slow_loads
