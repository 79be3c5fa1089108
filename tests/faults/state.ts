/**
 * All that a simulated PC is, as plain values by path, for comparing. It knows nothing of plans, and uses none of the app's own
 * comparison: what the app says of itself is on trial here.
 */
import type { SimulatedMachine, World } from '../../simulator/world.js';

/** Path → value as text. Things have the path of their name: `vms/dev-box/settings/nesting`. */
export type State = ReadonlyMap<string, string>;

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null;

/** By name, the second of a name as `name#2`: so that it is seen when there are more than before. */
function byName(things: Iterable<Plain>): Plain {
  const named: Record<string, unknown> = {};
  for (const thing of things) {
    const name = String(thing['name']);
    let key = name;
    for (let count = 2; key in named; count++) key = `${name}#${String(count)}`;
    named[key] = thing;
  }
  return named;
}

const counted = (texts: readonly string[]): Plain => byName(texts.map((name) => ({ name })));

function machineOf(machine: SimulatedMachine): Plain {
  const { network, vms, switches, ...rest } = machine;
  const switchNamed = (id: string | null): string | null =>
    id === null ? null : (switches.find((one) => one.id === id)?.name ?? `gone ${id}`);
  const cardNamed = (index: number): string => network.cards.find((one) => one.index === index)?.name ?? 'no card';
  return {
    ...rest,
    switches: byName(switches as readonly unknown[] as readonly Plain[]),
    network: {
      starts: network.starts,
      // Numbers of cards are given anew each time.
      cards: byName(network.cards.map(({ index: _, plug, ...card }) => ({ ...card, plug: 'switch' in plug ? switchNamed(plug.switch) : plug }))), // prettier-ignore
      nats: byName(network.nats.map((nat) => ({ ...nat }))),
      addresses: counted(
        network.addresses.map((one) => `${cardNamed(one.index)} ${one.address}/${String(one.prefixLength)}`),
      ),
      routes: counted(network.routes.map((one) => `${cardNamed(one.index)} ${one.prefix} ${one.nextHop}`)),
    },
    vms: byName(
      [...vms.values()].map(({ settings, checkpoints, guest, ...vm }) => ({
        ...vm,
        settings: {
          ...settings,
          adapters: byName(
            settings.adapters.map(({ switchId, ...one }) => ({ ...one, switch: switchNamed(switchId) })),
          ),
        },
        checkpoints: byName(checkpoints.map((one) => ({ ...one }))),
        guest: { ...guest, machine: guest.machine && machineOf(guest.machine) },
      })),
    ),
  };
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (isPlain(value) && !Array.isArray(value))
    for (const [key, one] of Object.entries(value)) flatten(one, path === '' ? key : `${path}/${key}`, into);
  else into.set(path, JSON.stringify(value) ?? 'undefined');
}

export function stateOf({ host }: World): State {
  const flat = new Map<string, string>();
  flatten(machineOf(host), '', flat);
  return flat;
}

/** Paths that differ, with both values; undefined: not there. */
export function differences(before: State, after: State): readonly Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [from, to] = [before.get(path), after.get(path)];
    return from === to ? [] : [{ path, from, to }];
  });
}
export interface Difference {
  readonly path: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}
