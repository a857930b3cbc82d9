// Completion for fish: one line for each thing that may be typed.
import type { DescribedCommand, DescribedOption, DescribedProgram, Offer } from './described';

export function fishScript({ commands, options }: DescribedProgram): string {
  const names = commands.map(({ name }) => name);
  const lines = [
    '# Completion of repram for fish. Made by: repram completion fish',
    placeFunction([...options, ...commands.flatMap((command) => command.options)]),
    'complete -c repram -f',
    ...commands.map(
      ({ name, description }) => `complete -c repram -n '${at('')}' -a ${name} -d '${quoted(description)}'`,
    ),
    ...options.map((option) => optionLine(at(''), option)),
    ...commands.flatMap((command) => commandLines(command, names)),
  ];
  return `${lines.join('\n')}\n`;
}

/** `__repram_at COMMAND [PLACE]`: whether the cursor is there. Without a command: before any. */
function placeFunction(options: readonly DescribedOption[]): string {
  const valued = options.filter(({ value }) => value !== null).flatMap(({ flags }) => flags);
  return `function __repram_at
    set -l command ''
    set -l place 0
    set -l skip ''
    for each in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip ''
            continue
        end
        switch $each
            case ${[...new Set(valued)].join(' ')}
                set skip yes
            case '-?*'
            case '*'
                if test -z "$command"
                    set command $each
                else
                    set place (math $place + 1)
                end
        end
    end
    test "$command" = "$argv[1]"; and begin
        test (count $argv) -eq 1; or test $place -eq "$argv[2]"
    end
end`;
}

function at(command: string, place?: number): string {
  return `__repram_at ${command === '' ? '""' : command}${place === undefined ? '' : ` ${place}`}`;
}

function commandLines(
  { name, options, arguments: places }: DescribedCommand,
  names: readonly string[],
): string[] {
  const all: readonly Offer[] = name === 'help' ? [{ kind: 'words', words: names }] : places;
  const offers = all.flatMap((each, place) =>
    offered(each).map((what) => `complete -c repram -n '${at(name, place)}' ${what}`),
  );
  return [...options.map((option) => optionLine(at(name), option)), ...offers];
}

function optionLine(condition: string, { flags, description, value }: DescribedOption): string {
  const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const taken = value === null ? [] : ['-x', ...offered(value)];
  const parts = [...named, ...(value?.kind === 'file' ? ['-r', '-F'] : taken)];
  return `complete -c repram -n '${condition}' ${parts.join(' ')} -d '${quoted(description)}'`;
}

function offered(offer: Offer): string[] {
  switch (offer.kind) {
    case 'words':
      return [`-a '${offer.words.join(' ')}'`];
    case 'file':
      return ['-F'];
    case 'nothing':
      return [];
  }
}

function quoted(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
}
