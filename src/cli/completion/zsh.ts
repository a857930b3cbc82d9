// Completion for zsh, by its own _arguments and _describe.
import type { DescribedCommand, DescribedOption, DescribedProgram, Offer } from './described';

export function zshScript({ commands, options }: DescribedProgram): string {
  const names = commands.map(({ name }) => name);
  return `#compdef repram
# Completion of repram for zsh. Made by: repram completion zsh
_repram() {
  local curcontext="$curcontext" state line
  _arguments -C \\
${options.flatMap(argumentOf).join('')}    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command)
      local -a commands=(
${commands.map(({ name, description }) => `        '${name}:${quoted(description)}'\n`).join('')}      )
      _describe command commands ;;
    rest)
      case $words[1] in
${commands.map((command) => commandCase(command, names)).join('')}      esac ;;
  esac
}
if [ "$funcstack[1]" = _repram ]; then _repram "$@"; else compdef _repram repram; fi
`;
}

function commandCase(
  { name, options, arguments: places }: DescribedCommand,
  names: readonly string[],
): string {
  const all: readonly Offer[] = name === 'help' ? [{ kind: 'words', words: names }] : places;
  const specs = [
    ...options.flatMap(argumentOf),
    ...all.map((place, index) => `    '${index + 1}:argument:${action(place)}' \\\n`),
  ];
  const indented = specs.map((spec) => `      ${spec}`).join('');
  return `        ${name})\n          _arguments \\\n${indented.replace(/ \\\n$/, '')} ;;\n`;
}

function argumentOf({ flags, description, value }: DescribedOption): string[] {
  const taken = value === null ? '' : `:value:${action(value)}`;
  return flags.map((flag) => `    '${flag}[${quoted(description)}]${taken}' \\\n`);
}

function action(offer: Offer): string {
  switch (offer.kind) {
    case 'words':
      return `(${offer.words.join(' ')})`;
    case 'file':
      return '_files';
    case 'nothing':
      return ' ';
  }
}

/** Within single quotes, brackets and fields that end at a colon. */
function quoted(text: string): string {
  return text.replace(/'/g, "'\\''").replace(/[[\]:\\]/g, '\\$&');
}
