/** A report of this PC to paste somewhere: names, accounts and addresses become chips, the same thing always the same chip. Pure. */
import { checksOfHost, checksOfVm } from '../core/checks/all.js';
import type { AppState } from '../ipc/schema.js';

interface Versions {
  readonly app: string;
  readonly electron: string | undefined;
  readonly node: string;
  readonly system: string;
}

/** How many runs, newest first: what failed lately is in them. */
const runsTold = 5;

export function diagnostics(state: AppState, versions: Versions): string {
  const { connection, machine } = state;
  const handshake = connection.kind === 'ready' ? connection.handshake : undefined;
  const report = {
    versions,
    language: state.language,
    source: state.source,
    connection:
      connection.kind === 'ready' ? { kind: 'ready', elevated: connection.elevated, ...handshake } : connection,
    host: machine?.host,
    checks: machine && [
      ...checksOfHost(machine).map(({ id, verdict, evidence }) => ({ id, verdict, evidence })),
      ...(machine.vms ?? []).flatMap((vm) =>
        checksOfVm(machine, vm)
          .filter(({ verdict }) => verdict !== 'ok')
          .map(({ id, verdict, evidence }) => ({ id, verdict, vm: vm.id, evidence })),
      ),
    ],
    vms: machine?.vms?.map(({ id, state: power, version, generation, nesting, inside, memory, unread }) => ({
      id, state: power, version, generation, nesting, inside, memory, unread,
    })), // prettier-ignore
    runs: state.runs.slice(0, runsTold).map(({ appVersion, outcome, settled, trouble, events }) => ({
      appVersion,
      outcome,
      settled,
      trouble,
      failures: events.flatMap((event) => (event.kind === 'step' && event.failure ? [event.failure] : [])),
    })),
  };
  return JSON.stringify(redacted(report, namesIn(state)), null, 2);
}

/** What is known by name, and what its chip is called. */
function namesIn({ machine, connection, runs }: Pick<AppState, 'machine' | 'connection' | 'runs'>): readonly {
  readonly kind: string;
  readonly texts: readonly string[];
}[] {
  const identity = connection.kind === 'ready' ? connection.handshake.identity : (machine?.host.identity ?? null);
  const [domain = '', user = ''] = identity?.account.split('\\') ?? [];
  const vms = new Map<string, string[]>();
  const add = (id: string, name: string): unknown => vms.set(id, [...new Set([...(vms.get(id) ?? [id]), name])]);
  for (const vm of machine?.vms ?? []) add(vm.id, vm.name);
  for (const { plan } of runs) for (const { vm, name } of plan.chains) add(vm, name);
  const nested = (machine?.vms ?? []).flatMap((vm) => vm.nested ?? []);
  const checkpoints = (machine?.vms ?? []).flatMap((vm) => vm.checkpoints ?? []);
  const switches = machine?.host.switches ?? [];
  const adapters = (machine?.vms ?? []).flatMap((vm) => vm.adapters ?? []);
  return [
    ...[...vms.values()].map((texts) => ({ kind: 'VM', texts })),
    ...nested.map(({ name }) => ({ kind: 'nested-VM', texts: [name] })),
    ...checkpoints.map(({ id, name }) => ({ kind: 'checkpoint', texts: known(id, name) })),
    ...switches.map(({ id, name }) => ({ kind: 'switch', texts: known(id, name) })),
    ...adapters.map(({ name, macAddress }) => ({ kind: 'adapter', texts: known(name, macAddress) })),
    { kind: 'account', texts: known(identity?.account, user, identity?.sid) },
    { kind: 'PC', texts: known(machine?.host.name, domain) },
  ].filter(({ texts }) => texts.length > 0);
}

const known = (...texts: readonly (string | undefined)[]): readonly string[] =>
  texts.filter((text): text is string => text !== undefined && text !== '');

const patterns: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  { kind: 'SID', pattern: /\bS-1-5-21(?:-\d+){3,}\b/g },
  { kind: 'id', pattern: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi },
  { kind: 'MAC', pattern: /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|\b[0-9A-F]{12}\b/gi },
  { kind: 'address', pattern: /\b(?:\d{1,3}\.){3}\d{1,3}\b(?!\.)/g },
  { kind: 'address', pattern: /\b(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?/gi },
  { kind: 'folder', pattern: /(?<=[\\/](?:Users|home)[\\/]+)[^\\/"\s]+/gi },
];

/** Ids that are the same on every PC, and so tell nothing of this one. */
const common = new Set(['9f8233ac-be49-4c79-8ee3-e7e1985b2077', 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444']);

/** Shorter ones are taken out only where they stand alone: a VM called "a" must not eat every a. */
const shortest = 3;

/** The same value with chips in its strings; names of properties stay. */
export function redacted(
  value: unknown,
  names: readonly { readonly kind: string; readonly texts: readonly string[] }[],
): unknown {
  const numbers = new Map<string, number>();
  const next = (kind: string): string => {
    const number = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, number);
    return `<${kind}-${number}>`;
  };
  const chips = new Map<string, string>();
  for (const { kind, texts } of names) {
    const same = texts.map((one) => chips.get(one.toLowerCase())).find((chip) => chip !== undefined);
    const chip = same ?? next(kind);
    for (const one of texts) if (!chips.has(one.toLowerCase())) chips.set(one.toLowerCase(), chip);
  }
  const chipOf = (kind: string, found: string): string => {
    const key = found.toLowerCase();
    const chip = chips.get(key) ?? next(kind);
    chips.set(key, chip);
    return chip;
  };
  // Longest first, or a name that is part of another would leave the rest of it.
  const long = [...chips].filter(([name]) => name.length >= shortest).toSorted(([a], [b]) => b.length - a.length);
  const words = long.map(([name, chip]) => [wordPattern(name), chip] as const);
  const inText = (text: string): string => {
    const whole = chips.get(text.toLowerCase());
    if (whole !== undefined) return whole;
    let result = text;
    for (const [pattern, chip] of words) result = result.replace(pattern, () => chip);
    for (const { kind, pattern } of patterns)
      result = result.replace(pattern, (found) => (common.has(found.toLowerCase()) ? found : chipOf(kind, found)));
    return result;
  };
  const inValue = (one: unknown): unknown => {
    if (typeof one === 'string') return inText(one);
    if (Array.isArray(one)) return one.map(inValue);
    if (typeof one === 'object' && one !== null)
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, inValue(inner)]));
    return one;
  };
  return inValue(value);
}

/** Whole words only, and nothing inside a chip. */
function wordPattern(name: string): RegExp {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const before = /^[\p{L}\p{N}_]/u.test(name) ? '(?<![\\p{L}\\p{N}_<])' : '';
  const after = /[\p{L}\p{N}_]$/u.test(name) ? '(?![\\p{L}\\p{N}_>]|-\\d+>)' : '';
  return new RegExp(`${before}${escaped}${after}`, 'giu');
}
