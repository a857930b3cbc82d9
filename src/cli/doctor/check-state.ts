// What a node says of itself: whether it is in step, and has room.
import type { SurveyedNode } from '../network/survey';
import { bytesText, plural } from '../output/text';
import { called, findings, type Finding, type Scene } from './finding';

const { ok, warning, problem } = findings('state');

const NEARLY_FULL = 0.9;
const SLOW_LOOP_MS = 100;

export function checkState({ nodes }: Scene): Finding[] {
  if (nodes.length === 0) return [];
  const found = nodes.flatMap(judged);
  return found.length > 0 ? found : [ok('All nodes are ready, in step, and have room.')];
}

function judged(node: SurveyedNode): Finding[] {
  const { state, digest, laggingPeers } = node.status;
  const { missingWrites, usedBytes, limitBytes, loopDelayMs } = digest;
  const is = called(node);
  const fullness = `${is} uses ${bytesText(usedBytes)} of ${bytesText(limitBytes)}.`;
  return [
    ...(state === 'ready'
      ? []
      : [
          warning(
            `${is} is ${state}.`,
            'Wait until it is ready; for long: see whether it reaches a peer that is.',
          ),
        ]),
    ...(limitBytes > 0 && usedBytes > NEARLY_FULL * limitBytes
      ? [
          problem(
            fullness,
            'Give it more memory (REPRAM_MAX_STORAGE_MB, or the limit of the container), or shorter TTLs.',
          ),
        ]
      : []),
    ...(missingWrites > 0
      ? [
          warning(
            `${is} has not taken in ${plural(missingWrites, 'write')} that it knows of.`,
            'Ask again in some seconds; if it stays so, a node is full or a link loses frames.',
          ),
        ]
      : []),
    ...(laggingPeers > 0
      ? [
          warning(
            `${is} waits for ${plural(laggingPeers, 'peer')} no more, which acknowledge late.`,
            'Look at the processors there, and at the network between.',
          ),
        ]
      : []),
    ...(loopDelayMs > SLOW_LOOP_MS
      ? [
          warning(
            `The event loop of ${is} is late by ${Math.round(loopDelayMs)} ms.`,
            'The processor is short there: give it more, or fewer nodes.',
          ),
        ]
      : []),
  ];
}
