/** A checkpoint of a VM, in the machine that the VM is in: it is seen with the VM, so nothing else is read for it. */
import type { Guid } from '../cmdlets/call.js';
import type { Checkpoint, Machine, Vm } from '../machine/machine.js';
import { byId, ifRead } from '../machine/reading.js';
import { UNKNOWN, type Row } from './thing-row.js';

const of = ({ vms }: Machine, vm: Guid): readonly Checkpoint[] | undefined => byId(vms, vm)?.checkpoints;

const with1 = (vm: Vm, name: string): Vm => ({
  ...vm,
  parentCheckpoint: UNKNOWN,
  checkpoints: [
    ...ifRead(vm.checkpoints, [], (all) => all),
    { id: UNKNOWN, name, automatic: false, created: undefined, parent: vm.parentCheckpoint },
  ],
});

export const ofCheckpoint: Row<'checkpoint'> = {
  problem: ({ vms }, { vm }) => {
    const found = byId(vms, vm);
    return found?.checkpointType === 'Disabled' ? { key: 'checkpoint.off', params: { vm: found.name } } : null;
  },
  make: ({ name: SnapshotName, vm, at }) => ({
    title: { key: 'checkpoint.take' },
    call: { cmdlet: 'Checkpoint-VM', params: { SnapshotName }, at, on: { vm } },
  }),
  why: () => ({ key: 'checkpoint.why' }),
  foreseen: ({ at, name, vm }) => ({ what: 'checkpoint', at, id: UNKNOWN, name, vm }),
  add: (home, { vm, name }) =>
    ifRead(home.vms, home, (all) => ({ ...home, vms: all.map((one) => (one.id === vm ? with1(one, name) : one)) })),
  ids: (home, vm) => (vm === undefined ? undefined : ifRead(of(home, vm), undefined, (all) => all.map(({ id }) => id))),
  find: (home, { at, vm, name }, isIt) => {
    const found = ifRead(of(home, vm), undefined, (all) => all.find((one) => one.name === name && isIt(one.id)));
    return found && { what: 'checkpoint', at, id: found.id, name, vm };
  },
  // A new name makes no other of it.
  isSame: (home, { vm, id }) => byId(of(home, vm), id) !== undefined,
  remove: (_, { id, vm, name, at }) => ({
    title: { key: 'checkpoint.remove', params: { name } },
    call: { cmdlet: 'Remove-VMSnapshot', params: {}, at, on: { vm, checkpoint: id } },
  }),
  nameOf: ({ name }) => ({ key: 'checkpoint.thing', params: { name } }),
  kindName: { key: 'checkpoint.kind' },
};
