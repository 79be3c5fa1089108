/** What a simulated cmdlet gets and gives. */
import type { Clock } from '../clock.js';
import { CmdletError, sayText, wireError, type ErrorId, type TextValues } from '../errors.js';
import type { Row } from '../objects.js';
import { findVms, hasWildcard, like, references, strings, type Parameters, type Served } from '../parameters.js';
import type { TextId } from '../texts.js';
import type { WireError } from '../wire.js';
import type { AdapterSettings, SimulatedMachine, SimulatedVm, World } from '../world.js';

export interface Invocation {
  readonly cmdlet: string;
  readonly parameters: Parameters;
  readonly machine: SimulatedMachine;
  readonly world: World;
  readonly clock: Clock;
  /** The caller may see and change VMs: elevated, or S-1-5-32-578 in the token. */
  readonly allowed: boolean;
  /** Has an administrator's full rights: an elevated shell, and every session of an administrator in a guest. */
  readonly elevated: boolean;
  readonly warnings: string[];
  readonly errors: WireError[];
  /** Something about a VM is different now. */
  readonly changed: (vm: SimulatedVm) => void;
}

interface Answer {
  readonly type?: string;
  readonly rows?: readonly Row[];
}

export type SimulatedCmdlet = (invocation: Invocation) => Answer | Promise<Answer>;

export interface ServedCmdlet {
  readonly run: SimulatedCmdlet;
  readonly serves: Served;
}

/** A cmdlet that takes these parameters, and of some only these values; what it does not take is refused, never dropped. */
export const serving = (
  run: SimulatedCmdlet,
  parameters: string,
  only: Readonly<Record<string, readonly unknown[]>> = {},
): ServedCmdlet => ({
  run,
  serves: {
    ...Object.fromEntries(
      parameters
        .split(' ')
        .filter(Boolean)
        .map((name) => [name, 'any' as const]),
    ),
    ...only,
  },
});
/** Of what would ask a person: whoever calls has asked. */
export const confirmed = { Confirm: [false] } as const;

export function problem(invocation: Invocation, error: ErrorId, values: TextValues = {}, target: string | null = null) {
  invocation.errors.push(
    wireError(
      invocation.machine.locale,
      error,
      { host: invocation.machine.name, cmdlet: invocation.cmdlet, ...values },
      target,
    ),
  );
}

export function warn({ machine, warnings }: Invocation, text: TextId, values: TextValues = {}) {
  warnings.push(sayText(machine.locale, text, values));
}

export function mustBeElevated({ elevated }: Invocation) {
  if (!elevated) throw new CmdletError('cim-denied');
}

export const valuesOf = (vm: SimulatedVm): TextValues => ({ vm: vm.name, vmid: vm.id.toUpperCase() });

/** Without rights there is nothing to be listed, and no error; what is named is refused (facts: access-denied). */
export function mayName({ allowed, machine }: Invocation, ...named: readonly unknown[]) {
  if (!allowed && named.flat().some((one) => one !== undefined && !(typeof one === 'string' && hasWildcard(one))))
    throw new CmdletError('access-denied', { host: machine.name });
}

/** VMs of a read. */
export function readVms(invocation: Invocation, { lookup = false } = {}): readonly SimulatedVm[] {
  const { machine, parameters, allowed } = invocation;
  mayName(invocation, ...Object.values(parameters));
  const seen = allowed ? machine : { ...machine, vms: new Map<string, SimulatedVm>() };
  return findVms(seen, parameters, (error, values, target) => problem(invocation, error, values, target), { lookup });
}

/** VMs of a change: without rights it is refused. */
export function changeVms(invocation: Invocation): readonly SimulatedVm[] {
  const { machine, parameters, allowed } = invocation;
  if (!allowed) throw new CmdletError('access-denied-operation');
  return findVms(machine, parameters, (error, values, target) => problem(invocation, error, values, target), {
    lookup: false,
  });
}

export interface Adapters {
  readonly vm: SimulatedVm;
  readonly is: (adapter: AdapterSettings) => boolean;
}

/** Adapters of a change: as objects, or by -Name among those of the VMs that are named. */
export function changeAdapters(invocation: Invocation): readonly Adapters[] {
  const { machine, parameters, allowed } = invocation;
  if (!allowed) throw new CmdletError('access-denied-operation');
  if ('VMNetworkAdapter' in parameters) {
    const wanted = new Set(references(parameters['VMNetworkAdapter']).map(({ id }) => id.toLowerCase()));
    const is = ({ id }: AdapterSettings) => wanted.has(id.toLowerCase());
    const found = [...machine.vms.values()].map((vm) => ({ vm, is, count: vm.settings.adapters.filter(is).length }));
    const count = found.reduce((sum, one) => sum + one.count, 0);
    if (count < wanted.size) problem(invocation, 'vmms-stopped', { host: machine.name });
    return found.filter((one) => one.count > 0);
  }
  const { Name, ...ofVms } = parameters;
  const names = strings(Name);
  const is = ({ name }: AdapterSettings) => names.length === 0 || names.some((one) => like(one)(name));
  const vms = changeVms({ ...invocation, parameters: ofVms });
  const found = vms.filter((vm) => vm.settings.adapters.some(is));
  if (names.length > 0 && vms.length > 0 && found.length === 0) problem(invocation, 'adapter-not-found');
  return found.map((vm) => ({ vm, is }));
}

/** Does it for each; what one VM refuses is an error about that VM and stops no other. */
export async function forEachVm(
  invocation: Invocation,
  vms: readonly SimulatedVm[],
  act: (vm: SimulatedVm) => void | Promise<void>,
): Promise<void> {
  await Promise.all(
    vms.map(async (vm) => {
      try {
        await act(vm);
      } catch (error) {
        if (!(error instanceof CmdletError)) throw error;
        problem(invocation, error.error, { ...valuesOf(vm), ...error.values }, error.target);
      }
    }),
  );
}

/** The VM as the target of an error: the object's own words (facts: state-invalid). */
export const targetOf = (vm: SimulatedVm) => `VirtualMachine (Name = '${vm.name}') [Id = '${vm.id}']`;
