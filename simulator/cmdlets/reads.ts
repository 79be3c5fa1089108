/** Get-VM and its family. A read answers with what is there; its errors stand beside the rows. */
import {
  adapterRow,
  checkpointRow,
  hostRow,
  memoryRow,
  processorRow,
  serviceRows,
  switchRow,
  vmRow,
  type Row,
} from '../objects.js';
import { CmdletError } from '../errors.js';
import { hasWildcard, like, strings } from '../parameters.js';
import type { SimulatedVm } from '../world.js';
import {
  mayName,
  problem,
  readVms,
  serving,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';

/** -Name chooses among the devices of the VMs. */
export const ofVms =
  (type: string, rowsOf: (invocation: Invocation, vm: SimulatedVm) => readonly Row[]): SimulatedCmdlet =>
  (invocation) => {
    const { Name: _, ...ofVm } = invocation.parameters;
    const vms = readVms({ ...invocation, parameters: ofVm });
    return { type, rows: vms.flatMap((vm) => rowsOf(invocation, vm)) };
  };

const named = <T>({ parameters }: Invocation, all: readonly T[], nameOf: (item: T) => string): readonly T[] => {
  const names = strings(parameters['Name']);
  return names.length === 0 ? all : all.filter((item) => names.some((name) => like(name)(nameOf(item))));
};

const getVm: SimulatedCmdlet = (invocation) => ({
  type: 'VirtualMachine',
  rows: readVms(invocation, { lookup: true }).map((vm) => vmRow(invocation.machine, vm, invocation.clock)),
});

const getSnapshots: SimulatedCmdlet = (invocation) => {
  const { machine, parameters, allowed } = invocation;
  const { Id: id, Name: _, SnapshotType: type, ...ofVms } = parameters;
  mayName(invocation, id);
  const all = allowed ? [...machine.vms.values()] : [];
  const vms = typeof id === 'string' ? all : readVms({ ...invocation, parameters: ofVms });
  const found = vms.flatMap((vm) => vm.checkpoints.map((checkpoint) => ({ vm, checkpoint })));
  const chosen =
    typeof id === 'string'
      ? found.filter(({ checkpoint }) => checkpoint.id === id.toLowerCase())
      : named(invocation, found, ({ checkpoint }) => checkpoint.name);
  if (typeof id === 'string' && chosen.length === 0) throw new CmdletError('snapshot-not-found');
  const rows = chosen.map(({ vm, checkpoint }) => checkpointRow(machine, vm, checkpoint));
  return { type: 'VMSnapshot', rows: rows.filter((row) => type === undefined || row['SnapshotType'] === type) };
};

const getSwitches: SimulatedCmdlet = (invocation) => {
  const { machine, parameters, allowed } = invocation;
  const types = strings(parameters['SwitchType']);
  mayName(invocation, parameters['Id'], parameters['Name']);
  const all = allowed ? machine.switches : [];
  // One or several, as the module binds them.
  const ids = strings(parameters['Id']).map((id) => id.toLowerCase());
  if (all.filter(({ id }) => ids.includes(id)).length < ids.length) throw new CmdletError('switch-not-found-id');
  for (const name of strings(parameters['Name']))
    if (!hasWildcard(name) && !all.some((one) => like(name)(one.name)))
      problem(invocation, 'switch-not-found', { name }, name);
  const found = named(invocation, all, ({ name }) => name).filter(
    ({ id, type }) => (ids.length === 0 || ids.includes(id)) && (types.length === 0 || types.includes(type)),
  );
  return { type: 'VMSwitch', rows: found.map((one) => switchRow(machine, one)) };
};

export const reads: Readonly<Record<string, ServedCmdlet>> = {
  'Get-VM': serving(getVm, 'Name Id'),
  'Get-VMProcessor': serving(
    ofVms('VMProcessor', ({ machine }, vm) => [processorRow(machine, vm)]),
    'VM VMName',
  ),
  'Get-VMMemory': serving(
    ofVms('VMMemory', ({ machine }, vm) => [memoryRow(machine, vm)]),
    'VM VMName',
  ),
  'Get-VMNetworkAdapter': serving(
    ofVms('VMNetworkAdapter', (invocation, vm) =>
      named(invocation, vm.settings.adapters, ({ name }) => name).map((adapter) => adapterRow(invocation, vm, adapter)),
    ),
    'VM VMName Name',
  ),
  'Get-VMIntegrationService': serving(
    ofVms('VMIntegrationComponent', (invocation, vm) =>
      named(invocation, serviceRows(invocation.machine, vm, invocation.clock), (row) => String(row['Name'])),
    ),
    'VM VMName Name',
  ),
  'Get-VMSnapshot': serving(getSnapshots, 'VM VMName Name Id SnapshotType'),
  'Get-VMHost': serving(({ machine, allowed }) => {
    if (!allowed) throw new CmdletError('access-denied', { host: machine.name });
    return { type: 'VMHost', rows: [hostRow(machine)] };
  }, ''),
  'Get-VMSwitch': serving(getSwitches, 'Id Name SwitchType'),
};
