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
import { like, strings } from '../parameters.js';
import type { SimulatedVm } from '../world.js';
import { problem, readVms, type Invocation, type SimulatedCmdlet } from './cmdlet.js';

const ofVms =
  (type: string, rowsOf: (invocation: Invocation, vm: SimulatedVm) => readonly Row[]): SimulatedCmdlet =>
  (invocation) => ({ type, rows: readVms(invocation).flatMap((vm) => rowsOf(invocation, vm)) });

/** -Name of Get-VMNetworkAdapter and its like chooses among the devices, not among VMs. */
const named = <T>({ parameters }: Invocation, all: readonly T[], nameOf: (item: T) => string): readonly T[] => {
  const names = strings(parameters['Name']);
  return names.length === 0 ? all : all.filter((item) => names.some((name) => like(name)(nameOf(item))));
};

export const reads: Readonly<Record<string, SimulatedCmdlet>> = {
  'Get-VM': (invocation) => ({
    type: 'VirtualMachine',
    rows: readVms(invocation, { lookup: true }).map((vm) => vmRow(invocation.machine, vm, invocation.clock)),
  }),
  'Get-VMProcessor': ofVms('VMProcessor', ({ machine }, vm) => [processorRow(machine, vm)]),
  'Get-VMMemory': ofVms('VMMemory', ({ machine }, vm) => [memoryRow(machine, vm)]),
  'Get-VMNetworkAdapter': ofVms('VMNetworkAdapter', (invocation, vm) =>
    named(invocation, vm.settings.adapters, ({ name }) => name).map((adapter) => adapterRow(invocation, vm, adapter)),
  ),
  'Get-VMIntegrationService': ofVms('VMIntegrationComponent', (invocation, vm) =>
    named(invocation, serviceRows(invocation.machine, vm, invocation.clock), (row) => String(row['Name'])),
  ),
  'Get-VMSnapshot': (invocation) => {
    const { machine, parameters } = invocation;
    const vms = readVms({ ...invocation, parameters: { ...parameters, Id: undefined } });
    const all = vms.flatMap((vm) => vm.checkpoints.map((checkpoint) => ({ vm, checkpoint })));
    const id = parameters['Id'];
    const chosen =
      typeof id === 'string'
        ? all.filter(({ checkpoint }) => checkpoint.id === id.toLowerCase())
        : named(invocation, all, ({ checkpoint }) => checkpoint.name);
    if (typeof id === 'string' && chosen.length === 0) throw new CmdletError('snapshot-not-found');
    return { type: 'VMSnapshot', rows: chosen.map(({ vm, checkpoint }) => checkpointRow(machine, vm, checkpoint)) };
  },
  'Get-VMHost': ({ machine, allowed }) => {
    if (!allowed) throw new CmdletError('access-denied', { host: machine.name });
    return { type: 'VMHost', rows: [hostRow(machine)] };
  },
  'Get-VMSwitch': (invocation) => {
    const { machine, parameters, allowed } = invocation;
    const all = allowed ? machine.switches : [];
    // One or several, as the module binds them.
    const ids = strings(parameters['Id']).map((id) => id.toLowerCase());
    if (ids.length > 0) {
      const found = all.filter((one) => ids.includes(one.id));
      if (found.length < ids.length) throw new CmdletError('switch-not-found-id');
      return { type: 'VMSwitch', rows: found.map((one) => switchRow(machine, one)) };
    }
    for (const name of strings(parameters['Name']))
      if (!/[*?[]/.test(name) && !all.some((one) => like(name)(one.name)))
        problem(invocation, 'switch-not-found', { name }, name);
    return { type: 'VMSwitch', rows: named(invocation, all, ({ name }) => name).map((one) => switchRow(machine, one)) };
  },
};
