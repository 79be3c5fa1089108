/**
 * The calls that make a snapshot, and how their results become one. One code for every machine: this PC, and a guest from
 * inside. What could not be read stays undefined and is listed in `unread`; one broken VM never hides the others.
 */
import { hasRight, refusalOf } from './access.js';
import type { CallResult, Failure, Guid, Handshake, HostCall, MachineRef } from '../cmdlets/call.js';
import type { RowOf } from '../cmdlets/catalog.js';
import type { ModuleState } from '../cmdlets/call.js';
import type { Adapter, Checkpoint, HostFacts, Machine, Nat, Vm } from './machine.js';
import { withGuest, keyOf, type PathKey } from './tree.js';
import { isOfWholeCall, readOf, type Read } from '../cmdlets/reads.js';
import { insideOf, samplesOf, withoutHypervisor, type Found, type Samples } from './running-inside.js';
import { plainState } from './vm-state.js';

/** The integration service that shuts a guest down, by its id: names are localised (domain §2). */
const SHUTDOWN_SERVICE = '9f8233ac-be49-4c79-8ee3-e7e1985b2077';

const vmList = { cmdlet: 'Get-VM', params: {} } as const;

/** A first or full snapshot: one batch, no call per VM. The order is that of `assembleMachine`. */
export function snapshotCalls(at: MachineRef) {
  const vms = { on: { call: 0 }, params: {}, at } as const;
  const cim = { params: {}, at } as const;
  return [
    { ...vmList, at },
    { cmdlet: 'Get-VMProcessor', ...vms },
    { cmdlet: 'Get-VMNetworkAdapter', ...vms },
    { cmdlet: 'Get-VMSnapshot', ...vms },
    { cmdlet: 'Get-CimInstance/HyperVHypervisorVirtualProcessor', ...cim },
    { cmdlet: 'Get-VMHost', ...cim },
    { cmdlet: 'Get-VMSwitch', ...cim },
    { cmdlet: 'Get-CimInstance/Win32_Processor', ...cim },
    { cmdlet: 'Get-CimInstance/Win32_ComputerSystem', ...cim },
    { cmdlet: 'Get-CimInstance/Win32_OperatingSystem', ...cim },
    { cmdlet: 'Get-CimInstance/Win32_OptionalFeature', ...cim },
    { cmdlet: 'Get-CimInstance/Win32_Service', ...cim },
    { cmdlet: 'Get-CimInstance/Win32_DeviceGuard', ...cim },
  ] as const satisfies readonly HostCall[];
}
type ResultsOf<Calls extends readonly HostCall[]> = { [I in keyof Calls]: CallResult<Calls[I]['cmdlet']> };
export type SnapshotResults = ResultsOf<ReturnType<typeof snapshotCalls>>;

export interface Context {
  readonly handshake: Handshake;
  /** ISO 8601, UTC */
  readonly now: string;
  readonly previous?: Machine | null;
  /** Counters of the last read, and when those of this one were asked for (as `Samples.at`). */
  readonly samples?: Samples;
  readonly at?: number;
  /** NAT networks that runs have made, by VM: until somebody looks inside. */
  readonly nats?: ReadonlyMap<PathKey, readonly Nat[]>;
}

export function assembleMachine(at: MachineRef, results: SnapshotResults, context: Context): Machine {
  const [list, processors, adapters, checkpoints, counters, ...host] = results;
  const vms = readOf(list);
  const { identity } = context.handshake;
  // Without rights Windows answers with an empty list and no error: that is no access, not "no VMs" (devhome#2476). Whoever
  // is not known may be without them.
  const isUntold = refusalOf({ unread: readOf(host[0]).errors }) !== undefined;
  const isBlind = vms.rows?.length === 0 && (identity === null || !hasRight(identity) || isUntold);
  const read = vmsFrom(
    { list: vms, processors: readOf(processors), adapters: readOf(adapters), checkpoints: readOf(checkpoints) },
    { ...context, counters: samplesOf(counters, context.at ?? 0) },
  );
  const { previous } = context;
  return {
    at,
    host: hostFrom(host, vms.errors, context),
    vms: vms.rows === undefined || isBlind ? undefined : sorted(read),
    ...(previous?.network && { network: previous.network }),
    ...(previous?.thirdParty && { thirdParty: previous.thirdParty }),
    ...(previous?.inside && { inside: previous.inside }),
  };
}

/** A full read of chosen VMs in one batch: also asks whether the guest can be shut down. */
export function vmCalls(at: MachineRef, ids: readonly Guid[]) {
  return ids.flatMap((Id, index) => {
    const on = { on: { call: index * 5 }, params: {}, at } as const;
    return [
      { cmdlet: 'Get-VM', params: { Id }, at },
      { cmdlet: 'Get-VMProcessor', ...on },
      { cmdlet: 'Get-VMNetworkAdapter', ...on },
      { cmdlet: 'Get-VMSnapshot', ...on },
      { cmdlet: 'Get-VMIntegrationService', ...on },
    ] as const satisfies readonly HostCall[];
  });
}

/** The VMs of `vmCalls`; one that is gone is not among them (and `gone` says so), one that failed otherwise is in `failed`. */
export function assembleVms(
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
    const [list, processors, adapters, checkpoints, services] = results.slice(index * 5, index * 5 + 5);
    const read = readOf<'Get-VM'>(list as CallResult<'Get-VM'>);
    if (!read.rows?.length) {
      const failure = read.errors[0];
      if (failure && failure.kind !== 'not-found') failed.push({ vm: id, failure });
      else gone.push(id);
      return;
    }
    vms.push(
      ...vmsFrom(
        {
          list: read,
          processors: readOf(processors as CallResult<'Get-VMProcessor'>),
          adapters: readOf(adapters as CallResult<'Get-VMNetworkAdapter'>),
          checkpoints: readOf(checkpoints as CallResult<'Get-VMSnapshot'>),
          services: readOf(services as CallResult<'Get-VMIntegrationService'>),
        },
        { ...context, counters: undefined },
      ),
    );
  });
  return { vms, gone, failed };
}

/** The watcher's tick: one cheap query (domain §8). */
export const tickCalls = (at: MachineRef) =>
  [{ cmdlet: 'Get-CimInstance/Msvm_ComputerSystem', params: {}, at }] as const satisfies readonly HostCall[];
/** What a tick tells of each VM, by id. */
export type Tick = ReadonlyMap<Guid, Seen>;
type Seen = RowOf<'Get-CimInstance/Msvm_ComputerSystem'>;

/** Told from the name of the host itself, which has 15 characters at most; an expression for it would be half the cost of a tick. */
const isGuid = ({ length }: string): boolean => length === 36;

export function tickOf(result: CallResult<'Get-CimInstance/Msvm_ComputerSystem'>): Tick | undefined {
  const { rows } = readOf(result);
  if (!rows) return undefined;
  const tick = new Map<Guid, Seen>();
  for (const row of rows) if (row.Name !== undefined && isGuid(row.Name)) tick.set(row.Name.toLowerCase(), row);
  return tick;
}

/** Value by value, no text made of them: with a thousand VMs this runs every other second. */
const isSameAs = (now: Seen, before: Seen | undefined): boolean =>
  before !== undefined &&
  now.EnabledState === before.EnabledState &&
  now.HealthState === before.HealthState &&
  now.TimeOfLastStateChange === before.TimeOfLastStateChange &&
  now.TimeOfLastConfigurationChange === before.TimeOfLastConfigurationChange;

export function changedBy(
  tick: Tick,
  previous: Tick,
): { readonly changed: readonly Guid[]; readonly removed: readonly Guid[] } {
  const changed: Guid[] = [];
  for (const [id, row] of tick) if (!isSameAs(row, previous.get(id))) changed.push(id);
  const removed: Guid[] = [];
  for (const id of previous.keys()) if (!tick.has(id)) removed.push(id);
  return { changed, removed };
}

/** A machine with some VMs read anew, some gone. Where the list could not be read, some are not all: it stays unknown. */
export function withVms(machine: Machine, vms: readonly Vm[], gone: readonly Guid[]): Machine {
  if (machine.vms === undefined) return machine;
  const fresh = new Map(vms.map((vm) => [vm.id, vm]));
  const kept = machine.vms.filter(({ id }) => !fresh.has(id) && !gone.includes(id));
  return { ...machine, vms: sorted([...kept, ...vms]) };
}

/** What two samples of the counters tell of each VM, without reading anything else again. */
export function withSamples(machine: Machine, counters: Samples, samples: Samples): Machine {
  const { vms = [] } = machine;
  const shared = sharedNames(vms);
  const fresh = new Map<Guid, Vm>();
  for (const vm of vms) {
    // Of the others a read has said all there is.
    if (vm.nesting !== true) continue;
    const { nesting, state, uptime, name } = vm;
    const isShared = shared.has(name);
    const found = insideOf({ nesting, state, uptime, name, before: vm, isShared }, { counters, samples });
    if (found.inside === vm.inside && found.insideEvidence === vm.insideEvidence) continue;
    const guest = vm.guest && isOverturned(vm, found) ? { guest: withoutHypervisor(vm.guest) } : {};
    fresh.set(vm.id, { ...vm, ...found, ...guest });
  }
  // The same list where nothing is new: it need not be compared then.
  return fresh.size === 0 ? machine : { ...machine, vms: vms.map((vm) => fresh.get(vm.id) ?? vm) };
}

const sharedIn = new WeakMap<readonly Vm[], ReadonlySet<string>>();
/** Names that more than one VM has; found once for a list, which stays the same over ticks. */
function sharedNames(vms: readonly Vm[]): ReadonlySet<string> {
  const known = sharedIn.get(vms);
  if (known) return known;
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const { name } of vms) (seen.has(name) ? shared : seen).add(name);
  sharedIn.set(vms, shared);
  return shared;
}

/** What was read inside does not hold any more. */
const isOverturned = (before: Found, after: Found): boolean =>
  before.insideEvidence.kind === 'inside' && after.insideEvidence.kind !== 'inside';

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const sorted = (vms: readonly Vm[]): readonly Vm[] =>
  vms.toSorted((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));

interface VmReads {
  readonly list: Read<'Get-VM'>;
  readonly processors: Read<'Get-VMProcessor'>;
  readonly adapters: Read<'Get-VMNetworkAdapter'>;
  readonly checkpoints: Read<'Get-VMSnapshot'>;
  readonly services?: Read<'Get-VMIntegrationService'>;
}

/** The rows of a list by VM: gone through once for all VMs. */
interface Groups<Row> {
  readonly isRead: boolean;
  /** Whether each row says whose it is. */
  readonly isComplete: boolean;
  readonly mayLack: boolean;
  readonly of: ReadonlyMap<Guid, readonly Row[]>;
}

function groupByVm<Row extends { readonly VMId: string | undefined }>(read: {
  readonly rows: readonly Row[] | undefined;
  readonly errors: readonly Failure[];
}): Groups<Row> {
  const groups = new Map<Guid, Row[]>();
  let isComplete = true;
  for (const row of read.rows ?? []) {
    const id = row.VMId?.toLowerCase();
    if (id === undefined) {
      isComplete = false;
      continue;
    }
    const group = groups.get(id);
    if (group) group.push(row);
    else groups.set(id, [row]);
  }
  return { isRead: read.rows !== undefined, isComplete, mayLack: read.errors.some(isOfWholeCall), of: groups };
}

function vmsFrom(reads: VmReads, context: Context & { readonly counters: Samples | undefined }): readonly Vm[] {
  const processors = groupByVm(reads.processors);
  const adapters = groupByVm(reads.adapters);
  const checkpoints = groupByVm(reads.checkpoints);
  const services = reads.services ? groupByVm(reads.services) : undefined;
  const rows = reads.list.rows ?? [];
  const previous = new Map((context.previous?.vms ?? []).map((vm) => [vm.id, vm]));
  const names = new Map<string, number>();
  const known = context.previous?.vms ?? [];
  // Two VMs of one name share their counters. A read of one VM alone knows of the others by the last snapshot.
  const all = rows.length === 1 ? known.map(({ name }) => name) : rows.map(({ Name }) => Name ?? '');
  for (const name of all) names.set(name, (names.get(name) ?? 0) + 1);

  return rows.flatMap((row) => {
    const id = row.Id?.toLowerCase();
    if (id === undefined) return [];
    const before = previous.get(id);
    const nats = before?.nats ?? context.nats?.get(keyOf([id]));
    const nesting = processors.of.get(id)?.[0]?.ExposeVirtualizationExtensions;
    const name = row.Name ?? before?.name ?? id;
    const state = row.State;
    const problem = row.PrimaryOperationalStatus;
    const vm: Vm = {
      id,
      name,
      state,
      problem:
        problem === undefined
          ? undefined
          : problem === null || problem === 'Ok'
            ? null
            : (row.PrimaryStatusDescription ?? problem),
      version: row.Version,
      generation: row.Generation,
      created: row.CreationTime,
      uptime: row.Uptime,
      heartbeat: row.Heartbeat,
      processors: row.ProcessorCount,
      nesting,
      ...insideOf({ nesting, state, uptime: row.Uptime, name, before, isShared: (names.get(name) ?? 0) > 1 }, context),
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
      adapters: listOf(adapters, id)?.flatMap(adapterFrom),
      shutdownService: services
        ? shutdownServiceOf(listOf(services, id))
        : plainState(state ?? 'Other') === 'Running' && before?.state === state
          ? before?.shutdownService
          : undefined,
      nested: null,
      ...(nats && { nats }),
      readAt: context.now,
      unread: [],
    };
    // Nearly every VM is read in full and has nothing in it that is known: no copy of it then.
    const unread = failuresOf(vm, row, reads);
    const whole = unread.length === 0 ? vm : { ...vm, unread };
    const kept = guestOf(vm, before);
    const guest = kept && before && isOverturned(before, vm) ? withoutHypervisor(kept) : kept;
    return [guest ? withGuest(whole, guest) : whole];
  });
}

/**
 * What a VM has of a list. A list that lacks it after an error, or with a row that does not say whose or which it is, is not
 * known: an empty one would be taken for "none".
 */
function listOf<Row extends { readonly Id: string | undefined }>(
  groups: Groups<Row>,
  vm: Guid,
): readonly Row[] | undefined {
  const own = groups.of.get(vm);
  if (!groups.isRead || !groups.isComplete) return undefined;
  if (own?.some(({ Id }) => Id === undefined)) return undefined;
  return own ?? (groups.mayLack ? undefined : []);
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

/** The errors that may be this VM's: of a property that its row lacks, of a call that has no rows of it. */
function failuresOf(vm: Vm, row: RowOf<'Get-VM'>, reads: VmReads): readonly Failure[] {
  const values: Readonly<Record<string, unknown>> = row;
  return [
    ...reads.list.errors.filter(({ property }) => property !== undefined && values[property] === undefined),
    ...(vm.nesting === undefined ? reads.processors.errors : []),
    ...(vm.adapters?.every(({ macSpoofing, switchId }) => macSpoofing !== undefined && switchId !== undefined)
      ? []
      : reads.adapters.errors),
    ...(vm.checkpoints === undefined ? reads.checkpoints.errors : []),
    ...(reads.services && vm.shutdownService === undefined ? reads.services.errors : []),
  ];
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

type HostResults = SnapshotResults extends readonly [unknown, unknown, unknown, unknown, unknown, ...infer Rest]
  ? Rest
  : never;

function hostFrom(results: HostResults, listErrors: readonly Failure[], context: Context): HostFacts {
  const [hostResult, switchResult, cpuResult, computerResult, systemResult, featureResult, serviceResult, guardResult] =
    results;
  const vmHost = readOf(hostResult);
  const switches = readOf(switchResult);
  const cpu = readOf(cpuResult).rows?.[0];
  const computer = readOf(computerResult).rows?.[0];
  const system = readOf(systemResult).rows?.[0];
  const features = readOf(featureResult);
  const services = readOf(serviceResult);
  const guard = readOf(guardResult).rows?.[0];
  return {
    name: computer?.Name ?? vmHost.rows?.[0]?.Name,
    windows: windowsFrom(system),
    processor: processorFrom(cpu),
    computer: computerFrom(computer),
    freeMemory: freeMemoryOf(system),
    features: known(features.rows?.map(featureFrom)),
    services: known(services.rows?.map(serviceFrom)),
    vbsStatus: guard?.VirtualizationBasedSecurityStatus,
    supportedVersions: vmHost.rows?.[0]?.SupportedVmVersions,
    switches: switches.rows?.flatMap((row) =>
      row.Id === undefined
        ? []
        : [
            {
              id: row.Id.toLowerCase(),
              name: row.Name,
              type: row.SwitchType,
              adapterDescription: row.NetAdapterInterfaceDescription,
            },
          ],
    ),
    identity: context.handshake.identity ?? undefined,
    modules: Object.fromEntries(
      context.handshake.modules.map(({ name, state }): [string, ModuleState] => [name, state]),
    ),
    languageMode: context.handshake.languageMode,
    unread: [
      ...listErrors.filter(({ property }) => property === undefined),
      ...results.flatMap((result) => [...readOf(result).errors]),
    ],
    readAt: context.now,
  };
}

type SystemRow = RowOf<'Get-CimInstance/Win32_OperatingSystem'>;

/** Read by itself: it moves more than anything else that is known of a PC. */
export const freeMemoryCall = (at: MachineRef) =>
  ({ cmdlet: 'Get-CimInstance/Win32_OperatingSystem', params: {}, at }) as const satisfies HostCall;

/** bytes */
export const freeMemoryOf = (row: Pick<SystemRow, 'FreePhysicalMemory'> | undefined): number | undefined =>
  row?.FreePhysicalMemory === undefined ? undefined : Number(row.FreePhysicalMemory) * 1024;

function windowsFrom(row: SystemRow | undefined): HostFacts['windows'] {
  if (row?.Caption === undefined || row.BuildNumber === undefined) return undefined;
  if (row.OperatingSystemSKU === undefined || row.ProductType === undefined) return undefined;
  // ProductType 1 is a workstation, 2 a domain controller, 3 a server.
  return {
    caption: row.Caption,
    build: Number(row.BuildNumber),
    sku: row.OperatingSystemSKU,
    server: row.ProductType !== 1,
  };
}

function processorFrom(row: RowOf<'Get-CimInstance/Win32_Processor'> | undefined): HostFacts['processor'] {
  if (row?.Name === undefined || row.Manufacturer === undefined || row.Architecture === undefined) return undefined;
  return {
    name: row.Name.trim(),
    vendor: row.Manufacturer === 'GenuineIntel' ? 'intel' : row.Manufacturer === 'AuthenticAMD' ? 'amd' : 'other',
    architecture: row.Architecture,
    slat: row.SecondLevelAddressTranslationExtensions ?? null,
    vmMonitorMode: row.VMMonitorModeExtensions ?? null,
    firmwareEnabled: row.VirtualizationFirmwareEnabled ?? null,
    logicalProcessors: row.NumberOfLogicalProcessors,
  };
}

function computerFrom(row: RowOf<'Get-CimInstance/Win32_ComputerSystem'> | undefined): HostFacts['computer'] {
  if (row?.Manufacturer === undefined || row.Model === undefined) return undefined;
  if (row.HypervisorPresent === undefined || row.TotalPhysicalMemory === undefined) return undefined;
  return {
    manufacturer: row.Manufacturer,
    model: row.Model,
    hypervisorPresent: row.HypervisorPresent,
    memory: Number(row.TotalPhysicalMemory),
  };
}

/** By name; not known as soon as one of them is not: a missing name would be taken for "absent". */
function known<Value>(
  entries: readonly (readonly [string, Value] | undefined)[] | undefined,
): Readonly<Record<string, Value>> | undefined {
  const read = entries?.filter((entry) => entry !== undefined);
  return read && read.length === entries?.length ? Object.fromEntries(read) : undefined;
}

const installStates: Readonly<Record<number, 'enabled' | 'disabled' | 'absent'>> = {
  1: 'enabled',
  2: 'disabled',
  3: 'absent',
};
/** InstallState 4 is "unknown". */
function featureFrom({ Name, InstallState }: RowOf<'Get-CimInstance/Win32_OptionalFeature'>) {
  const state = InstallState === undefined ? undefined : installStates[InstallState];
  return Name === undefined || state === undefined ? undefined : ([Name, state] as const);
}

function serviceFrom({ Name, State, StartMode }: RowOf<'Get-CimInstance/Win32_Service'>) {
  return Name === undefined || State === undefined
    ? undefined
    : ([Name, { state: State, startMode: StartMode ?? '' }] as const);
}
