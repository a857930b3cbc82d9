// What the Flux platform's answers say, as far as a node needs it. Pure, and total: whatever
// arrives is understood or null. A failure comes as HTTP 200 with {"status":"error"}, and an
// unknown application as a success with an empty list.
import { isIP, SocketAddress } from 'node:net';
import type { PortPair } from '../../config/addresses';
import { isLoopback } from './local-addresses';

/** A component of an application: one container on each of its hosts. */
export interface Component {
  readonly name: string;
  readonly ports: readonly PortPair[];
}

export interface Specification {
  /** Hosts the application is meant to run on; 1 when it does not say. */
  readonly instances: number;
  readonly components: readonly Component[];
}

type Facts = Readonly<Record<string, unknown>>;

/**
 * Bounds of what is believed. The platform itself allows 100 instances, 10 components and 5 ports
 * of each.
 */
const INSTANCES_MAX = 1000;
const COMPONENTS_MAX = 16;
const PORTS_MAX = 64;
/** As of a label in the names of the network: whoever puts more in it asks for another name. */
const NAME = /^[\w-]{1,63}$/;

/**
 * Addresses of the instances, each once. The port behind one is that of the platform's API there,
 * never the application's.
 */
export function locationsOf(body: unknown, loopback?: string): readonly string[] | null {
  const rows = dataOf(body);
  if (!Array.isArray(rows)) return null;
  return [
    ...new Set(rows.flatMap((row: unknown) => (isFacts(row) ? (hostAddress(row.ip, loopback) ?? []) : []))),
  ];
}

/**
 * `GET /apps/appspecifications/{app}`: components since version 4 of the format, a single container
 * before.
 */
export function specificationOf(body: unknown): Specification | null {
  const data = dataOf(body);
  if (!isFacts(data)) return null;
  const composed: unknown[] = Array.isArray(data.compose) ? data.compose : [data];
  const instances = numberOf(data.instances);
  return {
    instances: Number.isInteger(instances) && instances >= 1 ? Math.min(INSTANCES_MAX, instances) : 1,
    components: composed
      .slice(0, COMPONENTS_MAX)
      .filter(isFacts)
      .map((part) => ({
        name: nameOf(part),
        ports: portsOf(part),
      })),
  };
}

/**
 * `GET http://fluxnode.service:16101/hostinfo`: the address of the host this container runs on now.
 */
export function hostAddressOf(body: unknown, loopback?: string): string | null {
  const data = dataOf(body);
  return isFacts(data) ? hostAddress(data.ip, loopback) : null;
}

/** '' where it could be no label of a name. */
function nameOf({ name }: Facts): string {
  return typeof name === 'string' && NAME.test(name) ? name : '';
}

function dataOf(body: unknown): unknown {
  return isFacts(body) && body.status === 'success' ? body.data : null;
}

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An address that can be some host's: not loopback, unspecified, link-local, multicast or reserved.
 */
function hostAddress(text: unknown, loopback?: string): string | null {
  const address = typeof text === 'string' ? canonical(withoutPort(text.trim())) : null;
  if (address === null || isLoopback(address, loopback)) return null;
  if (/^(::$|f[ef]|::ffff:)/i.test(address)) return null;
  const firstOctet = Number(/^(\d+)\./.exec(address)?.[1] ?? 1);
  return firstOctet > 0 && firstOctet < 224 && !address.startsWith('169.254.') ? address : null;
}

/** An address has many texts and one of its own; null for what is none, or has a zone. */
function canonical(text: string): string | null {
  const family = isIP(text);
  if (family === 0 || text.includes('%')) return null;
  return new SocketAddress({ address: text, family: family === 4 ? 'ipv4' : 'ipv6' }).address;
}

function withoutPort(text: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, '$1');
}

function portsOf(part: Facts): PortPair[] {
  const outside = listOf(part.ports ?? part.port);
  const inside = listOf(part.containerPorts ?? part.containerPort);
  if (outside.length !== inside.length) return [];
  return inside
    .map((containerPort, position) => ({ containerPort, hostPort: outside[position] }))
    .filter(({ containerPort, hostPort }) => isPort(containerPort) && isPort(hostPort));
}

function listOf(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).slice(0, PORTS_MAX).map(numberOf);
}

/**
 * A number, or the text of one. NaN for the rest, which JavaScript would take for a number too, or
 * fail to.
 */
function numberOf(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && /^\d{1,9}$/.test(value))
    ? Number(value)
    : NaN;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}
