/** Who else uses what a run has made in the machine around its VM: taking it away would cut them off, or take their disk. */
import { idOf, isVmRef, type VmRef } from '../cmdlets/ref.js';
import type { Guid } from '../cmdlets/call.js';
import type { Thing } from '../machine/goal.js';
import type { Machine } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';
import { hostEnd } from './names.js';
import { addressesOn, internalSwitches, natsOf } from './nat.js';
import { isIn, parseAddress, parsePrefix } from './subnet.js';

/** `own`: the VM that it was made for. `goes`: what is taken away with it. undefined: not known. */
export function isUsedByOthers(
  home: Machine,
  thing: Thing,
  own: VmRef,
  goes: readonly Thing[] = [],
): boolean | undefined {
  switch (thing.what) {
    case 'vm':
    case 'checkpoint':
    case 'mapping':
      return false;
    case 'disk':
      return isDiskUsed(home, thing.id, idOf(own));
    case 'switch':
    case 'address':
    case 'nat':
      return ifRead(switchesOf(home, thing), undefined, (switches) => {
        const used = [isNetworkUsed(home, switches, idOf(own)), isForwarding(home, thing, switches, goes)];
        return used.includes(true) || (used.includes(undefined) ? undefined : false);
      });
  }
}

/** Ports of the PC that its NAT network hands on: Windows drops them with it, and without its switch they lead nowhere. */
function isForwarding(
  home: Machine,
  thing: Thing<'switch' | 'address' | 'nat'>,
  switches: readonly Guid[],
  goes: readonly Thing[],
): boolean | undefined {
  // Those of a VM are not read.
  if (isVmRef(home.at)) return false;
  const nats = thing.what === 'nat' ? [thing.name] : natsOn(home, switches);
  if (nats?.length === 0) return false;
  const isGoing = (mapping: string): boolean => goes.some(({ what, id }) => what === 'mapping' && id === mapping);
  return (
    nats &&
    ifRead(home.network?.mappings, undefined, (all) =>
      all.some(({ id, natName }) => nats.includes(natName) && !isGoing(id)),
    )
  );
}

/** The NAT networks that have an address on them. undefined: not known. */
function natsOn(home: Machine, switches: readonly Guid[]): readonly string[] | undefined {
  const { network } = home;
  if (network?.nats === undefined || network.addresses === undefined) return undefined;
  const on = internalSwitches(home).flatMap(({ id, name }) => (switches.includes(id) ? addressesOn(home, name) : []));
  return natsOf(network).flatMap(({ name, prefix: text }) => {
    const prefix = parsePrefix(text);
    return prefix && on.some(({ address }) => isIn(parseAddress(address) ?? -1, prefix)) ? [name] : [];
  });
}

const isNetworkUsed = ({ vms }: Machine, switches: readonly Guid[], own: Guid): boolean | undefined =>
  ifRead(vms, undefined, (all) =>
    all.some(
      ({ id, adapters }) =>
        id !== own &&
        // What could not be read may use it.
        ifRead(adapters, true, (its) =>
          its.some(({ switchId }) => typeof switchId === 'string' && switches.includes(switchId)),
        ),
    ),
  );

/** By a VM that has it as a drive, or a drive that is based on it. */
const isDiskUsed = ({ disks }: Machine, disk: string, own: Guid): boolean | undefined =>
  ifRead(ifRead(disks, undefined, (all) => all.find(({ id }) => id === disk))?.users, undefined, (users) =>
    users.some((id) => id !== own),
  );

/** The switches that it belongs to. undefined: not known. */
function switchesOf(home: Machine, thing: Thing<'switch' | 'address' | 'nat'>): readonly Guid[] | undefined {
  if (thing.what === 'switch') return [thing.id];
  if (home.host.switches === undefined || home.network?.addresses === undefined) return undefined;
  const prefix = thing.what === 'nat' ? parsePrefix(thing.prefix) : undefined;
  return internalSwitches(home).flatMap(({ id, name }) => {
    const isOn =
      thing.what === 'address'
        ? hostEnd(name) === thing.name
        : addressesOn(home, name).some(({ address }) => prefix && isIn(parseAddress(address) ?? -1, prefix));
    return isOn ? [id] : [];
  });
}
