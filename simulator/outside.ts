/** What somebody else does in between: Hyper-V Manager, another script, the person at the guest. At once, past all rules of cmdlets. */
import type { Guid } from '../src/core/cmdlets/call.js';
import type { Clock } from './clock.js';
import { applySettings } from './cmdlets/settings.js';
import { dropCheckpoint, takeCheckpoint } from './cmdlets/checkpoints.js';
import { addressText, parsePrefix } from './ipv4.js';
import { addTunnel, dropTunnel } from './tunnels.js';
import { comeBack, enterState, putHypervisor } from './guest.js';
import type { Guest, SimulatedMachine, SimulatedVm, VmSettings, VmState, World } from './world.js';

/** How a guest behaves. */
type Behaviour = Partial<
  Pick<Guest, 'obeys' | 'shutdownSeconds' | 'bootSeconds' | 'updateSeconds' | 'startsHypervisor'>
>;

export class Outside {
  readonly #world: World;
  readonly #machine: SimulatedMachine;
  readonly #clock: Clock;
  readonly #changed: (vm: SimulatedVm) => void;

  constructor(world: World, clock: Clock, changed: (vm: SimulatedVm) => void) {
    this.#world = world;
    this.#machine = world.host;
    this.#clock = clock;
    this.#changed = changed;
  }

  rename(id: Guid, name: string): void {
    const vm = this.#find(id);
    vm.name = name;
    this.#touch(vm);
  }

  /** Running, Off, Saved or Paused, without the way there. */
  put(id: Guid, state: VmState): void {
    const vm = this.#find(id);
    if (state === 'Running' && (vm.state === 'Saved' || vm.state === 'Paused')) comeBack(vm, this.#clock);
    else enterState(vm, state, this.#clock);
    this.#changed(vm);
  }

  set(id: Guid, settings: Partial<VmSettings>): void {
    applySettings({ clock: this.#clock, changed: this.#changed }, this.#find(id), settings);
  }

  remove(id: Guid): void {
    const vm = this.#find(id);
    this.#machine.vms.delete(id);
    this.#changed(vm);
  }

  add(vm: SimulatedVm): void {
    this.#machine.vms.set(vm.id, vm);
    this.#changed(vm);
  }

  /** Exported, removed and imported as a copy: the same VM with a new id, which is answered. */
  importAgain(id: Guid): Guid {
    const vm = this.#find(id);
    const fresh = this.#world.newId();
    this.#machine.vms.delete(id);
    const adapters = vm.settings.adapters.map((one) => ({
      ...one,
      id: `Microsoft:${fresh.toUpperCase()}\\${one.id.split('\\').at(-1) ?? ''}`,
    }));
    const copy: SimulatedVm = { ...vm, id: fresh, settings: { ...vm.settings, adapters } };
    this.#machine.vms.set(fresh, copy);
    this.#touch(copy);
    return fresh;
  }

  /** Answers its id. */
  checkpoint(id: Guid, name: string): Guid {
    const invocation = { machine: this.#machine, world: this.#world, clock: this.#clock, changed: this.#changed };
    return takeCheckpoint(invocation, this.#find(id), false, name);
  }

  removeCheckpoint(id: Guid, checkpoint: Guid): void {
    const vm = this.#find(id);
    dropCheckpoint(this.#machine, vm, checkpoint);
    this.#touch(vm);
  }

  /** The VM is off after it, with the checkpoint's own settings. */
  applyCheckpoint(id: Guid, checkpointId: Guid): void {
    const vm = this.#find(id);
    const checkpoint = vm.checkpoints.find((one) => one.id === checkpointId);
    if (!checkpoint) throw new Error(`the simulated VM ${vm.name} has no checkpoint ${checkpointId}`);
    vm.settings = checkpoint.settings;
    vm.version = checkpoint.version;
    vm.parentCheckpoint = checkpoint.id;
    enterState(vm, 'Off', this.#clock);
    this.#touch(vm);
  }

  /** How the guest behaves from now on. */
  guest(id: Guid, how: Behaviour): void {
    Object.assign(this.#find(id).guest, how);
  }

  /** Somebody inside starts a hypervisor, or ends it. */
  hypervisor(id: Guid, on: boolean): void {
    putHypervisor(this.#find(id), on, this.#clock);
  }

  service(name: string, state: string): void {
    const service = this.#machine.services[name];
    if (!service) throw new Error(`the simulated PC has no service ${name}`);
    this.#machine.services[name] = { ...service, state };
  }

  /** The PC connects to a VPN that leads to these prefixes, or disconnects. */
  connectVpn(name: string, address: string, prefixes: readonly string[]): void {
    addTunnel(this.#machine, name, address, prefixes);
  }

  disconnectVpn(name: string): void {
    dropTunnel(this.#machine, name);
  }

  /** Its cards are in another network now, which has this prefix and a router that answers DHCP. */
  joinNetwork(name: string, prefix: string): void {
    const router = addressText((parsePrefix(prefix)?.base ?? 0) + 1);
    this.#world.networks.push({ name, prefix, router, dhcp: true, dns: [router], internet: true, pings: true });
    this.#machine.network.cards = this.#machine.network.cards.map((card) =>
      'outside' in card.plug ? { ...card, plug: { outside: name } } : card,
    );
  }

  /** The account is taken out of Hyper-V Administrators, and what runs for it may no more. */
  loseGroup(): void {
    this.#machine.identity = { ...this.#machine.identity, inToken: false, isMember: false };
  }

  /** Any VM of this PC by its name; fails when there is none. */
  vm(name: string): SimulatedVm {
    for (const vm of this.#machine.vms.values()) if (vm.name === name) return vm;
    throw new Error(`the simulated world has no VM named ${name}`);
  }

  #find(id: Guid): SimulatedVm {
    const vm = this.#machine.vms.get(id);
    if (!vm) throw new Error(`the simulated world has no VM ${id}`);
    return vm;
  }

  #touch(vm: SimulatedVm): void {
    vm.lastConfigurationChange = this.#clock.now();
    this.#changed(vm);
  }
}
