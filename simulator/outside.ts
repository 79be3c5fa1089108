/** What somebody else does in between: Hyper-V Manager, another script, the person at the guest. At once, past all rules of cmdlets. */
import type { Guid } from '../src/core/cmdlets/call.js';
import type { Clock } from './clock.js';
import { applySettings } from './cmdlets/settings.js';
import { dropCheckpoint, takeCheckpoint } from './cmdlets/power.js';
import { addressText, parsePrefix } from './ipv4.js';
import { addTunnel, dropTunnel } from './tunnels.js';
import { comeBack, enterState, putHypervisor } from './guest.js';
import type { Guest, SimulatedMachine, SimulatedVm, VmSettings, VmState, World } from './world.js';

export interface Outside {
  rename(vm: Guid, name: string): void;
  /** Running, Off, Saved or Paused, without the way there. */
  put(vm: Guid, state: VmState): void;
  set(vm: Guid, settings: Partial<VmSettings>): void;
  remove(vm: Guid): void;
  add(vm: SimulatedVm): void;
  /** Exported, removed and imported as a copy: the same VM with a new id, which is answered. */
  importAgain(vm: Guid): Guid;
  /** Answers its id. */
  checkpoint(vm: Guid, name: string): Guid;
  removeCheckpoint(vm: Guid, checkpoint: Guid): void;
  /** The VM is off after it, with the checkpoint's own settings. */
  applyCheckpoint(vm: Guid, checkpoint: Guid): void;
  /** How the guest behaves from now on. */
  guest(
    vm: Guid,
    how: Partial<Pick<Guest, 'obeys' | 'shutdownSeconds' | 'bootSeconds' | 'updateSeconds' | 'startsHypervisor'>>,
  ): void;
  /** Somebody inside starts a hypervisor, or ends it. */
  hypervisor(vm: Guid, on: boolean): void;
  service(name: string, state: string): void;
  /** The PC connects to a VPN that leads to these prefixes, or disconnects. */
  connectVpn(name: string, address: string, prefixes: readonly string[]): void;
  disconnectVpn(name: string): void;
  /** Its cards are in another network now, which has this prefix and a router that answers DHCP. */
  joinNetwork(name: string, prefix: string): void;
  /** The account is taken out of Hyper-V Administrators, and what runs for it may no more. */
  loseGroup(): void;
  /** Any VM of this PC by its name; fails when there is none. */
  vm(name: string): SimulatedVm;
}

export function createOutside(world: World, clock: Clock, changed: (vm: SimulatedVm) => void): Outside {
  const machine: SimulatedMachine = world.host;
  const find = (id: Guid): SimulatedVm => {
    const vm = machine.vms.get(id);
    if (!vm) throw new Error(`the simulated world has no VM ${id}`);
    return vm;
  };
  const touch = (vm: SimulatedVm) => {
    vm.lastConfigurationChange = clock.now();
    changed(vm);
  };
  return {
    rename(id, name) {
      const vm = find(id);
      vm.name = name;
      touch(vm);
    },
    put(id, state) {
      const vm = find(id);
      if (state === 'Running' && (vm.state === 'Saved' || vm.state === 'Paused')) comeBack(vm, clock);
      else enterState(vm, state, clock);
      changed(vm);
    },
    set(id, settings) {
      applySettings({ clock, changed }, find(id), settings);
    },
    remove(id) {
      const vm = find(id);
      machine.vms.delete(id);
      changed(vm);
    },
    add(vm) {
      machine.vms.set(vm.id, vm);
      changed(vm);
    },
    importAgain(id) {
      const vm = find(id);
      const fresh = world.newId();
      machine.vms.delete(id);
      const adapters = vm.settings.adapters.map((one) => ({
        ...one,
        id: `Microsoft:${fresh.toUpperCase()}\\${one.id.split('\\').at(-1) ?? ''}`,
      }));
      const copy: SimulatedVm = { ...vm, id: fresh, settings: { ...vm.settings, adapters } };
      machine.vms.set(fresh, copy);
      touch(copy);
      return fresh;
    },
    checkpoint: (id, name) => takeCheckpoint({ world, clock, changed }, find(id), false, name),
    removeCheckpoint(id, checkpoint) {
      const vm = find(id);
      dropCheckpoint(vm, checkpoint);
      touch(vm);
    },
    applyCheckpoint(id, checkpointId) {
      const vm = find(id);
      const checkpoint = vm.checkpoints.find((one) => one.id === checkpointId);
      if (!checkpoint) throw new Error(`the simulated VM ${vm.name} has no checkpoint ${checkpointId}`);
      vm.settings = checkpoint.settings;
      vm.version = checkpoint.version;
      vm.parentCheckpoint = checkpoint.id;
      enterState(vm, 'Off', clock);
      touch(vm);
    },
    guest(id, how) {
      Object.assign(find(id).guest, how);
    },
    hypervisor: (id, on) => putHypervisor(find(id), on, clock),
    service(name, state) {
      const service = machine.services[name];
      if (!service) throw new Error(`the simulated PC has no service ${name}`);
      machine.services[name] = { ...service, state };
    },
    connectVpn: (name, address, prefixes) => addTunnel(machine, name, address, prefixes),
    disconnectVpn: (name) => dropTunnel(machine, name),
    joinNetwork(name, prefix) {
      const router = addressText((parsePrefix(prefix)?.base ?? 0) + 1);
      world.networks.push({ name, prefix, router, dhcp: true, dns: [router], internet: true, pings: true });
      machine.network.cards = machine.network.cards.map((card) =>
        'outside' in card.plug ? { ...card, plug: { outside: name } } : card,
      );
    },
    loseGroup() {
      machine.identity = { ...machine.identity, inToken: false, isMember: false };
    },
    vm(name) {
      for (const vm of machine.vms.values()) if (vm.name === name) return vm;
      throw new Error(`the simulated world has no VM named ${name}`);
    },
  };
}
