/** A port of the host that a NAT network hands on. Known by its StaticMappingID. */
import type { Message } from '../../text/index.js';
import type { PortMapping } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';
import { isOfPort, mappingsOf, targetText } from './mappings.js';
import { UNKNOWN, withNetwork, type Row } from './thing-row.js';

type Asked = Omit<PortMapping, 'id' | 'protocol'> & { readonly protocol: 'TCP' | 'UDP' };

/** What could not be read of one is no difference. */
const isSame = (one: PortMapping, asked: Asked): boolean =>
  isOfPort(asked)(one) && one.natName === asked.natName && one.address === asked.address && one.vmPort === asked.vmPort;

export const ofMapping: Row<'mapping'> = {
  problem: ({ network }, { protocol, hostPort }) => {
    const port = String(hostPort);
    if (network?.mappings === undefined) return { key: 'ports.unread' };
    const other = network.mappings.find(isOfPort({ protocol, hostPort }));
    if (other) return { key: 'ports.taken', params: { protocol, port, target: targetText(other) } };
    // Where the programs could not be read, Windows says it.
    const listener = ifRead(network.listeners, undefined, (all) =>
      all.find((one) => one.protocol === protocol && one.port === hostPort),
    );
    if (!listener) return null;
    return listener.process === undefined
      ? { key: 'ports.listening', params: { protocol, port } }
      : { key: 'ports.listeningAs', params: { protocol, port, process: String(listener.process) } };
  },
  make: ({ natName: NatName, protocol, hostPort: ExternalPort, address: InternalIPAddress, vmPort, at }) => ({
    title: titleOf('ports.make', { protocol, hostPort: ExternalPort, address: InternalIPAddress, vmPort }),
    call: {
      cmdlet: protocol === 'UDP' ? 'Add-NetNatStaticMapping/UDP' : 'Add-NetNatStaticMapping/TCP',
      params: { NatName, ExternalPort, InternalIPAddress, InternalPort: vmPort },
      at,
    },
  }),
  why: (thing) => ({ key: 'ports.madeWhy', params: { target: targetText(thing) } }),
  foreseen: (thing) => ({ ...thing, id: UNKNOWN }),
  add: (home, { what: _what, at: _at, ...port }) =>
    withNetwork(home, () => ({ mappings: [...mappingsOf(home), { ...port, id: UNKNOWN }] })),
  ids: ({ network }) => ifRead(network?.mappings, undefined, (all) => all.map(({ id }) => id)),
  find: (home, thing, isIt) => {
    const found = mappingsOf(home).find((one) => isSame(one, thing) && isIt(one.id));
    return found && { ...thing, id: found.id };
  },
  isSame: (home, thing) => mappingsOf(home).some((one) => one.id === thing.id && isSame(one, thing)),
  remove: (_, { id, at, ...port }) => ({
    title: titleOf('ports.remove', port),
    call: { cmdlet: 'Remove-NetNatStaticMapping', params: {}, at, on: { mapping: id } },
  }),
  nameOf: ({ protocol, hostPort }) => ({ key: 'ports.made', params: { protocol, port: String(hostPort) } }),
  kindName: { key: 'ports.kind' },
};

const titleOf = (
  key: 'ports.make' | 'ports.remove',
  { protocol, hostPort, ...to }: Omit<Asked, 'natName'>,
): Message => ({ key, params: { protocol, port: String(hostPort), target: targetText(to) } });
