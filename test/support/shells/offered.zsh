# What zsh offers for a line, as somebody sees it who types it and presses Tab. An interactive zsh is
# started in a terminal of its own. Arguments: the script of completion, then the line.
emulate -R zsh
zmodload zsh/zpty || exit 1
export SCRIPT=$1 OFFERED=$(mktemp) TERM=dumb
setup=$(mktemp)
cat >$setup <<'WITHIN'
autoload -Uz compinit && compinit -u -D
source $SCRIPT
# Whatever a completion adds passes here: what fits the line is noted.
compadd() {
  local -a found
  if (( ! ${argv[(I)-[OAD]]} )); then
    builtin compadd -A found "$@"
    (( $#found )) && print -rl -- $found >>$OFFERED
  fi
  builtin compadd "$@"
}
noted() { _main_complete; print -n 'NOTED' >/dev/tty }
zle -C noted list-choices noted
bindkey '^I' noted
print 'READY'
WITHIN
zpty typed zsh -f -i
zpty -w typed "source $setup"
zpty -r typed seen '*READY*' || exit 1
zpty -w -n typed "$2"$'\t'
zpty -r typed seen '*NOTED*' || exit 1
zpty -d typed
cat $OFFERED
rm -f $OFFERED $setup
