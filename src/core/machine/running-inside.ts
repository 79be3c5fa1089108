/** Whether a hypervisor runs inside a VM, how sure that is, and what it rests on: from weak to strong (domain §3). */
import type { CallResult } from '../cmdlets/call.js';
import type { Inside, InsideEvidence, Machine, Vm, VmState } from './machine.js';
import { readOf } from '../cmdlets/reads.js';
import { isSaved, plainState } from './vm-state.js';

/** NestedVMEntriesPersec summed over the virtual processors of each VM *name* (the class knows no id). */
export interface Samples {
  /** Milliseconds of a clock that never jumps. */
  readonly at: number;
  readonly sums: ReadonlyMap<string, bigint>;
}

/** Instances are `<VM name>:Hv VP <n>`. */
export function samplesOf(
  result: CallResult<'Get-CimInstance/HyperVHypervisorVirtualProcessor'>,
  at: number,
): Samples | undefined {
  const { rows } = readOf(result);
  if (!rows) return undefined;
  const sums = new Map<string, bigint>();
  const unreadable = new Set<string>();
  for (const { Name, NestedVMEntriesPersec } of rows) {
    const cut = Name?.lastIndexOf(':Hv VP ') ?? -1;
    if (Name === undefined || cut < 0) continue;
    const vm = Name.slice(0, cut);
    if (NestedVMEntriesPersec === undefined || !/^\d+$/.test(NestedVMEntriesPersec)) unreadable.add(vm);
    else sums.set(vm, (sums.get(vm) ?? 0n) + BigInt(NestedVMEntriesPersec));
  }
  // A sum that lacks a processor would look like a VM that stands still.
  for (const vm of unreadable) sums.delete(vm);
  return { at, sums };
}

export type Found = Pick<Vm, 'inside' | 'insideEvidence'>;

export interface Candidate {
  readonly nesting: boolean | undefined;
  readonly state: VmState | undefined;
  /** seconds */
  readonly uptime: number | undefined;
  readonly name: string;
  readonly before: Vm | undefined;
  /** Another VM has the same name. */
  readonly isShared: boolean;
}

/** One value each, so that what has not changed is the same object. */
const found = (inside: Inside, insideEvidence: InsideEvidence): Found => ({ inside, insideEvidence });
const nestingOff = found('no', { kind: 'nesting-off' });
const off = found('no', { kind: 'off' });
const notRead = found('unknown', { kind: 'not-read' });
const noCounters = found('unknown', { kind: 'no-counters' });
const sharedName = found('unknown', { kind: 'shared-name' });
const notMeasured = found('unknown', { kind: 'not-measured' });

/** Two samples further apart say what was, not what is. As far as two readings ever are. */
const longestSpan = 300_000;

/** A saved or paused VM has no counters, two VMs of one name share theirs: unknown, not off. */
export function insideOf(
  vm: Candidate,
  { counters, samples }: { readonly counters?: Samples | undefined; readonly samples?: Samples | undefined },
): Found {
  if (vm.nesting === false) return nestingOff;
  if (vm.nesting === undefined || vm.state === undefined) return notRead;
  const plain = plainState(vm.state);
  if (plain === 'Off') return off;
  if (plain === 'Paused' || isSaved(vm.state)) return noCounters;
  const last = lastOf(vm);
  const isSaidInside = last.insideEvidence.kind === 'inside';
  if (vm.isShared) return isSaidInside ? last : sharedName;
  if (!counters) return last;
  const later = counters.sums.get(vm.name);
  if (later === undefined) return isSaidInside ? last : noCounters;
  const earlier = samples && counters.at - samples.at <= longestSpan ? samples.sums.get(vm.name) : undefined;
  if (samples === undefined || earlier === undefined) return last;
  // They begin anew with each run: the sample before is of an earlier one.
  if (later < earlier) return notMeasured;
  return measured(last, {
    kind: 'counters',
    earlier: String(earlier),
    later: String(later),
    seconds: (counters.at - samples.at) / 1000,
  });
}

/** What the last read said still holds while the VM has run on. */
function lastOf({ before, state, uptime }: Candidate): Found {
  if (before?.nesting !== true || before.state !== state || before.inside === 'unknown') return notMeasured;
  if (uptime !== undefined && before.uptime !== undefined && uptime < before.uptime) return notMeasured;
  return { inside: before.inside, insideEvidence: before.insideEvidence };
}

/**
 * What was read inside is surer than counters, and older: it holds until they turn over. Where they never agreed with it they
 * say nothing.
 */
function measured(last: Found, evidence: Extract<InsideEvidence, { kind: 'counters' }>): Found {
  const says = evidence.later === evidence.earlier ? 'no' : 'probably';
  const said = last.insideEvidence;
  if (said.kind === 'inside' && said.counters === undefined) return found(last.inside, { ...said, counters: says });
  if (said.kind === 'inside' && said.counters === says) return last;
  // The numbers that it was found by stand for it while it stays so: a tick that tells nothing new is no change.
  return said.kind === 'counters' && last.inside === says ? last : found(says, evidence);
}

/** As the guest itself says: only a root partition counts processors of its own hypervisor. */
export function insideAsRead(vm: Found, processors: number | undefined): Found {
  const { inside, insideEvidence } = vm;
  if (processors === undefined || (insideEvidence.kind === 'inside' && insideEvidence.processors === processors))
    return { inside, insideEvidence };
  return found(processors > 0 ? 'certainly' : 'no', { kind: 'inside', processors });
}

/** A guest whose word on its hypervisor the counters have turned over; it is asked again with the next look. */
export const withoutHypervisor = (guest: Machine): Machine =>
  guest.host.hypervisorProcessors === undefined
    ? guest
    : { ...guest, host: { ...guest.host, hypervisorProcessors: undefined } };
