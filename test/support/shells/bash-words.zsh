# What an interactive bash makes of a line when Tab is pressed, as somebody sees it who types it.
# The bash is started in a terminal of its own. Arguments: the script of completion, then the line.
emulate -R zsh
zmodload zsh/zpty || exit 1
export SCRIPT=$1 WORDS=$(mktemp) TERM=dumb PS1='READY'
setup=$(mktemp)
cat >$setup <<'WITHIN'
# What comes of the line are words: each in a line of its own.
repram() { printf '%s\n' "$@" >"$WORDS"; printf 'NOT''ED'; }
source "$SCRIPT"
bind 'set completion-query-items 0'
printf 'START''ED\n'
WITHIN
zpty typed bash --norc --noprofile -i
zpty -w typed "source $setup"
zpty -r typed seen '*STARTED*' || exit 1
zpty -w -n typed "$2"$'\t\n'
zpty -r typed seen '*NOTED*' || exit 1
zpty -d typed
cat $WORDS
rm -f $WORDS $setup
