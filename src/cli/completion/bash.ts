// Completion for bash 3.2 and newer, without the package bash-completion.
import type { DescribedCommand, DescribedOption, DescribedProgram, Offer } from './described';

export function bashScript(program: DescribedProgram): string {
  const { commands, options } = program;
  const names = commands.map(({ name }) => name);
  const valued = [...options, ...commands.flatMap((command) => command.options)].filter(takesValue);
  const flags = [...new Set(valued.flatMap((option) => option.flags))];
  return `# Completion of repram for bash. Made by: repram completion bash
_repram() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= place=0 skip= glue= each
  # bash takes a=b and a:b for three words.
  if [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $word == = ]]; then word=; fi
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ -z \${each//[:=]/} ]]; then glue=1 skip=; continue; fi
    if [[ -n $glue ]]; then glue=; continue; fi
    if [[ -n $skip ]]; then skip=; continue; fi
    case $each in
      ${flags.join('|')}) skip=1 ;;
      -?*) ;;
      *) if [[ -z $command ]]; then command=$each; else place=$((place + 1)); fi ;;
    esac
  done
  COMPREPLY=()
  case "$command $before" in
${commands.flatMap(optionValues).join('\n')}
${options
  .filter(takesValue)
  .flatMap((option) => valueCase('*', option))
  .join('\n')}
  esac
  if [[ $word == -* ]]; then
    case $command in
${commands.map(optionWords).join('\n')}
      *) ${words(options.flatMap((option) => option.flags))} ;;
    esac
    return
  fi
  if [[ -z $command ]]; then ${words(names)}; return; fi
  case "$command $place" in
${commands.flatMap((command) => placed(command, names)).join('\n')}
  esac
}
# An old bash cannot be told while it completes.
if type compopt >/dev/null 2>&1; then complete -F _repram repram
else complete -o default -F _repram repram; fi
`;
}

function takesValue({ value }: DescribedOption): boolean {
  return value !== null;
}

function words(list: readonly string[]): string {
  return `COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$word"))`;
}

function offer(value: Offer): string {
  switch (value.kind) {
    case 'words':
      return words(value.words);
    case 'file':
      // The shell completes these itself: it quotes them, and a name may read as a command.
      return 'compopt -o default 2>/dev/null';
    case 'nothing':
      return ':';
  }
}

function valueCase(command: string, { flags, value }: DescribedOption): string[] {
  return flags.map(
    (flag) =>
      `    ${command === '*' ? `*' ${flag}'` : `'${command} ${flag}'`}) ${offer(value ?? { kind: 'nothing' })}; return ;;`,
  );
}

function optionValues({ name, options }: DescribedCommand): string[] {
  return options.filter(takesValue).flatMap((option) => valueCase(name, option));
}

function optionWords({ name, options }: DescribedCommand): string {
  return `      ${name}) ${words(options.flatMap(({ flags }) => flags))} ;;`;
}

function placed(command: DescribedCommand, names: readonly string[]): string[] {
  const { name } = command;
  if (name === 'help') return [`    'help 0') ${words(names)} ;;`];
  return command.arguments.map((each, place) => `    '${name} ${place}') ${offer(each)} ;;`);
}
