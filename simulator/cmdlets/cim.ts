/** Get-CimInstance over the few classes of the catalog, and Get-NetAdapter over one of them. */
import type { Clock } from '../clock.js';
import { CmdletError } from '../errors.js';
import { freeMemory, isOn, nestedEntries } from '../guest.js';
import { isoTime, type Row } from '../objects.js';
import { hasWildcard, like, strings } from '../parameters.js';
import type { SimulatedMachine, SimulatedVm } from '../world.js';
import { wantsHypervisor } from '../roles.js';
import { outerOf } from '../wires.js';
import { where } from '../wql.js';
import { problem, serving, type Invocation, type ServedCmdlet, type SimulatedCmdlet } from './cmdlet.js';
import { adapters, networkClasses } from './network-classes.js';

const processor = ({ processor: cpu, hypervisorRunning }: SimulatedMachine): readonly Row[] => {
  // While a hypervisor runs these three read False (domain §1).
  const seen = cpu.extensions && !hypervisorRunning;
  return [
    {
      Name: cpu.name,
      Manufacturer: cpu.manufacturer,
      Architecture: cpu.architecture,
      NumberOfCores: cpu.cores,
      NumberOfLogicalProcessors: cpu.logicalProcessors,
      SecondLevelAddressTranslationExtensions: seen,
      VMMonitorModeExtensions: seen,
      VirtualizationFirmwareEnabled: seen,
      DeviceID: 'CPU0',
    },
  ];
};

const computerSystem = (machine: SimulatedMachine): readonly Row[] => [
  {
    Name: machine.name,
    Manufacturer: machine.computer.manufacturer,
    Model: machine.computer.model,
    // True inside any VM too: it says that one runs underneath (facts).
    HypervisorPresent: machine.hypervisorRunning || machine.below !== 'nothing',
    TotalPhysicalMemory: machine.computer.memory,
    NumberOfLogicalProcessors: machine.processor.logicalProcessors,
  },
];

const operatingSystem = (machine: SimulatedMachine, clock: Clock): readonly Row[] => {
  const { windows } = machine;
  return [
    {
      Caption: windows.caption,
      CSName: machine.name,
      Version: `10.0.${windows.build}`,
      BuildNumber: String(windows.build),
      OperatingSystemSKU: windows.sku,
      ProductType: windows.productType,
      // kilobytes
      FreePhysicalMemory: Math.floor(freeMemory(machine, clock) / 1024),
      TotalVisibleMemorySize: Math.floor(machine.computer.memory / 1024),
    },
  ];
};

const enabledStates: Partial<Record<SimulatedVm['state'], number>> = {
  Running: 2,
  Off: 3,
  Stopping: 4,
  Saved: 6,
  Paused: 9,
  Starting: 10,
  Reset: 11,
  Saving: 32773,
  Pausing: 32776,
  Resuming: 32777,
  RunningCritical: 2,
  OffCritical: 3,
  PausedCritical: 9,
  SavedCritical: 6,
};

/** One row for this computer, one a VM; without rights the VMs are missing, without an error. */
const computerSystems = ({ machine, allowed }: Invocation): readonly Row[] => [
  {
    Name: machine.name,
    ElementName: machine.name,
    EnabledState: 2,
    HealthState: 5,
    TimeOfLastStateChange: null,
    TimeOfLastConfigurationChange: null,
  },
  ...(allowed ? [...machine.vms.values()] : []).map(computerSystemOf),
];

/** What a row was made of. A tick of the watcher asks for all of them every other second: they are kept as long as they are true. */
type Seen = Pick<SimulatedVm, 'name' | 'state' | 'problem' | 'lastStateChange' | 'lastConfigurationChange'>;
const keptRows = new WeakMap<SimulatedVm, { readonly row: Row; readonly seen: Seen }>();

function computerSystemOf(vm: SimulatedVm): Row {
  const kept = keptRows.get(vm);
  if (kept && isSame(kept.seen, vm)) return kept.row;
  const { name, state, problem, lastStateChange, lastConfigurationChange } = vm;
  const row = {
    Name: vm.id.toUpperCase(),
    ElementName: name,
    EnabledState: enabledStates[state] ?? 1,
    HealthState: problem?.health ?? 5,
    TimeOfLastStateChange: isoTime(lastStateChange),
    TimeOfLastConfigurationChange: isoTime(lastConfigurationChange),
  };
  keptRows.set(vm, { row, seen: { name, state, problem, lastStateChange, lastConfigurationChange } });
  return row;
}

const isSame = (a: Seen, b: Seen): boolean =>
  a.name === b.name &&
  a.state === b.state &&
  a.problem === b.problem &&
  a.lastStateChange === b.lastStateChange &&
  a.lastConfigurationChange === b.lastConfigurationChange;

const virtualProcessors = ({ machine, clock }: Invocation): readonly Row[] => {
  // Without a hypervisor the counters have no instances.
  if (!machine.hypervisorRunning) return [];
  const rows: Row[] = [];
  let total = 0;
  for (const vm of machine.vms.values()) {
    if (!isOn(vm)) continue;
    const entries = nestedEntries(vm, clock);
    for (let index = 0; index < vm.settings.processors; index++) {
      rows.push({ Name: `${vm.name}:Hv VP ${index}`, NestedVMEntriesPersec: entries + index });
      total += entries + index;
    }
  }
  return [...rows, { Name: '_Total', NestedVMEntriesPersec: total }];
};

/** Of its own hypervisor: a root partition has it, and nobody else. */
const hypervisor = ({ machine, world, allowed }: Invocation): readonly Row[] => {
  if (!wantsHypervisor(machine) && !machine.hypervisorRunning) throw new CmdletError('cim-invalid-class');
  if (!machine.hypervisorRunning || !allowed) return [];
  const LogicalProcessors = outerOf(world, machine)?.vm.settings.processors ?? machine.processor.logicalProcessors;
  return [{ Name: 'Hv Root', LogicalProcessors, Partitions: 1 + [...machine.vms.values()].filter(isOn).length }];
};

const classes: Readonly<Record<string, (invocation: Invocation) => readonly Row[]>> = {
  win32_processor: ({ machine }) => processor(machine),
  win32_computersystem: ({ machine }) => computerSystem(machine),
  win32_computersystemproduct: ({ machine }) => [
    { Name: machine.computer.model, Vendor: machine.computer.manufacturer, UUID: machine.uuid.toUpperCase() },
  ],
  win32_operatingsystem: ({ machine, clock }) => operatingSystem(machine, clock),
  win32_optionalfeature: ({ machine }) =>
    // Pending ones read as what they will be (inferred).
    Object.entries(machine.features).map(([Name, state]) => ({
      Name,
      InstallState: state.startsWith('Enable') ? 1 : 2,
    })),
  win32_service: ({ machine }) =>
    Object.entries(machine.services).map(([Name, { state, startMode }]) => ({
      Name,
      State: state,
      StartMode: startMode,
    })),
  win32_logicaldisk: ({ machine }) => [{ DeviceID: 'C:', FreeSpace: machine.files.drives['c:'] ?? 0 }],
  win32_systemdriver: ({ machine }) => Object.entries(machine.drivers).map(([Name, State]) => ({ Name, State })),
  win32_perfrawdata_hvstats_hypervhypervisor: hypervisor,
  ...networkClasses,
  win32_deviceguard: ({ machine }) => [{ VirtualizationBasedSecurityStatus: machine.vbsStatus }],
  msvm_computersystem: (invocation) => {
    // The namespace comes with the role; vmms answers for it.
    const vmms = invocation.machine.services['vmms'];
    if (!vmms) throw new CmdletError('cim-invalid-namespace');
    if (vmms.state !== 'Running') throw new CmdletError('vmms-stopped', { host: invocation.machine.name });
    return computerSystems(invocation);
  },
  win32_perfrawdata_hvstats_hypervhypervisorvirtualprocessor: (invocation) => {
    if (!invocation.machine.services['vmms']) throw new CmdletError('cim-invalid-class');
    return invocation.allowed ? virtualProcessors(invocation) : [];
  },
};

/** Where a class is; those that are not named here are in root/cimv2. */
function namespaceOf(className: string): string {
  if (className in networkClasses) return 'root/standardcimv2';
  if (className === 'msvm_computersystem') return 'root/virtualization/v2';
  return className === 'win32_deviceguard' ? 'root/microsoft/windows/deviceguard' : 'root/cimv2';
}
const namespaces = new Set(Object.keys(classes).map(namespaceOf));

/** Those that are asked for; the others are there and empty. */
function withProperties(rows: readonly Row[], wanted: readonly string[]): readonly Row[] {
  if (wanted.length === 0) return rows;
  const names = new Set(wanted.map((name) => name.toLowerCase()));
  for (const name of wanted)
    if (rows[0] && !Object.keys(rows[0]).some((one) => one.toLowerCase() === name.toLowerCase()))
      throw new CmdletError('not-simulated', { cmdlet: `Property ${name}` });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, names.has(name.toLowerCase()) ? value : null]),
    ),
  );
}

const getCimInstance: SimulatedCmdlet = (invocation) => {
  const { ClassName, Namespace, Filter, Property } = invocation.parameters;
  const namespace = (typeof Namespace === 'string' ? Namespace : 'root/cimv2').toLowerCase().replaceAll('\\', '/');
  const className = String(ClassName).toLowerCase();
  if (!namespaces.has(namespace)) throw new CmdletError('cim-invalid-namespace');
  const read = namespaceOf(className) === namespace ? classes[className] : undefined;
  if (!read) throw new CmdletError('cim-invalid-class');
  const rows = read(invocation);
  const chosen = typeof Filter === 'string' ? rows.filter(where(Filter)) : rows;
  return { type: String(ClassName), rows: withProperties(chosen, strings(Property)) };
};

/** Cards by their names (wildcards), descriptions or numbers. */
const getNetAdapter: SimulatedCmdlet = (invocation) => {
  const { parameters } = invocation;
  const property = ['Name', 'InterfaceDescription', 'InterfaceIndex'].find((name) => name in parameters);
  const rows = adapters(invocation).map((row): Row => ({ ...row, ...shortNames(row) }));
  if (property === undefined) return { type: 'MSFT_NetAdapter', rows };
  const wanted = [parameters[property]].flat().map(String);
  const found = wanted.flatMap((one) => {
    const hits = rows.filter((row) => like(one)(String(row[property])));
    if (hits.length === 0 && !hasWildcard(one))
      problem(invocation, 'cim-not-found-name', { class: 'MSFT_NetAdapter', property, name: one }, one);
    return hits;
  });
  return { type: 'MSFT_NetAdapter', rows: found };
};
/** Added by PowerShell's type system, and what other cmdlets take from the pipeline. */
const shortNames = ({ Name, InterfaceDescription, InterfaceIndex }: Row): Row => ({
  InterfaceAlias: Name,
  ifAlias: Name,
  ifDesc: InterfaceDescription,
  ifIndex: InterfaceIndex,
});

export const cim: Readonly<Record<string, ServedCmdlet>> = {
  'Get-CimInstance': serving(getCimInstance, 'ClassName Namespace Filter Property'),
  'Get-NetAdapter': serving(getNetAdapter, 'Name InterfaceDescription InterfaceIndex'),
};
