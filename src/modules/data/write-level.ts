// The `w` parameter: how many nodes must hold a write before it is answered with 201.
import type { WriteLevel } from '../../runtime/data-engine';

/**
 * The level named by `parameter`, the quorum when it is absent, null when there is no such level.
 */
export function readWriteLevel(parameter: string | undefined): WriteLevel | null {
  switch (parameter) {
    case undefined:
    case 'quorum':
      return 'quorum';
    case '1':
      return 'one';
    case 'all':
      return 'all';
    default:
      return null;
  }
}
