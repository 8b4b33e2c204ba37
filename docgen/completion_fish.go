package docgen

import "strings"

// fish writes a line for each word, with the condition under which it fits.
func (w *completionWriter) fish() {
	w.line("# Completion of sosh for fish, made by: sosh completion fish")
	w.line("# Put it into ~/.config/fish/completions as sosh.fish.\n")
	w.line("function __sosh_words --description 'The words behind the options of the program'")
	w.line("\tset -l valued %s", texts(w.options(true)))
	w.b.WriteString(fishWords)
	w.fishOptions()
	w.fishAt("", "-k", w.topics())
	w.line("complete -c sosh -n '__sosh_at 0' -k -a '(__fish_complete_suffix .lua; __fish_complete_suffix .sosh)'")
	w.fishAt("help", "-f", w.topics())
	for _, f := range w.table.Families() {
		w.fishAt(f, "-f", w.seconds(f))
		w.fishAt("help "+f, "-f", w.seconds(f))
	}
	w.fishAt("run", "", w.lessons())
	w.fishAt("completion", "-f", shellWords())
	for r := range w.table.All() {
		w.line("\n# %s", r.Name)
		for _, f := range w.flagWords(r) {
			w.fishFlag(r.Name, f, strings.Contains(" "+texts(w.valuedFlags(r))+" ", " "+f.text+" "), choices(r))
		}
		for _, c := range choices(r) {
			if c.param.Positional {
				w.line("complete -c sosh -n '__sosh_at %s %s' -f -a %s -d %s", c.at, r.Name, fishQuote(strings.Join(c.param.Enum, " ")), fishQuote(c.param.Help))
			}
		}
	}
}

func fishQuote(text string) string {
	return single(strings.ReplaceAll(text, `\`, `\\`), `\'`)
}

// fishAt offers words right behind others.
func (w *completionWriter) fishAt(behind, how string, words []word) {
	at := strings.TrimRight("0 "+behind, " ")
	if behind != "" {
		at = "1 " + behind
	}
	for _, x := range words {
		w.line("complete -c sosh -n '__sosh_at %s' %s -a %s -d %s", at, how, fishQuote(x.text), fishQuote(x.help))
	}
}

func (w *completionWriter) fishOptions() {
	for _, o := range w.program.Options {
		var names []string
		for _, name := range []string{o.Name, o.Short} {
			if long, ok := strings.CutPrefix(name, "--"); ok {
				names = append(names, "-l "+long)
			} else if short, ok := strings.CutPrefix(name, "-"); ok {
				names = append(names, "-s "+short)
			}
		}
		value := ""
		if o.Value != "" {
			value = " -x"
		}
		w.line("complete -c sosh -n '__sosh_at 0' %s%s -d %s", strings.Join(names, " "), value, fishQuote(o.Help))
	}
}

// fishFlag offers a flag behind a command, and its values.
func (w *completionWriter) fishFlag(row string, flag word, valued bool, list []choice) {
	more := ""
	if valued {
		more = " -r"
	}
	for _, c := range list {
		if c.at == flag.text {
			more = " -x -a " + fishQuote(strings.Join(c.param.Enum, " "))
		}
	}
	w.line("complete -c sosh -n '__sosh_in %s' -l %s%s -d %s", row, strings.TrimPrefix(flag.text, "--"), more, fishQuote(flag.help))
}

const fishWords = `	set -l tokens (commandline -opc)
	set -e tokens[1]
	while set -q tokens[1]; and string match -q -- '-*' $tokens[1]
		contains -- $tokens[1] $valued; and set -e tokens[1]
		set -e tokens[1]
	end
	set -q tokens[1]; and printf '%s\n' $tokens
end

function __sosh_in --description 'Whether the words begin with these'
	set -l tokens (__sosh_words)
	set -l n (count $argv)
	test (count $tokens) -ge $n; and test "$tokens[1..$n]" = "$argv"
end

function __sosh_at --description 'Whether the words are these, and the next is the positional of that number'
	set -l position $argv[1]
	set -e argv[1]
	set -l tokens (__sosh_words)
	if test $position -eq 0
		not set -q tokens[1]
		return
	end
	__sosh_in $argv; or return 1
	set -l n 1
	for token in $tokens[(math (count $argv) + 1)..]
		string match -q -- '-*' $token; or set n (math $n + 1)
	end
	test $n -eq $position
end

`
