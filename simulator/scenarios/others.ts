/** Virtualization of other makers on the PC, and in the VM `lab`, where `dev` signs in with `lab-01`. */
import { defaultSwitch } from '../roles.js';
import type { World } from '../world.js';
import { byId, externalSwitch, GiB, idsFrom, machine, vm, world } from './build.js';
import { local, windowsGuest } from './guests.js';

export function otherVirtualization(): World {
  const newId = idsFrom(61);
  const lan = newId();
  const guest = windowsGuest({
    name: 'LAB',
    users: [local('dev', 'lab-01')],
    over: {
      drivers: { VBoxSup: 'Running', aehd: 'Stopped' },
      services: { VBoxSDS: { state: 'Stopped', startMode: 'Manual' } },
      programs: ['Microsoft Edge', 'Oracle VirtualBox 7.1.4', 'Android Studio', 'Docker Desktop'],
    },
  });
  const host = machine({
    vms: byId([
      vm(newId, {
        name: 'lab',
        state: 'Running',
        up: 3600,
        switchId: lan,
        settings: { nesting: true, startup: 8 * GiB },
        guest: { machine: guest },
      }),
      vm(newId, { name: 'dev-box', switchId: lan }),
    ]),
    switches: [defaultSwitch, externalSwitch(lan)],
    drivers: { vmx86: 'Running' },
    programs: ['Microsoft Edge', 'VMware Workstation', 'VMware Tools', 'Docker Desktop'],
  });
  host.services['VMAuthdService'] = { state: 'Running', startMode: 'Auto' };
  host.services['com.docker.service'] = { state: 'Running', startMode: 'Manual' };
  return world('other-virtualization', newId, host);
}
