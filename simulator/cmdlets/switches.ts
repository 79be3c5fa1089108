/** Switches and what is plugged into them. An external one takes a card of its machine over, once. */
import { takenBy } from '../addresses.js';
import { sleep } from '../clock.js';
import { CmdletError } from '../errors.js';
import { defaultSwitchId, type NetCard } from '../network.js';
import { switchRow } from '../objects.js';
import { like, references, strings } from '../parameters.js';
import { hostEnd } from '../roles.js';
import type { SimulatedMachine, SimulatedSwitch } from '../world.js';
import {
  changeAdapters,
  confirmed,
  problem,
  serving,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';
import { applyToAdapters } from './settings.js';

/** Seconds without a network while a card goes over to a switch. */
const bindSeconds = 4;

/** What was given by hand moves on with the card's settings. */
function move({ network }: SimulatedMachine, from: NetCard, to: NetCard) {
  const over = <T extends { readonly index: number }>(one: T): T =>
    one.index === from.index ? { ...one, index: to.index } : one;
  network.addresses = network.addresses.map(over);
  network.routes = network.routes.map(over);
  to.dhcp = from.dhcp;
  to.dns = from.dns;
}

const make: SimulatedCmdlet = async (invocation) => {
  const { machine, world, parameters, clock, allowed } = invocation;
  if (!allowed) throw new CmdletError('access-denied-operation');
  const name = String(parameters['Name']);
  const card = findCard(machine, parameters);
  const type = card ? 'External' : parameters['SwitchType'] === 'Private' ? 'Private' : 'Internal';
  // A second switch of the same name is made without a word (facts: switch-duplicate).
  const made: SimulatedSwitch = {
    id: world.newId(),
    name,
    type,
    allowManagementOs: type === 'Internal' || (type === 'External' && parameters['AllowManagementOS'] !== false),
    adapterDescription: card?.description ?? '',
  };
  machine.switches.push(made);
  if (card) await sleep(clock, bindSeconds);
  if (made.allowManagementOs && machine.switches.includes(made)) {
    const end = hostEnd(machine, made, card?.mac);
    if (card) move(machine, card, end);
    machine.network.cards.push(end);
  }
  return { type: 'VMSwitch', rows: [switchRow(machine, made)] };
};

/** By its name or by its description; undefined: none is asked for. */
function findCard(machine: SimulatedMachine, parameters: Invocation['parameters']): NetCard | undefined {
  const [name] = strings(parameters['NetAdapterName']);
  const [description] = strings(parameters['NetAdapterInterfaceDescription']);
  const wanted = (name ?? description)?.toLowerCase();
  if (wanted === undefined) return undefined;
  const card = machine.network.cards.find(
    (one) =>
      (name === undefined ? one.description : one.name).toLowerCase() === wanted &&
      !('switch' in one.plug || 'tunnel' in one.plug),
  );
  if (!card) throw new CmdletError('switch-external-noadapter');
  if (takenBy(machine, card)) throw new CmdletError('switch-external-bind', { guid: `{${card.id.toUpperCase()}}` });
  return card;
}

const remove: SimulatedCmdlet = (invocation) => {
  const { machine, parameters, allowed } = invocation;
  if (!allowed) throw new CmdletError('access-denied-operation');
  const ids = references(parameters['VMSwitch']).map(({ id }) => id.toLowerCase());
  const named = strings(parameters['Name']);
  for (const id of ids)
    if (!machine.switches.some((one) => one.id === id)) problem(invocation, 'vmms-stopped', { host: machine.name });
  for (const name of named)
    if (!machine.switches.some((one) => like(name)(one.name))) problem(invocation, 'switch-not-found-other', { name });
  const gone = machine.switches.filter(({ id, name }) => ids.includes(id) || named.some((one) => like(one)(name)));
  // ShouldContinue: without -Force it asks, and nobody is there to answer (facts: prompts).
  if (gone.length > 0 && parameters['Force'] !== true) throw new CmdletError('prompt-noninteractive');
  for (const one of gone)
    if (one.id === defaultSwitchId) problem(invocation, 'switch-default-readonly');
    else takeAway(invocation, one);
  return {};
};

/** Its end goes, with all that was on it; a card that it had taken gets its settings back; VMs on it hang in the air. */
function takeAway(invocation: Invocation, gone: SimulatedSwitch) {
  const { machine } = invocation;
  const { network } = machine;
  const card = network.cards.find(({ description }) => description === gone.adapterDescription);
  for (const end of network.cards.filter(({ plug }) => 'switch' in plug && plug.switch === gone.id)) {
    if (card) move(machine, end, card);
    network.cards = network.cards.filter((one) => one !== end);
    network.addresses = network.addresses.filter(({ index }) => index !== end.index);
    network.routes = network.routes.filter(({ index }) => index !== end.index);
  }
  machine.switches = machine.switches.filter((one) => one !== gone);
  for (const vm of machine.vms.values())
    applyToAdapters(invocation, { vm, is: ({ switchId }) => switchId === gone.id }, { switchId: null });
}

/** The one switch of that name. */
export function switchNamed(machine: SimulatedMachine, name: string): SimulatedSwitch {
  const [first, second] = machine.switches.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!first) throw new CmdletError('switch-not-found-other', { name });
  if (second) throw new CmdletError('switch-ambiguous', { name });
  return first;
}

/** Works while the VM runs. */
const plug =
  (connects: boolean): SimulatedCmdlet =>
  (invocation) => {
    const { machine, parameters, allowed } = invocation;
    if (!allowed) throw new CmdletError('access-denied-operation');
    const { VMSwitch, SwitchName, ...ofAdapters } = parameters;
    const [object] = references(VMSwitch);
    const switchId = !connects ? null : (object?.id ?? switchNamed(machine, String(SwitchName)).id);
    for (const one of changeAdapters({ ...invocation, parameters: ofAdapters }))
      applyToAdapters(invocation, one, { switchId });
    return {};
  };

export const switches: Readonly<Record<string, ServedCmdlet>> = {
  'New-VMSwitch': serving(make, 'Name NetAdapterName NetAdapterInterfaceDescription AllowManagementOS', {
    SwitchType: ['Internal', 'Private'],
    ...confirmed,
  }),
  'Remove-VMSwitch': serving(remove, 'Name VMSwitch Force', confirmed),
  'Connect-VMNetworkAdapter': serving(plug(true), 'VMNetworkAdapter VMName Name SwitchName VMSwitch', confirmed),
  'Disconnect-VMNetworkAdapter': serving(plug(false), 'VMNetworkAdapter VMName Name', confirmed),
};
