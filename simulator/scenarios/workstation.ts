/** The workstation of the demo: one VM of each kind that a person meets. */
import type { Guid } from '../../src/core/cmdlets/call.js';
import type { SimulatedVm, World } from '../world.js';
import { defaultSwitch } from '../roles.js';
import { byId, externalSwitch, GiB, idsFrom, machine, vm, world } from './build.js';
import { local, windowsGuest } from './guests.js';

/**
 * Who can sign in: in 构建机 `builder` with the password `build-01` (and `guest`, password `guest`, who is no administrator); in its
 * Windows VM runner-w `builder`, password `runner-w`; in win11 $(nested) `dev`, password `nested`; in dev-box `dev`, password `dev-box`.
 */
const builders = [local('builder', 'build-01'), local('guest', 'guest', false)];

/** A VM that is a machine with Hyper-V of its own and VMs in it. */
function buildMachine(newId: () => Guid, lan: Guid): SimulatedVm {
  const inner = windowsGuest({
    name: 'BUILD-01',
    users: builders,
    hyperV: true,
    over: {
      computer: { manufacturer: 'Microsoft Corporation', model: 'Virtual Machine', memory: 16 * GiB },
      vms: byId([
        vm(newId, {
          name: 'runner-a',
          state: 'Running',
          up: 5 * 3600,
          settings: { startup: 4 * GiB },
          guest: { kind: 'linux' },
        }),
        vm(newId, { name: 'runner-b', state: 'Saved', settings: { startup: 2 * GiB }, guest: { kind: 'linux' } }),
        vm(newId, {
          name: 'runner-w',
          state: 'Running',
          up: 3 * 3600,
          switchId: null,
          settings: { startup: 4 * GiB },
          guest: { machine: windowsGuest({ name: 'RUNNER-W', users: [local('builder', 'runner-w')] }) },
        }),
      ]),
    },
  });
  return vm(newId, {
    name: '构建机',
    state: 'Running',
    up: 6 * 3600,
    macSpoofing: 'On',
    switchId: lan,
    settings: {
      nesting: true,
      processors: 8,
      dynamicMemory: true,
      startup: 16 * GiB,
      minimum: 4 * GiB,
      maximum: 24 * GiB,
      stopAction: 'ShutDown',
    },
    // It would like more than it has, and gets no more: that is what frozen means.
    guest: { startsHypervisor: true, machine: inner, demand: { rest: 20.4 * GiB, peak: 23.4 * GiB } },
  });
}

export function workstationVms(newId: () => Guid, lan: Guid): readonly SimulatedVm[] {
  const linux = { kind: 'linux' as const };
  return [
    vm(newId, { name: 'k8s-node-1', state: 'Running', up: 2 * 3600, switchId: lan, macSpoofing: 'On', settings: { nesting: true, stopAction: 'ShutDown' }, guest: linux }), // prettier-ignore
    vm(newId, {
      name: 'Lab DC 01',
      state: 'Running',
      up: 11 * 86_400,
      switchId: lan,
      settings: { dynamicMemory: true, startup: 2 * GiB, minimum: GiB, maximum: 4 * GiB },
      guest: { demand: { rest: 2.6 * GiB, peak: 3.4 * GiB } },
    }),
    vm(newId, { name: 'win11 $(nested)', state: 'Running', up: 40 * 60, settings: { nesting: true, startup: 8 * GiB, automaticCheckpoints: true }, guest: { machine: windowsGuest({ name: 'WIN11', users: [local('dev', 'nested')] }) } }), // prettier-ignore
    buildMachine(newId, lan),
    vm(newId, { name: 'dev-box', settings: { startup: 2 * GiB, stopAction: 'ShutDown' }, guest: { machine: windowsGuest({ name: 'DEV-BOX', users: [local('dev', 'dev-box')] }) } }), // prettier-ignore
    vm(newId, { name: 'k8s-node-2', switchId: lan, macSpoofing: 'On', settings: { nesting: true, stopAction: 'ShutDown' }, guest: linux }), // prettier-ignore
    vm(newId, { name: 'legacy-2012r2', state: 'Saved', version: '5.0', generation: 1, settings: { processors: 2, startup: 4 * GiB } }), // prettier-ignore
    vm(newId, { name: 'archive-2019 "cold"', state: 'Paused', up: 3 * 86_400, settings: { processors: 2, startup: 2 * GiB, dynamicMemory: true, minimum: GiB, maximum: 8 * GiB } }), // prettier-ignore
  ];
}

export function workstation(): World {
  const newId = idsFrom(11);
  const lan = newId();
  return world(
    'workstation',
    newId,
    machine({ vms: byId(workstationVms(newId, lan)), switches: [defaultSwitch, externalSwitch(lan)] }),
  );
}
