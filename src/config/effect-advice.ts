// Settings that come to nothing, because of another one or of none: whoever set them meant
// something by it.
import type { VariableName, VariableTexts } from './variables';

type IsGiven = (name: VariableName) => boolean;

interface Condition {
  readonly name: VariableName;
  readonly comesToNothing: (texts: Readonly<VariableTexts>) => boolean;
  /** Behind "has no effect". */
  readonly why: string;
}

const hasStore = ({ REPRAM_STORE_URL: url }: Readonly<VariableTexts>): boolean => url !== '';
const hasNoStore = (texts: Readonly<VariableTexts>): boolean => !hasStore(texts);
const WITHOUT_STORE = 'without REPRAM_STORE_URL';

const CONDITIONS: readonly Condition[] = [
  { name: 'REPRAM_STORE_CA_FILE', comesToNothing: hasNoStore, why: WITHOUT_STORE },
  { name: 'REPRAM_STORE_TIMEOUT_MS', comesToNothing: hasNoStore, why: WITHOUT_STORE },
  {
    name: 'REPRAM_CLEANUP_INTERVAL',
    comesToNothing: hasStore,
    why: 'with REPRAM_STORE_URL: the servers forget by themselves',
  },
  {
    name: 'REPRAM_EXPECTED_HOSTS',
    comesToNothing: hasStore,
    why: 'with REPRAM_STORE_URL: a quorum counts servers',
  },
  {
    name: 'REPRAM_QUOTA_EXEMPT',
    comesToNothing: (texts) => Number(texts.REPRAM_CLIENT_QUOTA) === 0,
    why: 'with REPRAM_CLIENT_QUOTA 0: nobody has a quota',
  },
  {
    name: 'FLUX_API_URL',
    comesToNothing: (texts) => texts.APP_NAME + texts.FLUX_APP_NAME === '',
    why: 'without APP_NAME or FLUX_APP_NAME',
  },
];

/** A line for each. */
export function effectAdvice(texts: Readonly<VariableTexts>, isGiven: IsGiven): string[] {
  return CONDITIONS.filter(({ name, comesToNothing }) => isGiven(name) && comesToNothing(texts)).map(
    ({ name, why }) => `${name} has no effect ${why}`,
  );
}
