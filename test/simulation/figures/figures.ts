// The figures, and how they are printed.
import { CATCH_UP } from './catch-up';
import { DELIVERY } from './delivery';
import { DETECTION } from './detection';
import { FALSE_POSITIVES } from './false-positives';
import type { Figure, FigureOptions } from './figure';
import { FORMATION_FIGURE } from './formation';

export const FIGURES: readonly Figure[] = [FORMATION_FIGURE, DETECTION, FALSE_POSITIVES, DELIVERY, CATCH_UP];

/** All when none is named. */
export function figuresNamed(names: readonly string[]): readonly Figure[] {
  const unknown = names.filter((name) => !FIGURES.some((figure) => figure.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no figure ${unknown.join(', ')}; there are ${FIGURES.map(({ name }) => name).join(', ')}`,
    );
  return names.length === 0 ? FIGURES : FIGURES.filter(({ name }) => names.includes(name));
}

/** Measures the figures, and prints each row when it is measured. */
export function printFigures(
  figures: readonly Figure[],
  options: FigureOptions,
  print: (line: string) => unknown,
): void {
  for (const figure of figures) {
    print(`${figure.name}: ${figure.what}`);
    for (const { what, measured } of figure.measure(options)) print(`  ${what.padEnd(44)} ${measured}`);
  }
}
