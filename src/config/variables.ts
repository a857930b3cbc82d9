// The one table of all variables an operator may set, with the types that follow from it. A row has
// a variable's default, the texts it takes, what it does, a sane value and the danger.
// docs/configuration.md says the same in the same order, and a test holds the two together. The
// rows stand in node-variables.ts, store-variables.ts and network-variables.ts. Below are the names
// of earlier and of later deployments.
import { NETWORK_VARIABLES } from './network-variables';
import { NODE_VARIABLES } from './node-variables';
import { STORE_VARIABLES } from './store-variables';
import type { Variable } from './variable';

export const VARIABLES = { ...NODE_VARIABLES, ...STORE_VARIABLES, ...NETWORK_VARIABLES } as const;

type Table = typeof VARIABLES;

export type VariableName = keyof Table;
/** What each variable holds: as given, else its default, else empty. */
export type VariableTexts = Record<VariableName, string>;
/** What each text means. */
export type VariableValues = {
  readonly [Name in VariableName]: ReturnType<Table[Name]['takes']['parse']>;
};
/** The settings that rows name, each with the value of its variable. */
export type DirectSettings = {
  readonly [
    Name in VariableName as Table[Name] extends { readonly setting: infer Setting extends string }
      ? Setting
      : never
  ]: VariableValues[Name];
};

export interface NamedVariable extends Variable {
  readonly name: VariableName;
}

/** All rows with their names, in the order of the document. */
export const KNOWN_VARIABLES: readonly NamedVariable[] = Object.entries(VARIABLES).map(([name, row]) => {
  return { name: name as VariableName, ...row };
});

export function valuesOf(texts: Readonly<VariableTexts>): VariableValues {
  const values = KNOWN_VARIABLES.map(({ name, takes }) => [name, takes.parse(texts[name])]);
  return Object.fromEntries(values) as VariableValues;
}

export function directSettings(values: VariableValues): DirectSettings {
  const settings = KNOWN_VARIABLES.flatMap(({ name, setting }) => {
    return setting === undefined ? [] : [[setting, values[name]]];
  });
  return Object.fromEntries(settings) as DirectSettings;
}

/** Names of earlier deployments and what they mean today; null = accepted and ignored. */
export const DEPRECATED_VARIABLES: Readonly<Record<string, VariableName | null>> = {
  REPRAM_BOOTSTRAP_PEERS: 'REPRAM_PEERS',
  BOOTSTRAP_NODES: 'REPRAM_PEERS',
  NODE_ADDRESS: 'REPRAM_ADDRESS',
  REPRAM_REPLICATION: 'REPLICATION_FACTOR',
  USE_AUTO_DISCOVERY: null,
};

/** Names with a meaning in a later release. */
export const RESERVED_VARIABLES: readonly string[] = ['REPRAM_PUBLIC_URLS'];

/** Of the command line (docs/cli.md); nodes have no use for them. */
export const CLIENT_VARIABLES: readonly string[] = ['REPRAM_NODES'];

/** Set by the launcher for its children. What an operator sets is replaced. */
export const LAUNCHER_VARIABLES: readonly string[] = [
  'REPRAM_NODE_INDEXES',
  'REPRAM_HOST_ID',
  'REPRAM_INHERITED',
];

/** Never set by an operator; the last one is for tests. */
export const INTERNAL_VARIABLES: readonly string[] = [...LAUNCHER_VARIABLES, 'REPRAM_HOSTINFO_URL'];
