/** Host ports that a machine's NAT network hands on: which leads where. */
import type { PortWant, Thing } from '../machine/goal.js';
import type { Machine, PortMapping } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';

type HostPort = Pick<PortWant, 'protocol' | 'hostPort'>;
type Target = Pick<PortMapping, 'address' | 'vmPort'>;

/** It leads nowhere. */
export const NOT_FORWARDED = 'none';
/** `192.168.100.2:80` */
export const targetText = ({ address, vmPort }: Target): string => `${address}:${String(vmPort)}`;

/** undefined: not such a text. */
export function parseTarget(text: string): Target | undefined {
  const [, address, port] = /^([\d.]+):(\d+)$/.exec(text) ?? [];
  return address === undefined ? undefined : { address, vmPort: Number(port) };
}

/** One whose protocol could not be read may be of any. */
export const isOfPort =
  ({ protocol, hostPort }: HostPort) =>
  (one: Pick<PortMapping, 'protocol' | 'hostPort'>): boolean =>
    one.hostPort === hostPort && (one.protocol ?? protocol) === protocol;

export const mappingsOf = ({ network }: Machine): readonly PortMapping[] => ifRead(network?.mappings, [], (all) => all);

/** Where that port leads. undefined: not known. */
export const targetAt = ({ network }: Machine, port: HostPort): string | undefined =>
  ifRead(network?.mappings, undefined, (all) => {
    const found = all.find(isOfPort(port));
    return found ? targetText(found) : NOT_FORWARDED;
  });

/** The machine as it is when those ports lead nowhere any more. */
export function withoutPorts(home: Machine, ports: readonly HostPort[]): Machine {
  const { network } = home;
  if (network?.mappings === undefined || ports.length === 0) return home;
  const mappings = network.mappings.filter((one) => !ports.some((port) => isOfPort(port)(one)));
  return { ...home, network: { ...network, mappings } };
}

/** As it would be removed. */
export const mappingThing = (
  { at }: Machine,
  { id, natName, hostPort, address, vmPort }: PortMapping,
  protocol: PortWant['protocol'],
): Thing<'mapping'> => ({ what: 'mapping', at, id, natName, protocol, hostPort, address, vmPort });
