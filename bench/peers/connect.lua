assert(require("socket").connect(arg[1], tonumber(arg[2]))):close()
