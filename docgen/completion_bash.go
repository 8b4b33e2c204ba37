package docgen

import "strings"

// bash writes the tables as functions that set variables of their caller, and
// the walk along the words as it stands.
func (w *completionWriter) bash() {
	w.line("# Completion of sosh for bash, made by: sosh completion bash")
	w.line("# Source it, or put it into a folder of bash-completion as sosh.\n")
	w.posixTables()
	w.line("_sosh()\n{")
	w.line("\tlocal topics=%s", posixQuote(texts(w.topics())))
	w.line("\tlocal options=%s", posixQuote(texts(w.options(false))))
	w.line("\tlocal lessons=%s", posixQuote(texts(w.lessons())))
	w.line("\tlocal shells=%s", posixQuote(texts(shellWords())))
	w.line("\tlocal valued_options=%s", posixQuote(" "+texts(w.options(true))+" "))
	w.b.WriteString(bashWalk)
	w.line("complete -o default -F _sosh sosh")
}

func posixQuote(text string) string { return single(text, `'\''`) }

// posixTables writes what each command takes.
func (w *completionWriter) posixTables() {
	w.line("# The second words of a family.\n_sosh_family()\n{\n\tcase $1 in")
	for _, f := range w.table.Families() {
		w.line("\t%s) words=%s ;;", f, posixQuote(texts(w.seconds(f))))
	}
	w.line("\t*) words= ;;\n\tesac\n}\n")
	w.line("# The flags of a command, those with a value, and the words for one place: a\n# flag, or the number of a positional.\n_sosh_row()\n{\n\tflags= valued= words=\n\tcase $1 in")
	for r := range w.table.All() {
		w.line("\t'%s')\n\t\tflags=%s\n\t\tvalued=%s", r.Name, posixQuote(texts(w.flagWords(r))), posixQuote(" "+texts(w.valuedFlags(r))+" "))
		if list := choices(r); len(list) > 0 {
			w.line("\t\tcase $2 in")
			for _, c := range list {
				w.line("\t\t%s) words=%s ;;", c.at, posixQuote(strings.Join(c.param.Enum, " ")))
			}
			w.line("\t\tesac")
		}
		w.line("\t\t;;")
	}
	w.line("\tesac\n}\n")
}

// The walk: skip the program's options, find the command, then see whether a
// flag's value, a flag or a positional is being typed. Readline hands over
// --flag=value as three words and replaces the last; @file as two, and replaces
// both.
const bashWalk = `	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local words= flags= valued= key= i=1 position=1
	COMPREPLY=()
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	elif [[ $cur == @ || $prev == @ ]]; then
		COMPREPLY=( $(compgen -P @ -f -- "${cur#@}") )
		return
	fi
	while (( i < COMP_CWORD )) && [[ ${COMP_WORDS[i]} == -* ]]; do
		if [[ $valued_options == *" ${COMP_WORDS[i]} "* ]]; then
			[[ ${COMP_WORDS[i+1]} == = ]] && (( i++ ))
			(( i++ ))
		fi
		(( i++ ))
	done
	(( i > COMP_CWORD )) && return
	if (( i == COMP_CWORD )); then
		words=$topics
		[[ $cur == -* ]] && words=$options
		COMPREPLY=( $(compgen -W "$words" -- "$cur") )
		[[ -n $cur ]] && COMPREPLY+=( $(compgen -f -X '!*.lua' -- "$cur"; compgen -f -X '!*.sosh' -- "$cur") )
		return
	fi
	key=${COMP_WORDS[i]}
	case $key in
	help)
		if (( i + 1 == COMP_CWORD )); then
			words=$topics
		elif (( i + 2 == COMP_CWORD )); then
			_sosh_family "${COMP_WORDS[i+1]}"
		fi
		COMPREPLY=( $(compgen -W "$words" -- "$cur") )
		return ;;
	run)
		(( i + 1 == COMP_CWORD )) && COMPREPLY=( $(compgen -W "$lessons" -- "$cur"; compgen -f -- "$cur") )
		return ;;
	completion)
		COMPREPLY=( $(compgen -W "$shells" -- "$cur") )
		return ;;
	esac
	_sosh_family "$key"
	if [[ -n $words ]]; then
		(( i++ ))
		if (( i == COMP_CWORD )); then
			COMPREPLY=( $(compgen -W "$words" -- "$cur") )
			return
		fi
		key="$key ${COMP_WORDS[i]}"
	fi
	_sosh_row "$key" "$prev"
	if [[ $valued == *" $prev "* ]]; then
		COMPREPLY=( $(compgen -W "$words" -- "$cur") )
		return
	fi
	if [[ $cur == -* ]]; then
		COMPREPLY=( $(compgen -W "$flags" -- "$cur") )
		return
	fi
	while (( ++i < COMP_CWORD )); do
		if [[ $valued == *" ${COMP_WORDS[i]} "* ]]; then
			[[ ${COMP_WORDS[i+1]} == = ]] && (( i++ ))
			(( i++ ))
		elif [[ ${COMP_WORDS[i]} != -* ]]; then
			(( position++ ))
		fi
	done
	_sosh_row "$key" "$position"
	COMPREPLY=( $(compgen -W "$words" -- "$cur") )
}
`
