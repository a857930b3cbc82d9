// Completion for fish: one line for each thing that may be typed.
import type { DescribedCommand, DescribedOption, DescribedProgram, Offer } from './described';

export function fishScript({ commands, options }: DescribedProgram): string {
  const names = commands.map(({ name }) => name).join(' ');
  const none = `not __fish_seen_subcommand_from ${names}`;
  const lines = [
    '# Completion of repram for fish. Made by: repram completion fish',
    'complete -c repram -f',
    ...commands.map(
      ({ name, description }) => `complete -c repram -n '${none}' -a ${name} -d '${quoted(description)}'`,
    ),
    ...options.map((option) => optionLine(none, option)),
    ...commands.flatMap(commandLines),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines({ name, options, arguments: places }: DescribedCommand): string[] {
  const seen = `__fish_seen_subcommand_from ${name}`;
  const offers = places
    .flatMap((place) => offered(place))
    .map((what) => `complete -c repram -n '${seen}' ${what}`);
  return [...options.map((option) => optionLine(seen, option)), ...offers];
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
