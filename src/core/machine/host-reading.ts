/** What is read of a machine itself, next to its VMs. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { Answers, Batch } from '../cmdlets/batch.js';
import type { CallResult, Failure, HostCall, ModuleState } from '../cmdlets/call.js';
import type { CmdletName, RowOf } from '../cmdlets/catalog.js';
import { readOf } from '../cmdlets/reads.js';
import type { HostFacts } from './machine.js';
import type { Context } from './vm-reading.js';

export function hostCalls(at: MachineRef) {
  const cim = { params: {}, at } as const;
  return {
    vmHost: { cmdlet: 'Get-VMHost', ...cim },
    switches: switchesCall(at),
    processor: { cmdlet: 'Get-CimInstance/Win32_Processor', ...cim },
    computer: { cmdlet: 'Get-CimInstance/Win32_ComputerSystem', ...cim },
    system: { cmdlet: 'Get-CimInstance/Win32_OperatingSystem', ...cim },
    features: { cmdlet: 'Get-CimInstance/Win32_OptionalFeature', ...cim },
    services: { cmdlet: 'Get-CimInstance/Win32_Service', ...cim },
    deviceGuard: { cmdlet: 'Get-CimInstance/Win32_DeviceGuard', ...cim },
    hypervisor: { cmdlet: 'Get-CimInstance/HyperVHypervisor', ...cim },
  } as const satisfies Batch;
}
export const switchesCall = (at: MachineRef) => ({ cmdlet: 'Get-VMSwitch', params: {}, at }) as const;

/** undefined: they could not be read. */
export const switchesFrom = (result: CallResult<'Get-VMSwitch'>): HostFacts['switches'] =>
  readOf(result).rows?.flatMap((row) =>
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
  );

type HostAnswers = Answers<ReturnType<typeof hostCalls>>;
const callNames = [
  'vmHost',
  'switches',
  'processor',
  'computer',
  'system',
  'features',
  'services',
  'deviceGuard',
] as const satisfies readonly (keyof HostAnswers)[];

export function hostFrom(answers: HostAnswers, listErrors: readonly Failure[], context: Context): HostFacts {
  const vmHost = readOf(answers.vmHost);
  const cpu = readOf(answers.processor).rows?.[0];
  const computer = readOf(answers.computer).rows?.[0];
  const system = readOf(answers.system).rows?.[0];
  const features = readOf(answers.features);
  const services = readOf(answers.services);
  const guard = readOf(answers.deviceGuard).rows?.[0];
  return {
    name: computer?.Name ?? vmHost.rows?.[0]?.Name,
    windows: windowsFrom(system),
    processor: processorFrom(cpu),
    computer: computerFrom(computer),
    freeMemory: freeMemoryOf(system),
    features: known(features.rows?.map(featureFrom)),
    services: known(services.rows?.map(serviceFrom)),
    hypervisorProcessors: processorsFrom(readOf(answers.hypervisor)),
    vbsStatus: guard?.VirtualizationBasedSecurityStatus,
    supportedVersions: vmHost.rows?.[0]?.SupportedVmVersions,
    ...foldersFrom(vmHost.rows?.[0]),
    switches: switchesFrom(answers.switches),
    identity: context.handshake.identity ?? undefined,
    modules: Object.fromEntries(
      context.handshake.modules.map(({ name, state }): [string, ModuleState] => [name, state]),
    ),
    languageMode: context.handshake.languageMode,
    unread: [
      ...listErrors.filter(({ property }) => property === undefined),
      ...callNames.flatMap((name) => readOf<CmdletName>(answers[name]).errors),
    ],
    readAt: context.now,
  };
}

/** Empty where Windows says none: not known then. */
function foldersFrom(row: RowOf<'Get-VMHost'> | undefined): Pick<HostFacts, 'folders'> {
  const { VirtualHardDiskPath: disks, VirtualMachinePath: machines } = row ?? {};
  return disks && machines ? { folders: { disks, machines } } : {};
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

/** Without a root partition the class is missing or has no row: no hypervisor of its own (domain §3). */
function processorsFrom(read: {
  readonly rows: readonly { readonly LogicalProcessors: string | undefined }[] | undefined;
  readonly errors: readonly Failure[];
}): number | undefined {
  if (!read.rows) return read.errors.some(({ kind }) => kind === 'not-supported') ? 0 : undefined;
  const counts = read.rows.flatMap(({ LogicalProcessors }) => LogicalProcessors ?? []);
  return counts.length < read.rows.length ? undefined : counts.reduce((sum, count) => sum + Number(count), 0);
}
