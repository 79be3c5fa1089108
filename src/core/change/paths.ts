/** What a `ChangePath` names: put together, and taken apart. */
import type { AdapterId, Guid } from '../cmdlets/call.js';
import { idOf, type VmRef } from '../cmdlets/ref.js';
import {
  adapterSettings,
  guestServices,
  ownSettings,
  type AdapterSetting,
  type ChangePath,
  type GuestService,
  type OwnSetting,
  type PortWant,
  type ServiceWant,
  type Thing,
  type ThingKind,
} from '../machine/goal.js';
import { protocols } from '../machine/machine.js';
import { roleNames, type Role } from '../machine/roles.js';
import { isThingKind } from '../network/things.js';

export type VmProperty = OwnSetting | AdapterSetting | 'role' | ServiceProperty | 'made' | 'port';
type ServiceProperty = `service.${keyof ServiceWant}`;

/** The property in which Windows shows each setting. */
export const shownAs = {
  power: 'State',
  version: 'Version',
  'memory.dynamic': 'DynamicMemoryEnabled',
  'memory.startup': 'MemoryStartup',
  'memory.minimum': 'MemoryMinimum',
  'memory.maximum': 'MemoryMaximum',
  stopAction: 'AutomaticStopAction',
  automaticCheckpoints: 'AutomaticCheckpointsEnabled',
  nesting: 'ExposeVirtualizationExtensions',
  macSpoofing: 'MacAddressSpoofing',
} as const satisfies Partial<Record<VmProperty, string>>;

type PortOf = Pick<PortWant, 'protocol' | 'hostPort'>;

export interface ParsedPath {
  readonly vm: Guid;
  /** The VM that it is inside of, and in whose chain it is changed. */
  readonly inside?: Guid;
  readonly property: VmProperty;
  readonly adapter?: AdapterId;
  readonly role?: Role;
  readonly service?: GuestService;
  readonly port?: PortOf;
  /** `isAround`: in the machine that the VM is in, not inside the VM. */
  readonly made?: { readonly what: ThingKind; readonly id: string; readonly isAround: boolean };
}

export const pathOf = (vm: Guid, property: OwnSetting): ChangePath => `${vm}/${property}`;
export const adapterPath = (vm: Guid, adapter: AdapterId, property: AdapterSetting): ChangePath =>
  `${vm}/adapters/${adapter}/${property}`;
/** Of a VM inside another, changed in the chain of that. */
export const insidePath = (outer: Guid, path: ChangePath): ChangePath => `${outer}/${path}`;
export const rolePath = (vm: Guid, role: Role): ChangePath => `${vm}/roles/${role}`;
export const servicePath = (vm: Guid, service: GuestService, property: keyof ServiceWant): ChangePath =>
  `${vm}/services/${service}/${property}`;
export const portPath = (vm: Guid, { protocol, hostPort }: PortOf): ChangePath =>
  `${vm}/ports/${protocol}/${String(hostPort)}`;
/** Of a thing of that VM's chain, which is inside the VM or in the machine around it. */
export const madePath = (vm: VmRef, { what, id, at }: Pick<Thing, 'what' | 'id' | 'at'>): ChangePath =>
  `${idOf(vm)}/${at === vm ? 'made' : 'around'}/${what}/${id}`;

export const isOneOf =
  <One extends string>(all: readonly One[]) =>
  (value: unknown): value is One =>
    all.some((one) => one === value);
const isOwn = isOneOf(ownSettings);
const isOfAdapter = isOneOf(adapterSettings);
const isRole = isOneOf(roleNames);
const isProtocol = isOneOf(protocols);
const isService = isOneOf(guestServices);
const isOfService = isOneOf<keyof ServiceWant>(['startMode', 'state']);

/** It is read by going inside the VM of the chain: not known while that is off, or nobody is signed in there. */
export function isReadInside(path: ChangePath): boolean {
  const parsed = parsePath(path);
  return (
    parsed !== undefined &&
    (parsed.inside !== undefined ||
      parsed.service !== undefined ||
      parsed.property === 'role' ||
      parsed.made?.isAround === false)
  );
}

/** undefined: not a path of this catalog (a journal of another version, a hand-made message). */
export function parsePath(path: string): ParsedPath | undefined {
  const vm = path.slice(0, 36);
  const rest = path.slice(37);
  if (path[36] !== '/') return undefined;
  if (/^[0-9a-f-]{36}\//.test(rest)) {
    const inner = parsePath(rest);
    return inner && inner.inside === undefined ? { ...inner, inside: vm } : undefined;
  }
  const [, adapter, property] = /^adapters\/(.+)\/(\w+)$/.exec(rest) ?? [];
  if (adapter !== undefined) return isOfAdapter(property) ? { vm, property, adapter } : undefined;
  const [, where, what, id] = /^(made|around)\/(\w+)\/(.+)$/.exec(rest) ?? [];
  if (id !== undefined)
    return isThingKind(what) ? { vm, property: 'made', made: { what, id, isAround: where === 'around' } } : undefined;
  const [, service, about] = /^services\/(\w+)\/(\w+)$/.exec(rest) ?? [];
  if (about !== undefined)
    return isService(service) && isOfService(about) ? { vm, property: `service.${about}`, service } : undefined;
  const [, protocol, hostPort] = /^ports\/(\w+)\/(\d{1,5})$/.exec(rest) ?? [];
  if (hostPort !== undefined)
    return isProtocol(protocol) ? { vm, property: 'port', port: { protocol, hostPort: Number(hostPort) } } : undefined;
  const role = /^roles\/(.+)$/.exec(rest)?.[1];
  if (role !== undefined) return isRole(role) ? { vm, property: 'role', role } : undefined;
  return isOwn(rest) ? { vm, property: rest } : undefined;
}
