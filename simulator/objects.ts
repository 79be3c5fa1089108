/** The objects that cmdlets write: every property that the catalog may ask for, and the usual ones beside it. */
import { addressesAt } from './addresses.js';
import type { Clock } from './clock.js';
import { sayText, wireError } from './errors.js';
import { assignedMemory, hasBooted, isOn, memoryDemand, uptime } from './guest.js';
import {
  serviceIds,
  supportedVersions,
  type AdapterSettings,
  type ServiceName,
  type SimulatedCheckpoint,
  type SimulatedMachine,
  type SimulatedSwitch,
  type SimulatedVm,
  type World,
} from './world.js';

export type Row = Readonly<Record<string, unknown>>;

/** Texts of times are kept: a tick of the watcher asks for the same ones again and again. */
const isoTimes = new Map<number, string>();

export function isoTime(milliseconds: number): string {
  const known = isoTimes.get(milliseconds);
  if (known !== undefined) return known;
  if (isoTimes.size > 20_000) isoTimes.clear();
  const text = new Date(milliseconds).toISOString();
  isoTimes.set(milliseconds, text);
  return text;
}

/** Live objects: each property is read when it is asked for, and may throw then. */
function withBroken(machine: SimulatedMachine, vm: SimulatedVm, cmdlet: string, row: Row): Row {
  const broken = vm.broken[cmdlet];
  if (!broken) return row;
  const error = { ...wireError(machine.locale, 'vmms-stopped', { host: machine.name }) };
  return { ...row, ...Object.fromEntries(broken.map((property) => [property, { $throws: error }])) };
}

export const ofVm = (machine: SimulatedMachine, vm: SimulatedVm) => ({
  VMId: vm.id,
  VMName: vm.name,
  ComputerName: machine.name,
  VMSnapshotId: '00000000-0000-0000-0000-000000000000',
  VMSnapshotName: '',
  IsDeleted: false,
});

export function vmRow(machine: SimulatedMachine, vm: SimulatedVm, clock: Clock): Row {
  const { settings } = vm;
  const status = sayText(machine.locale, vm.problem?.text ?? 'statusNormal');
  const parent = vm.checkpoints.find(({ id }) => id === vm.parentCheckpoint);
  return withBroken(machine, vm, 'Get-VM', {
    Id: vm.id,
    Name: vm.name,
    ComputerName: machine.name,
    State: vm.state,
    Version: vm.version,
    Generation: vm.generation,
    CreationTime: isoTime(vm.created),
    Uptime: uptime(vm, clock),
    Heartbeat: heartbeat(vm, clock),
    PrimaryOperationalStatus: vm.problem?.status ?? 'Ok',
    OperationalStatus: [vm.problem?.status ?? 'Ok'],
    PrimaryStatusDescription: status,
    StatusDescriptions: [status],
    Status: status,
    ProcessorCount: settings.processors,
    DynamicMemoryEnabled: settings.dynamicMemory,
    MemoryStartup: settings.startup,
    MemoryMinimum: settings.minimum,
    MemoryMaximum: settings.maximum,
    MemoryAssigned: assignedMemory(vm, clock),
    MemoryDemand: memoryDemand(vm, clock),
    AutomaticStopAction: settings.stopAction,
    AutomaticStartAction: 'StartIfRunning',
    AutomaticCheckpointsEnabled: settings.automaticCheckpoints,
    CheckpointType: settings.checkpointType,
    ParentSnapshotId: vm.parentCheckpoint,
    ParentSnapshotName: parent?.name ?? null,
    VirtualMachineType: 'RealizedVirtualMachine',
    VirtualMachineSubType: vm.generation === 1 ? 'Generation1' : 'Generation2',
    Notes: '',
    Path: 'C:\\ProgramData\\Microsoft\\Windows\\Hyper-V',
    ConfigurationLocation: 'C:\\ProgramData\\Microsoft\\Windows\\Hyper-V',
    IsClustered: false,
    IsDeleted: false,
  });
}

/** A guest that hangs does so when it is asked to shut down; nothing shows it before. */
const isHanging = (vm: SimulatedVm) => vm.guest.obeys === 'hung' && vm.state === 'Stopping';

/** Facts: null when off; NoContact until the guest's services answer. */
function heartbeat(vm: SimulatedVm, clock: Clock): string | null {
  if (vm.state === 'Paused') return 'Paused';
  if (!isOn(vm)) return null;
  if (!vm.services.Heartbeat) return 'Disabled';
  if (!hasBooted(vm, clock) || vm.guest.kind === 'none') return 'NoContact';
  if (isHanging(vm)) return 'LostCommunication';
  return vm.guest.kind === 'windows' ? 'OkApplicationsHealthy' : 'OkApplicationsUnknown';
}

export function processorRow(machine: SimulatedMachine, vm: SimulatedVm): Row {
  return withBroken(machine, vm, 'Get-VMProcessor', {
    ...ofVm(machine, vm),
    Name: 'Processor',
    Id: `Microsoft:${vm.id.toUpperCase()}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0`,
    Count: vm.settings.processors,
    ExposeVirtualizationExtensions: vm.settings.nesting,
    Maximum: 100,
    Reserve: 0,
    RelativeWeight: 100,
    OperationalStatus: ['Ok'],
    StatusDescription: [sayText(machine.locale, 'statusOk')],
  });
}

export function memoryRow(machine: SimulatedMachine, vm: SimulatedVm): Row {
  return withBroken(machine, vm, 'Get-VMMemory', {
    ...ofVm(machine, vm),
    Name: 'Memory',
    Id: `Microsoft:${vm.id.toUpperCase()}\\4764334d-e001-4176-82ee-5594ec9b530e`,
    DynamicMemoryEnabled: vm.settings.dynamicMemory,
    Startup: vm.settings.startup,
    Minimum: vm.settings.minimum,
    Maximum: vm.settings.maximum,
    Buffer: 20,
    Priority: 50,
  });
}

export function adapterRow(
  { world, machine, clock }: { readonly world: World; readonly machine: SimulatedMachine; readonly clock: Clock },
  vm: SimulatedVm,
  adapter: AdapterSettings,
): Row {
  const connected = machine.switches.find(({ id }) => id === adapter.switchId);
  return withBroken(machine, vm, 'Get-VMNetworkAdapter', {
    ...ofVm(machine, vm),
    Id: adapter.id,
    Name: adapter.name,
    MacAddress: adapter.macAddress,
    DynamicMacAddressEnabled: true,
    MacAddressSpoofing: adapter.macSpoofing,
    Connected: adapter.switchId !== null,
    SwitchId: adapter.switchId,
    SwitchName: connected?.name ?? '',
    // Empty when off or before the guest's services answer (facts).
    IPAddresses: hasBooted(vm, clock) && adapter.switchId !== null ? addressesAt(world, machine, vm, adapter) : [],
    Status: ['Ok'],
    StatusDescription: [sayText(machine.locale, 'statusOk')],
    IsManagementOs: false,
    IsLegacy: false,
    DhcpGuard: 'Off',
    RouterGuard: 'Off',
    AllowTeaming: 'Off',
    DeviceNaming: 'Off',
  });
}

export function checkpointRow(machine: SimulatedMachine, vm: SimulatedVm, checkpoint: SimulatedCheckpoint): Row {
  const parent = vm.checkpoints.find(({ id }) => id === checkpoint.parent);
  return withBroken(machine, vm, 'Get-VMSnapshot', {
    VMId: vm.id,
    VMName: vm.name,
    ComputerName: machine.name,
    Id: checkpoint.id,
    Name: checkpoint.name,
    SnapshotType: 'Standard',
    IsAutomaticCheckpoint: checkpoint.automatic,
    CreationTime: isoTime(checkpoint.created),
    ParentSnapshotId: checkpoint.parent,
    ParentSnapshotName: parent?.name ?? null,
    State: 'Off',
    Version: checkpoint.version,
    Generation: vm.generation,
    ProcessorCount: checkpoint.settings.processors,
    DynamicMemoryEnabled: checkpoint.settings.dynamicMemory,
    MemoryStartup: checkpoint.settings.startup,
    MemoryMinimum: checkpoint.settings.minimum,
    MemoryMaximum: checkpoint.settings.maximum,
    IsDeleted: false,
  });
}

const localNames: Readonly<Record<'de' | 'zh', Readonly<Record<ServiceName, string>>>> = {
  de: {
    'Guest Service Interface': 'Gastdienstschnittstelle',
    Heartbeat: 'Takt',
    'Key-Value Pair Exchange': 'Austausch von Schlüsselwertepaaren',
    Shutdown: 'Herunterfahren',
    'Time Synchronization': 'Zeitsynchronisierung',
    VSS: 'VSS',
  },
  zh: {
    'Guest Service Interface': '来宾服务接口',
    Heartbeat: '检测信号',
    'Key-Value Pair Exchange': '密钥值对交换',
    Shutdown: '关闭',
    'Time Synchronization': '时间同步',
    VSS: 'VSS',
  },
};

const serviceNames: readonly ServiceName[] = [
  'Guest Service Interface',
  'Heartbeat',
  'Key-Value Pair Exchange',
  'Shutdown',
  'Time Synchronization',
  'VSS',
];

/** Whether the guest's service would take a request now. */
export function serviceStatus(vm: SimulatedVm, name: ServiceName, clock: Clock): string | null {
  if (!isOn(vm)) return null;
  if (!vm.services[name]) return 'Disabled';
  if (vm.guest.kind === 'none' || !hasBooted(vm, clock)) return 'NoContact';
  return isHanging(vm) ? 'LostCommunication' : 'Ok';
}

export function serviceRows(machine: SimulatedMachine, vm: SimulatedVm, clock: Clock): readonly Row[] {
  return serviceNames.map((name) => {
    const status = serviceStatus(vm, name, clock);
    return withBroken(machine, vm, 'Get-VMIntegrationService', {
      ...ofVm(machine, vm),
      Id: `Microsoft:${vm.id.toUpperCase()}\\${serviceIds[name]}`,
      Name: machine.locale === 'en' ? name : localNames[machine.locale][name],
      Enabled: vm.services[name],
      OperationalStatus: status === null ? [] : [status],
      PrimaryOperationalStatus: status,
      PrimaryStatusDescription: status === null ? '' : sayText(machine.locale, 'statusOk'),
    });
  });
}

export function switchRow(machine: SimulatedMachine, { id, name, type, ...rest }: SimulatedSwitch): Row {
  return {
    Id: id,
    Name: name,
    ComputerName: machine.name,
    SwitchType: type,
    AllowManagementOS: rest.allowManagementOs,
    NetAdapterInterfaceDescription: rest.adapterDescription,
    Notes: '',
    IsDeleted: false,
  };
}

export function hostRow(machine: SimulatedMachine): Row {
  return {
    Name: machine.name,
    ComputerName: machine.name,
    FullyQualifiedDomainName: 'WORKGROUP',
    LogicalProcessorCount: machine.processor.logicalProcessors,
    MemoryCapacity: machine.computer.memory,
    SupportedVmVersions: supportedVersions(machine.windows.build),
    VirtualHardDiskPath: 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks',
    VirtualMachinePath: 'C:\\ProgramData\\Microsoft\\Windows\\Hyper-V',
    EnableEnhancedSessionMode: true,
    NumaSpanningEnabled: true,
    IsDeleted: false,
  };
}
