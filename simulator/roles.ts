/** Optional features: what is asked for waits until Windows starts again; what is on brings services, modules, a switch, a hypervisor. */
import { defaultSwitchId, type NetCard } from './network.js';
import { idFrom } from './ipv4.js';
import type { FeatureState, SimulatedMachine, SimulatedSwitch } from './world.js';

const hyperV = 'Microsoft-Hyper-V';
/** With any of these Windows starts its hypervisor, when the processor offers one. */
const needHypervisor = [hyperV, 'VirtualMachinePlatform', 'HypervisorPlatform', 'Containers-DisposableClientVM'];

const isOnNow = (state: FeatureState | undefined) => state === 'Enabled' || state === 'DisablePending';
export const wantsHypervisor = ({ features }: SimulatedMachine) =>
  needHypervisor.some((name) => isOnNow(features[name]));
/** Documented: WinNAT comes with Hyper-V and with containers. */
export const hasWinNat = ({ features }: SimulatedMachine) =>
  isOnNow(features[hyperV]) || isOnNow(features['Containers']);

const parents: Readonly<Record<string, readonly string[]>> = {
  [hyperV]: ['Microsoft-Hyper-V-All'],
  'Microsoft-Hyper-V-Management-PowerShell': ['Microsoft-Hyper-V-Tools-All', 'Microsoft-Hyper-V-All'],
};
const children: Readonly<Record<string, readonly string[]>> = {
  [hyperV]: ['Microsoft-Hyper-V-Hypervisor', 'Microsoft-Hyper-V-Services'],
};

/** What is asked for, with what comes with it. Answers whether a restart is needed. */
export function askFor(machine: SimulatedMachine, feature: string, on: boolean): boolean {
  const names = [feature, ...(children[feature] ?? []), ...(on ? (parents[feature] ?? []) : [])];
  for (const name of names) {
    const state = machine.features[name];
    if (state === undefined) continue;
    if (on && !isOnNow(state)) machine.features[name] = 'EnablePending';
    if (on && state === 'DisablePending') machine.features[name] = 'Enabled';
    if (!on && isOnNow(state)) machine.features[name] = 'DisablePending';
    if (!on && state === 'EnablePending') machine.features[name] = 'Disabled';
  }
  return names.some((name) => machine.features[name]?.endsWith('Pending'));
}

export const defaultSwitch: SimulatedSwitch = {
  id: defaultSwitchId,
  name: 'Default Switch',
  type: 'Internal',
  allowManagementOs: true,
  adapterDescription: '',
};

/** The host's end of a switch: `vEthernet (<switch>)` in every language. */
export function hostEnd(machine: SimulatedMachine, { id, name }: SimulatedSwitch, mac?: string | null): NetCard {
  const { cards } = machine.network;
  const ends = cards.filter(({ description }) => description.startsWith('Hyper-V Virtual Ethernet Adapter')).length;
  return {
    id: idFrom(`${machine.name} ${id}`),
    name: `vEthernet (${name})`,
    description: `Hyper-V Virtual Ethernet Adapter${ends === 0 ? '' : ` #${String(ends + 1)}`}`,
    index: Math.max(20, ...cards.map(({ index }) => index)) + 4,
    mac: mac ?? `00155D${idFrom(`${machine.name} ${id} mac`).slice(0, 6).toUpperCase()}`,
    wireless: false,
    plug: { switch: id },
    dhcp: false,
    dns: null,
  };
}

/** The ends of its switches that are not there yet; that of an external one has the MAC address of the card and its settings. */
export function addHostEnds(machine: SimulatedMachine): void {
  for (const one of machine.switches) {
    if (!hasEnd(one) || machine.network.cards.some(({ plug }) => 'switch' in plug && plug.switch === one.id)) continue;
    const taken = machine.network.cards.find(({ description }) => description === one.adapterDescription);
    machine.network.cards.push({ ...hostEnd(machine, one, taken?.mac), dhcp: taken?.dhcp ?? false });
  }
}
const hasEnd = ({ type, allowManagementOs }: SimulatedSwitch) =>
  type === 'Internal' || (type === 'External' && allowManagementOs);

/** Windows starts: what was pending is so now. `extensions`: the processor offers virtualization. */
export function startWindows(machine: SimulatedMachine, extensions: boolean): void {
  for (const [name, state] of Object.entries(machine.features)) {
    if (state === 'EnablePending') machine.features[name] = 'Enabled';
    if (state === 'DisablePending') machine.features[name] = 'Disabled';
  }
  machine.network.starts += 1;
  machine.hypervisorRunning = extensions && wantsHypervisor(machine);
  const on = isOnNow(machine.features[hyperV]);
  const tools = isOnNow(machine.features['Microsoft-Hyper-V-Management-PowerShell']);
  if (machine.modules['Hyper-V'] !== 'blocked') machine.modules['Hyper-V'] = tools ? 'loaded' : 'missing';
  if (on && !machine.services['vmms']) {
    machine.services['vmms'] = { state: 'Running', startMode: 'Auto' };
    machine.services['vmcompute'] = { state: 'Running', startMode: 'Manual' };
    // Documented: clients from Windows 10 1709 have a Default Switch, Server has none.
    const isClient = machine.windows.productType === 1 && machine.windows.build >= 16299;
    if (isClient && !machine.switches.some(({ id }) => id === defaultSwitchId)) machine.switches.unshift(defaultSwitch);
    addHostEnds(machine);
  }
  for (const name of ['vmms', 'vmcompute']) {
    const service = machine.services[name];
    if (service?.startMode === 'Auto') service.state = 'Running';
    // vmcompute starts when it is asked, vmms by hand.
    if (service?.startMode === 'Disabled' || (service?.startMode === 'Manual' && name === 'vmms'))
      service.state = 'Stopped';
  }
  // Whatever brings a hypervisor has it.
  if (!wantsHypervisor(machine)) delete machine.services['vmcompute'];
  if (!on) {
    delete machine.services['vmms'];
    // The configuration stays on the disk; the built-in switch and all ends of switches go with the role.
    machine.network.cards = machine.network.cards.filter(({ plug }) => !('switch' in plug));
    machine.switches = machine.switches.filter(({ id }) => id !== defaultSwitchId);
  }
}
