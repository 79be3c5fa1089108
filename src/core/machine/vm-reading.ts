/** VMs from what Windows has answered: of a whole snapshot, or of some VMs in full. */
import { vmIn, type MachineRef } from '../cmdlets/ref.js';
import { answersTo, type Batch } from '../cmdlets/batch.js';
import type { CallResult, Failure, Guid, Handshake } from '../cmdlets/call.js';
import type { RowOf } from '../cmdlets/catalog.js';
import { readOf } from '../cmdlets/reads.js';
import { groupByVm, listOf, type Groups } from './groups.js';
import type { Adapter, Checkpoint, Machine, Made, Vm } from './machine.js';
import { insideOf, withoutHypervisor, type Found, type Samples } from './running-inside.js';
import { withGuest } from './tree.js';
import { answersWrongly, failuresIn, mostFailures, type VmReads } from './vm-failures.js';
import { addressesTold, plainState } from './vm-state.js';
import { ifRead } from './reading.js';

/** The integration service that shuts a guest down, by its id: names are localized (domain §2). */
const SHUTDOWN_SERVICE = '9f8233ac-be49-4c79-8ee3-e7e1985b2077';

export interface Context {
  readonly handshake: Handshake;
  /** ISO 8601, UTC */
  readonly now: string;
  readonly previous?: Machine | null;
  /** Counters of the last read, and when those of this one were asked for (as `Samples.at`). */
  readonly samples?: Samples;
  readonly at?: number;
  /** Until somebody looks inside, or it tells its addresses. */
  readonly made?: Made;
}

/** A full read of one VM: also asks whether the guest can be shut down. `first`: the place of the first of these in the batch. */
const callsOfVm = (at: MachineRef, Id: Guid, first: number) => {
  const on = { on: { call: first }, params: {}, at } as const;
  return {
    list: { cmdlet: 'Get-VM', params: { Id }, at },
    processors: { cmdlet: 'Get-VMProcessor', ...on },
    adapters: { cmdlet: 'Get-VMNetworkAdapter', ...on },
    checkpoints: { cmdlet: 'Get-VMSnapshot', ...on },
    services: { cmdlet: 'Get-VMIntegrationService', ...on },
  } as const satisfies Batch;
};
const CALLS_A_VM = 5;

/** A full read of chosen VMs in one batch. */
export const vmCalls = (at: MachineRef, ids: readonly Guid[]) =>
  ids.flatMap((id, index) => Object.values(callsOfVm(at, id, index * CALLS_A_VM)));

/** The VMs of `vmCalls`; one that is gone is not among them (and `gone` says so), one that failed otherwise is in `failed`. */
export function assembleVms(
  at: MachineRef,
  results: readonly CallResult[],
  ids: readonly Guid[],
  context: Context,
): {
  readonly vms: readonly Vm[];
  readonly gone: readonly Guid[];
  readonly failed: readonly { readonly vm: Guid; readonly failure: Failure }[];
} {
  const vms: Vm[] = [];
  const gone: Guid[] = [];
  const failed: { vm: Guid; failure: Failure }[] = [];
  ids.forEach((id, index) => {
    const first = index * CALLS_A_VM;
    const answers = answersTo(callsOfVm(at, id, first), results.slice(first, first + CALLS_A_VM));
    const { rows = [], errors } = readOf(answers.list);
    const own = rows.filter(({ Id }) => Id?.toLowerCase() === id.toLowerCase());
    if (own.length === 0) {
      const failure = errors[0] ?? (rows.length > 0 ? answersWrongly : undefined);
      if (failure && failure.kind !== 'not-found') failed.push({ vm: id, failure });
      else gone.push(id);
      return;
    }
    vms.push(
      ...vmsFrom(
        {
          list: { rows: own, errors },
          processors: readOf(answers.processors),
          adapters: readOf(answers.adapters),
          checkpoints: readOf(answers.checkpoints),
          services: readOf(answers.services),
        },
        { ...context, in: at, counters: undefined },
      ),
    );
  });
  return { vms, gone, failed };
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
/** Windows takes no longer name. To order thousands of those that a strange machine may send would hold everything up. */
const told = ({ name }: Vm): string => name.slice(0, 100);
export const sorted = (vms: readonly Vm[]): readonly Vm[] =>
  vms.toSorted((a, b) => byName.compare(told(a), told(b)) || (a.id < b.id ? -1 : 1));

/** What was read inside does not hold any more. */
export const isOverturned = (before: Found, after: Found): boolean =>
  before.insideEvidence.kind === 'inside' && after.insideEvidence.kind !== 'inside';

interface VmContext extends Context {
  /** The machine that the VMs are in. */
  readonly in: MachineRef;
  readonly counters: Samples | undefined;
}

export function vmsFrom(reads: VmReads, context: VmContext): readonly Vm[] {
  const lists = {
    processors: groupByVm(reads.processors),
    adapters: groupByVm(reads.adapters),
    checkpoints: groupByVm(reads.checkpoints),
    services: reads.services && groupByVm(reads.services),
  };
  const rows = reads.list.rows ?? [];
  const failuresOf = failuresIn(reads);
  const known = ifRead(context.previous?.vms, [], (all) => all);
  const previous = new Map(known.map((vm) => [vm.id, vm]));
  // Two VMs of one name share their counters. A read of one VM alone knows of the others by the last snapshot.
  const times = timesOf(rows.length === 1 ? known.map(({ name }) => name) : rows.map(({ Name }) => Name ?? ''));
  const ids = new Set<Guid>();
  const twice = new Set(
    rows.flatMap(({ Id }) => (Id && ids.size === ids.add(Id.toLowerCase()).size ? Id.toLowerCase() : [])),
  );
  return rows.flatMap((row) => {
    const id = row.Id?.toLowerCase();
    // A list that names one id twice is wrong: the first counts, and says so.
    if (id === undefined || !ids.delete(id)) return [];
    const before = previous.get(id);
    const vm = vmFrom(
      { row, id, before, isShared: (times.get(row.Name ?? before?.name ?? id) ?? 0) > 1 },
      lists,
      context,
    );
    // Nearly every VM is read in full and has nothing in it that is known: no copy of it then.
    const unread = [...(twice.has(id) ? [answersWrongly] : []), ...failuresOf(vm, row)].slice(0, mostFailures);
    const whole = unread.length === 0 ? vm : { ...vm, unread };
    const kept = guestOf(vm, before);
    const guest = kept && before && isOverturned(before, vm) ? withoutHypervisor(kept) : kept;
    return [guest ? withGuest(whole, guest) : whole];
  });
}

function timesOf(names: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}

interface Lists {
  readonly processors: Groups<RowOf<'Get-VMProcessor'>>;
  readonly adapters: Groups<RowOf<'Get-VMNetworkAdapter'>>;
  readonly checkpoints: Groups<RowOf<'Get-VMSnapshot'>>;
  readonly services: Groups<RowOf<'Get-VMIntegrationService'>> | undefined;
}

function vmFrom(
  { row, id, before, isShared }: { row: RowOf<'Get-VM'>; id: Guid; before: Vm | undefined; isShared: boolean },
  { processors, adapters, checkpoints, services }: Lists,
  context: VmContext,
): Vm {
  const ref = vmIn(context.in, id);
  const nats = before?.nats === undefined ? context.made?.nats.get(ref) : before.nats;
  const own = listOf(adapters, id)?.flatMap(adapterFrom);
  const lastAddresses =
    addressesTold({ adapters: own }).length > 0 ? undefined : lastOf(before, context.made?.addresses.get(ref));
  const nesting = processors.of.get(id)?.[0]?.ExposeVirtualizationExtensions;
  const name = row.Name ?? before?.name ?? id;
  const state = row.State;
  return {
    id,
    name,
    state,
    problem: problemOf(row),
    version: row.Version,
    generation: row.Generation,
    created: row.CreationTime,
    uptime: row.Uptime,
    heartbeat: row.Heartbeat,
    processors: row.ProcessorCount,
    nesting,
    ...insideOf({ nesting, state, uptime: row.Uptime, name, before, isShared }, context),
    memory: {
      dynamic: row.DynamicMemoryEnabled,
      startup: row.MemoryStartup,
      minimum: row.MemoryMinimum,
      maximum: row.MemoryMaximum,
      assigned: row.MemoryAssigned,
      demand: row.MemoryDemand,
    },
    stopAction: row.AutomaticStopAction,
    automaticCheckpoints: row.AutomaticCheckpointsEnabled,
    checkpointType: row.CheckpointType,
    parentCheckpoint: row.ParentSnapshotId?.toLowerCase() ?? row.ParentSnapshotId,
    checkpoints: listOf(checkpoints, id)?.flatMap(checkpointFrom),
    adapters: own,
    shutdownService: services
      ? shutdownServiceOf(listOf(services, id))
      : plainState(state ?? 'Other') === 'Running' && before?.state === state
        ? before?.shutdownService
        : undefined,
    nested: null,
    ...(nats && { nats }),
    ...(lastAddresses === undefined ? {} : { lastAddresses }),
    readAt: context.now,
    unread: [],
  };
}

function lastOf(before: Vm | undefined, made: readonly string[] | undefined): Vm['lastAddresses'] {
  const told = before ? addressesTold(before) : [];
  if (told.length > 0) return told;
  return ifRead(before?.lastAddresses, made, (last) => last);
}

function problemOf({
  PrimaryOperationalStatus: status,
  PrimaryStatusDescription: text,
}: RowOf<'Get-VM'>): Vm['problem'] {
  if (status === undefined) return undefined;
  return status === null || status === 'Ok' ? null : (text ?? status);
}

function shutdownServiceOf(services: readonly RowOf<'Get-VMIntegrationService'>[] | undefined): Vm['shutdownService'] {
  if (!services) return undefined;
  const own = services.find(({ Id }) => Id?.toLowerCase().includes(SHUTDOWN_SERVICE));
  if (!own) return 'off';
  if (own.Enabled === undefined) return undefined;
  if (!own.Enabled) return 'off';
  if (own.PrimaryOperationalStatus === undefined) return undefined;
  return own.PrimaryOperationalStatus === 'Ok' ? 'ok' : 'not-answering';
}

/** What was seen inside holds while the VM runs on; what went down with it is not known any more. */
const guestOf = (vm: Vm, before: Vm | undefined): Machine | null =>
  before?.guest &&
  vm.state === 'Running' &&
  before.state === 'Running' &&
  (vm.uptime === undefined || before.uptime === undefined || vm.uptime >= before.uptime)
    ? before.guest
    : null;

function checkpointFrom(row: RowOf<'Get-VMSnapshot'>): readonly Checkpoint[] {
  if (row.Id === undefined) return [];
  return [
    {
      id: row.Id.toLowerCase(),
      name: row.Name,
      automatic: row.IsAutomaticCheckpoint,
      created: row.CreationTime,
      parent: row.ParentSnapshotId,
    },
  ];
}

function adapterFrom(row: RowOf<'Get-VMNetworkAdapter'>): readonly Adapter[] {
  if (row.Id === undefined) return [];
  return [
    {
      id: row.Id,
      name: row.Name,
      macAddress: row.MacAddress,
      macSpoofing: row.MacAddressSpoofing,
      switchId: row.SwitchId,
      switchName: row.SwitchName,
      addresses: row.IPAddresses,
    },
  ];
}
