package docgen

import "strings"

// zsh writes the words with their meanings, for _describe.
func (w *completionWriter) zsh() {
	w.line("#compdef sosh")
	w.line("# Completion of sosh for zsh, made by: sosh completion zsh")
	w.line("# Put it into a folder of $fpath as _sosh, or source it after compinit.\n")
	w.line("# The second words of a family.\n_sosh_family() {\n  candidates=()\n  case $1 in")
	for _, f := range w.table.Families() {
		w.line("  %s) candidates=(%s) ;;", f, zshWords(w.seconds(f)))
	}
	w.line("  esac\n}\n")
	w.zshRows()
	w.line("_sosh() {\n  local -a topics options lessons shells valued_options")
	w.line("  topics=(%s)", zshWords(w.topics()))
	w.line("  options=(%s)", zshWords(w.options(false)))
	w.line("  lessons=(%s)", zshWords(w.lessons()))
	w.line("  shells=(%s)", zshWords(shellWords()))
	w.line("  valued_options=(%s)", texts(w.options(true)))
	w.b.WriteString(zshWalk)
}

func (w *completionWriter) zshRows() {
	w.line("# The flags of a command, those with a value, and the words for one place: a\n# flag, or the number of a positional.\n_sosh_row() {\n  flags=() valued=() candidates=()\n  case $1 in")
	for r := range w.table.All() {
		w.line("  '%s')\n    flags=(%s)\n    valued=(%s)", r.Name, zshWords(w.flagWords(r)), texts(w.valuedFlags(r)))
		if list := choices(r); len(list) > 0 {
			w.line("    case $2 in")
			for _, c := range list {
				w.line("    %s) candidates=(%s) ;;", c.at, zshEnum(c.param.Enum))
			}
			w.line("    esac")
		}
		w.line("    ;;")
	}
	w.line("  esac\n}\n")
}

func zshEnum(values []string) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = posixQuote(strings.ReplaceAll(v, ":", `\:`))
	}
	return strings.Join(list, " ")
}

// zshWords is 'word:meaning' of each; a colon in a word would end it.
func zshWords(words []word) string {
	list := make([]string, len(words))
	for i, x := range words {
		list[i] = posixQuote(strings.ReplaceAll(x.text, ":", `\:`) + ":" + x.help)
	}
	return strings.Join(list, " ")
}

const zshWalk = `  local cur=${words[CURRENT]} prev=${words[CURRENT-1]} key
  local -a flags valued candidates
  local -i i=2 position=1
  while (( i < CURRENT )) && [[ ${words[i]} == -* ]]; do
    (( ${valued_options[(Ie)${words[i]}]} )) && (( i++ ))
    (( i++ ))
  done
  if (( i > CURRENT )); then
    _files
    return
  fi
  if (( i == CURRENT )); then
    if [[ $cur == -* ]]; then
      _describe -o option options
    else
      _describe command topics
      _files -g '*.(lua|sosh)'
    fi
    return
  fi
  key=${words[i]}
  case $key in
  help)
    if (( i + 1 == CURRENT )); then
      _describe command topics
    elif (( i + 2 == CURRENT )); then
      _sosh_family ${words[i+1]}
      _describe command candidates
    fi
    return ;;
  run)
    (( i + 1 == CURRENT )) && _describe lesson lessons
    _files
    return ;;
  completion)
    _describe shell shells
    return ;;
  esac
  _sosh_family $key
  if (( $#candidates )); then
    (( i++ ))
    if (( i == CURRENT )); then
      _describe command candidates
      return
    fi
    key="$key ${words[i]}"
  fi
  if [[ $cur == --*=* ]]; then
    prev=${cur%%=*}
    compset -P '*='
  fi
  _sosh_row $key $prev
  if (( ${valued[(Ie)$prev]} )); then
    if (( $#candidates )); then
      _describe value candidates
    else
      _files
    fi
    return
  fi
  if [[ $cur == -* ]]; then
    _describe -o flag flags
    return
  fi
  while (( ++i < CURRENT )); do
    if (( ${valued[(Ie)${words[i]}]} )); then
      (( i++ ))
    elif [[ ${words[i]} != -* ]]; then
      (( position++ ))
    fi
  done
  _sosh_row $key $position
  if (( $#candidates )); then
    _describe value candidates
    return
  fi
  [[ $cur == @* ]] && compset -P @
  _files
}

if [[ $funcstack[1] == _sosh ]]; then
  _sosh "$@"
elif (( $+functions[compdef] )); then
  compdef _sosh sosh
fi
`
