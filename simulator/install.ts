/** What a VM that was made boots: the system on its disk, else what its image installs, else nothing. */
import { fileAt, systemOn } from './files.js';
import { plugIn } from './scenarios/cards.js';
import { local, windowsGuest } from './scenarios/guests.js';
import type { Guest, SimulatedMachine, SimulatedVm, System } from './world.js';

/** Seconds until an installation is over and the new system answers. */
export const installSeconds = 600;

const nothing: System = { kind: 'none', machine: null };

/** Somebody installs it, and signs in as `dev` with the password `install`. */
const installed = (kind: 'windows' | 'linux'): System =>
  kind === 'linux'
    ? { kind, machine: null }
    : { kind, machine: windowsGuest({ name: 'WIN-INSTALLED', users: [local('dev', 'install')] }) };

/** Documented (Secure Boot of generation 2): most Linux starts with the template of the UEFI CA alone. */
const starts = ({ settings }: SimulatedVm, kind: System['kind']): boolean =>
  kind !== 'linux' || settings.secureBoot === 'Off' || settings.secureBootTemplate !== 'MicrosoftWindows';

const guestOf = (vm: SimulatedVm, { kind, machine }: System, over: Partial<Guest> = {}): Guest => ({
  kind,
  machine,
  obeys: 'yes',
  bootSeconds: 8,
  shutdownSeconds: 5,
  updateSeconds: 240,
  demand:
    kind === 'none' ? { rest: 0, peak: 0 } : { rest: vm.settings.startup * 0.6, peak: vm.settings.startup * 0.95 },
  startsHypervisor: false,
  address: null,
  ...over,
});

/** Puts into the VM what it boots. One with neither a disk nor an image keeps the guest that it has. */
export function findGuest(machine: SimulatedMachine, vm: SimulatedVm): void {
  const { disks, dvds, adapters } = vm.settings;
  if (disks.length === 0 && dvds.length === 0) return;
  // An image waits for a key, and nobody presses one where there is a system on the disk.
  const there = disks.map((path) => systemOn(machine, path)).find((system) => system !== null);
  if (there) {
    // A disk that has been elsewhere has its cards from here now.
    if (there.machine && there.machine !== vm.guest.machine) putIn(there.machine, vm);
    vm.guest = guestOf(vm, starts(vm, there.kind) ? there : nothing);
    return;
  }
  const kind = dvds.map(({ path }) => fileAt(machine, path)?.iso).find((iso) => iso !== null && iso !== undefined);
  const disk = fileAt(machine, disks[0] ?? '')?.disk;
  if (!kind || !starts(vm, kind)) {
    vm.guest = guestOf(vm, nothing);
    return;
  }
  const system = installed(kind);
  if (system.machine) plugIn(system.machine, adapters);
  vm.guest = guestOf(vm, system, { bootSeconds: installSeconds, ...(disk ? { installs: disk } : {}) });
}

function putIn(guest: SimulatedMachine, { settings }: SimulatedVm): void {
  guest.network.cards = guest.network.cards.filter(({ plug }) => !('adapter' in plug));
  plugIn(guest, settings.adapters);
}
