/** Binding as the real modules do it: aliases, parameter sets from the facts, objects by reference, names with wildcards. */
import cmdletFacts from './facts/cmdlets.json' with { type: 'json' };
import { CmdletError, type ErrorId } from './errors.js';
import type { SimulatedMachine, SimulatedVm } from './world.js';

interface CmdletFacts {
  readonly defaultSet?: string;
  readonly parameterSets: Readonly<
    Record<string, { readonly req: readonly string[]; readonly opt: readonly string[] }>
  >;
  readonly parameters: Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
}

// The facts are ours and of one shape; JSON types would be a thousand lines of literal unions.
const facts = cmdletFacts.cmdlets as unknown as Readonly<Record<string, CmdletFacts>>;

/** Parameters that every cmdlet has; -WarningAction and the like change nothing here. */
// prettier-ignore
const common = new Set(['ErrorAction', 'WarningAction', 'InformationAction', 'ErrorVariable', 'WarningVariable', 'OutVariable',
  'OutBuffer', 'PipelineVariable', 'Verbose', 'Debug', 'InformationVariable']);

export type Parameters = Readonly<Record<string, unknown>>;

/** What a simulated cmdlet takes: of each parameter any value, or only those of a list. */
export type Served = Readonly<Record<string, 'any' | readonly unknown[]>>;

/** Names without aliases, refused as the parameter binder refuses them; and what is not simulated, before anything is done. */
export function bind(cmdlet: string, given: Parameters, serves: Served): Parameters {
  const known = facts[cmdlet];
  if (!known) throw new CmdletError('not-simulated', { cmdlet });
  const bound: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (common.has(name)) continue;
    const full = fullName(known, name);
    if (!full) throw new CmdletError('bind-unknown-parameter', { name });
    // A list of one is what PowerShell makes of a single value: UInt32[], String[].
    bound[full] = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
    const takes = serves[full];
    if (takes === undefined || (takes !== 'any' && !takes.includes(bound[full])))
      throw new CmdletError('not-simulated', { cmdlet: `-${full} ${valueText(bound[full])} of ${cmdlet}` });
  }
  const names = Object.keys(bound);
  const fits = Object.values(known.parameterSets).filter(({ req, opt }) =>
    names.every((name) => req.includes(name) || opt.includes(name)),
  );
  if (fits.length === 0) throw new CmdletError('bind-ambiguous');
  if (!fits.some(({ req }) => req.every((name) => name in bound))) {
    const wanted = known.parameterSets[known.defaultSet ?? '']?.req ?? fits[0]?.req ?? [];
    throw new CmdletError('bind-missing', { name: wanted.filter((name) => !(name in bound)).join(' ') });
  }
  return bound;
}

const valueText = (value: unknown) =>
  (typeof value === 'string' || typeof value === 'boolean' ? String(value) : '').slice(0, 80);

function fullName(known: CmdletFacts, given: string): string | undefined {
  const lower = given.toLowerCase();
  return Object.entries(known.parameters).find(
    ([name, { aliases }]) => name.toLowerCase() === lower || aliases?.some((alias) => alias.toLowerCase() === lower),
  )?.[0];
}

export interface Reference {
  readonly type: string;
  readonly id: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Objects of an earlier call, as they travel: {"$ref": {"type", "id"}}, one or several. */
export function references(value: unknown): readonly Reference[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((item: unknown) => {
    const ref = isRecord(item) ? item['$ref'] : undefined;
    return isRecord(ref) && typeof ref['type'] === 'string' && typeof ref['id'] === 'string'
      ? [{ type: ref['type'], id: ref['id'] }]
      : [];
  });
}

export const strings = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

/** PowerShell wildcards, as -like: * ? [abc]; a backtick takes the next character literally. Case does not count. */
export function like(pattern: string): (text: string) => boolean {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    const close = c === '[' ? pattern.indexOf(']', i + 2) : -1;
    if (c === '`' && i + 1 < pattern.length) source += escape(pattern[++i] ?? '');
    else if (c === '*') source += '.*';
    else if (c === '?') source += '.';
    else if (close > 0) {
      source += `[${pattern.slice(i + 1, close).replace(/[\\\]^]/g, '\\$&')}]`;
      i = close;
    } else source += escape(c);
  }
  const expression = new RegExp(`^${source}$`, 'isu');
  return (text) => expression.test(text);
}
const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replace('\\-', '-');
export const hasWildcard = (name: string) => /[*?[]/.test(name);

export type Problem = (error: ErrorId, values?: Record<string, string>, target?: string | null) => void;

/** Objects of Hyper-V that stand for their VM. */
const standIns = ['VM', 'VMProcessor', 'VMMemory'] as const;
/** The VM in the id of a device: `Microsoft:<VM>\\…`. */
const vmIn = (id: string) => (/^Microsoft:([^\\]+)/i.exec(id)?.[1] ?? id).toLowerCase();

/** The VMs that a call names: by an object, by -Id, by -Name or -VMName. A look-up that names none means all; a change never does. */
export function findVms(
  machine: SimulatedMachine,
  parameters: Parameters,
  problem: Problem,
  { lookup }: { lookup: boolean },
): readonly SimulatedVm[] {
  const all = [...machine.vms.values()];
  const object = standIns.find((name) => name in parameters);
  if (object)
    return references(parameters[object]).flatMap(({ id }) => {
      const vm = machine.vms.get(vmIn(id));
      // A kept object whose VM is gone: vmms answers not found.
      if (!vm) problem('vmms-stopped', { host: machine.name });
      return vm ? [vm] : [];
    });
  if (typeof parameters['Id'] === 'string') {
    const vm = machine.vms.get(parameters['Id'].toLowerCase());
    if (!vm) problem('vm-not-found-id', { vmid: parameters['Id'] });
    return vm ? [vm] : [];
  }
  const given = parameters['VMName'] ?? parameters['Name'];
  if (given === undefined) {
    if (lookup) return all;
    throw new CmdletError('not-simulated', { cmdlet: 'A call that names no VM' });
  }
  return strings(given).flatMap((name) => {
    const found = all.filter((vm) => like(name)(vm.name));
    // A wildcard that matches nothing is no error (facts: vm-wildcard-none).
    if (found.length === 0 && !hasWildcard(name)) {
      if (lookup) problem('vm-not-found-get', { vm: name }, name);
      else problem('vm-not-found-other', { vm: name });
    }
    return found;
  });
}
