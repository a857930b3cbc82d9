// What a check of the doctor comes to.
import type { Result } from '../../config/problems';
import type { NodeSettings } from '../../config/settings';
import type { Context } from '../context';
import type { SurveyedNode, Surveyed } from '../network/survey';
import { placeText } from '../output/text';

export type Verdict = 'ok' | 'warning' | 'problem' | 'skipped';

export interface Finding {
  /** What was looked at. */
  readonly check: string;
  readonly verdict: Verdict;
  /** What is so, in a sentence. */
  readonly sentence: string;
  /** What to do about it; empty where nothing is wrong. */
  readonly advice: string;
}

export type Check = (scene: Scene) => Promise<Finding[]> | Finding[];

export interface Scene {
  readonly context: Context;
  /** Every place that was asked. */
  readonly places: readonly Surveyed[];
  /** Each node that answered, once. */
  readonly nodes: readonly SurveyedNode[];
  /** What a node that is started here would have. */
  readonly settings: Result<NodeSettings>;
}

/** The verdicts of one check. */
export function findings(check: string) {
  const make =
    (verdict: Verdict) =>
    (sentence: string, advice = ''): Finding => ({ check, verdict, sentence, advice });
  return { ok: make('ok'), warning: make('warning'), problem: make('problem'), skipped: make('skipped') };
}

/** As sentences name a node. */
export function called({ url, status: { name } }: SurveyedNode): string {
  return `${name} (${placeText(url)})`;
}

export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
