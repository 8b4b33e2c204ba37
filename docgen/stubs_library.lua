-- What Lua offers beside the primitives.

---Ends the script and its tasks.
---@param code? integer|boolean exit code; true and nothing are 0, false is 1
function exit(code) end

---Runs a line of the shell and gives its result.
---@param line string
---@return any result nil when it failed; true when there is nothing to tell
---@return string? message
---@return Kind? kind
function sosh(line) end

---Functions put here become commands of the shell: command.greet is greet.
---@type table<string, function>
command = {}

---The arguments of the script; arg[0] is its name.
---@type table<integer, string>
arg = {}

---Tasks: functions that run beside each other and switch where they wait.
task = {}

---Runs a function as a task of its own.
---@param fn function
---@param ... any arguments of the function
---@return Task
function task.spawn(fn, ...) end

---Waits.
---@param seconds number
---@return true? done nil when it was interrupted
---@return string? message
---@return Kind? kind
function task.sleep(seconds) end

---The tasks that run, and those that ended lately.
---@return Task[]
function task.list() end

---The running task; nil in the script itself.
---@return Task?
function task.current() end

---Runs a function while no other task does; what may wait raises inside.
---@param fn function
---@param ... any arguments of the function
---@return any ... its results
function task.atomic(fn, ...) end

---A queue that carries values between tasks.
---@param n? integer how many values it holds; 1 when left out
---@return Queue
function task.queue(n) end

---A mutex, to keep tasks apart across calls that wait.
---@return Mutex
function task.mutex() end

---A group: tasks that are waited for together; the first that fails cancels the
---others. With a function: calls it with the group, then waits.
---@param fn fun(g: Group, ...: any)
---@param ... any further arguments of the function
---@return any[]? results what each task gave first; nil when one failed
---@return string? message
---@return Kind? kind
---@overload fun(): Group
function task.group(fn, ...) end

---Calls a function and interrupts it when it takes longer.
---@param seconds number
---@param fn function
---@param ... any arguments of the function
---@return any ... its results; nil, message, "timeout" when it took longer
function task.timeout(seconds, fn, ...) end

---Starts a task that calls a function again and again, at fixed times; calls that
---would be late are left out. It ends when it is cancelled, the function raises,
---or it returns false.
---@param seconds number at least 0.001
---@param fn function
---@param ... any arguments of the function
---@return Task
function task.every(seconds, fn, ...) end

---@class Task
local Task = {}

---Waits for the task.
---@return any ... its results; nil, message, kind when it failed
function Task:join() end

---Interrupts the task, which may clean up; the second time for good.
---@return true
function Task:cancel() end

---@class Group
local Group = {}

---Starts a task in the group; in one that has failed it begins cancelled.
---@param fn function
---@param ... any arguments of the function
---@return Task
function Group:spawn(fn, ...) end

---Waits for all tasks; the group is empty afterwards.
---@return any[]? results what each task gave first; nil when one failed
---@return string? message
---@return Kind? kind
function Group:wait() end

---Interrupts the tasks of the group.
---@return true
function Group:cancel() end

---@class Queue
local Queue = {}

---Adds a value; waits while the queue is full.
---@param value any not nil
---@param seconds? number give up after this long
---@return true? done nil when it failed
---@return string? message
---@return Kind? kind closed, timeout or canceled
function Queue:put(value, seconds) end

---Takes the oldest value; waits while the queue is empty.
---@param seconds? number give up after this long
---@return any value nil when it failed
---@return string? message
---@return Kind? kind closed when the queue is closed and empty
function Queue:get(seconds) end

---Ends the queue; what is in it can still be taken.
---@return true
function Queue:close() end

---How many values are in it.
---@return integer
function Queue:len() end

---@class Mutex
local Mutex = {}

---Waits for the mutex and takes it.
---@return true? done nil when it was interrupted
---@return string? message
---@return Kind? kind
function Mutex:lock() end

---Lets go of the mutex.
---@return true
function Mutex:unlock() end

---Calls a function with the mutex held, and lets go whatever happens.
---@param fn function
---@param ... any arguments of the function
---@return any ... its results
function Mutex:with(fn, ...) end

---JSON.
json = {}

---What null becomes, and what becomes null.
---@type userdata
json.null = nil

---One line of JSON; what JSON cannot say raises.
---@param value any
---@return string
function json.encode(value) end

---Reads JSON; arrays stay arrays, null is json.null.
---@param text string
---@return any value nil when it failed
---@return string? message
---@return Kind? kind
function json.decode(text) end

---Marks a table as an array, so that an empty one is [].
---@param t? table
---@return table
function json.array(t) end

---Bytes as hexadecimal digits.
hex = {}

---@param data string
---@return string digits
function hex.encode(data) end

---Reads digits in pairs, with blanks and colons between.
---@param digits string
---@return string? data nil when it failed
---@return string? message
---@return Kind? kind
function hex.decode(digits) end

---Sixteen bytes a line, with their characters.
---@param data string
---@return string
function hex.dump(data) end

---Bytes as base64.
base64 = {}

---@param data string
---@return string
function base64.encode(data) end

---Reads the standard and the URL alphabet, padded or not.
---@param text string
---@return string? data nil when it failed
---@return string? message
---@return Kind? kind
function base64.decode(text) end

---Numbers and strings as bytes. The formats are those of Lua 5.3's string.pack,
---without alignment: < > = ! for the byte order; b B h H i[n] I[n] l L j J for
---whole numbers; f d for floats; s[n] for a string after its length; z for one
---that a zero byte ends; x for a zero byte.
pack = {}

---@param format string
---@param ... number|string
---@return string
function pack.pack(format, ...) end

---@param format string
---@param data string
---@param position? integer where to begin; 1 when left out
---@return any ... the values and the position after them; nil, message, kind when the data is too short
function pack.unpack(format, data, position) end

---Operations on whole numbers of 32 bits; results are not negative.
bit = {}

---@param a integer
---@param ... integer
---@return integer
function bit.band(a, ...) end

---@param a integer
---@param ... integer
---@return integer
function bit.bor(a, ...) end

---@param a integer
---@param ... integer
---@return integer
function bit.bxor(a, ...) end

---@param a integer
---@return integer
function bit.bnot(a) end

---@param a integer
---@param n integer
---@return integer
function bit.lshift(a, n) end

---@param a integer
---@param n integer
---@return integer
function bit.rshift(a, n) end

---Digests, as hexadecimal digits.
hash = {}

---@param data string
---@return string
function hash.md5(data) end

---@param data string
---@return string
function hash.sha1(data) end

---@param data string
---@return string
function hash.sha256(data) end

---@param data string
---@return string
function hash.crc32(data) end

---unpack, by the name it has in later versions of Lua.
---@param list table
---@param first? integer
---@param last? integer
---@return any ...
function table.unpack(list, first, last) end
