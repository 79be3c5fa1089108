/** A VM that a step makes on this PC: without a disk of its own, which is another thing. */
import { ifRead } from '../machine/reading.js';
import { UNKNOWN, type Row } from './thing-row.js';

export const ofVm: Row<'vm'> = {
  // Two may have one name; the planner asks for another, and Windows would make it.
  problem: () => null,
  make: ({ name, memory, disk, switchName, at }) => ({
    title: { key: 'create.makeVm', params: { name } },
    call: {
      cmdlet: 'New-VM',
      params: {
        Name: name,
        MemoryStartupBytes: memory,
        VHDPath: disk,
        ...(switchName === null ? {} : { SwitchName: switchName }),
      },
      at,
    },
  }),
  why: () => ({ key: 'create.vmWhy' }),
  foreseen: ({ at, name }) => ({ what: 'vm', at, id: UNKNOWN, name }),
  add: (home) => home,
  ids: ({ vms }) => ifRead(vms, undefined, (all) => all.map(({ id }) => id)),
  find: ({ vms }, { at, name }, isIt) => {
    const found = ifRead(vms, undefined, (all) => all.find((one) => one.name === name && isIt(one.id)));
    return found && { what: 'vm', at, id: found.id, name };
  },
  // By its id alone: it may be called otherwise by now.
  isSame: ({ vms }, { id }) => ifRead(vms, false, (all) => all.some((one) => one.id === id)),
  remove: (_, { id, name, at }) => ({
    title: { key: 'create.removeVm', params: { name } },
    call: { cmdlet: 'Remove-VM', params: {}, at, on: { vm: id } },
  }),
  nameOf: ({ name }) => ({ key: 'create.madeVm', params: { name } }),
  kindName: { key: 'create.nameMadeVm' },
};
