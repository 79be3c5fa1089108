/** Whether the VMs of this PC can be seen at all, and if not, why: decides the page that a person sees, and the tray icon. */
import type { Failure, Handshake, Identity } from '../cmdlets/call.js';
import { isHome } from './edition.js';
import type { HostFacts, Machine, Tried } from './machine.js';
import { ifRead } from './reading.js';
import { inVain, waitsForStart } from './tried.js';

export type Access =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ok' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'constrained-language'; readonly mode: string }
  | { readonly kind: 'no-hyper-v'; readonly home: boolean }
  | { readonly kind: 'module-blocked'; readonly module: string }
  | { readonly kind: 'service-stopped' }
  /** The account is in the group, this sign-in does not know it yet. */
  | { readonly kind: 'joined-not-signed-out' }
  /** What was allowed for this session has ended; the VMs are shown as they were then. */
  | ({ readonly kind: 'ended' } & Ended)
  | { readonly kind: 'no-access' };

interface Ended {
  readonly why: 'unused' | 'lost';
  /** ISO 8601 */
  readonly asOf: string;
}

export interface ConnectionLike {
  readonly kind: 'starting' | 'ready' | 'lost';
  readonly handshake?: Handshake;
  readonly ended?: Ended;
}

/**
 * Windows refuses, whatever the sign-in says of itself: the list of VMs came without an error and empty, and the host tells nothing
 * of itself. Get-VMHost gives no id that would say why (facts: access-denied).
 */
export const isRefused = ({ vms, host }: Machine): boolean =>
  vms === undefined && refusalOf(host) !== undefined && !host.unread.some(({ cmdlet }) => cmdlet === 'Get-VM');
export const refusalOf = ({ unread }: Pick<HostFacts, 'unread'>): Failure | undefined =>
  unread.find(({ kind, cmdlet }) => cmdlet === 'Get-VMHost' && (kind === 'access-denied' || kind === 'unexpected'));

/** Hyper-V was turned on and its service is not there yet: it comes when Windows starts the next time, if that has not been in vain. */
export const awaitsRestart = (host: HostFacts): boolean =>
  // What Windows says of a feature meanwhile is not documented: that it was turned on from here counts too.
  (ifRead(host.features, undefined, (all) => all['Microsoft-Hyper-V']) === 'enabled' ||
    waitsForStart(host, 'enable-hyper-v')) &&
  host.services !== undefined &&
  !host.services['vmms'] &&
  !inVain(host, 'enable-hyper-v');

/** Joined from here, and the account is not in the group any more. */
export const joinedInVain = (host: HostFacts): Tried | undefined =>
  host.identity?.isMember === false ? inVain(host, 'join-group') : undefined;

export const hasRight = (identity: Identity): boolean => identity.inToken || identity.isElevated;

export function accessOf(connection: ConnectionLike, machine: Machine | null): Access {
  if (connection.kind === 'lost') return { kind: 'lost' };
  const { handshake } = connection;
  if (connection.kind === 'starting' || !handshake) return { kind: 'starting' };
  if (handshake.languageMode !== 'FullLanguage') return { kind: 'constrained-language', mode: handshake.languageMode };
  const hyperV = handshake.modules.find(({ name }) => name === 'Hyper-V');
  if (hyperV?.state === 'blocked') return { kind: 'module-blocked', module: hyperV.name };
  if (!machine) return { kind: 'starting' };
  const { features, services, windows } = machine.host;
  const feature = ifRead(features, undefined, (all) => all['Microsoft-Hyper-V']);
  // The service comes with the feature: without it the management module alone is there. Services that were not read say nothing.
  if (
    hyperV?.state === 'missing' ||
    ifRead(services, feature !== undefined && feature !== 'enabled', (all) => !all['vmms'])
  )
    return { kind: 'no-hyper-v', home: windows !== undefined && isHome(windows.sku) };
  const vmms = ifRead(services, undefined, (all) => all['vmms']);
  if (vmms && vmms.state !== 'Running') return { kind: 'service-stopped' };
  if (connection.ended && ifRead(machine.vms, undefined, (all) => all.length))
    return { kind: 'ended', ...connection.ended };
  const { identity } = handshake;
  if (identity && !hasRight(identity))
    return { kind: identity.isMember === true ? 'joined-not-signed-out' : 'no-access' };
  return { kind: isRefused(machine) ? 'no-access' : 'ok' };
}

export type TrayState = 'ready' | 'working' | 'attention' | 'no-access' | 'no-hyper-v';

/** The icon of the tray: what is to be done comes before what is under way. */
export function trayStateOf(access: Access, running: boolean, cutShort: boolean): TrayState {
  switch (access.kind) {
    case 'no-hyper-v':
      return 'no-hyper-v';
    case 'no-access':
    case 'ended':
    case 'joined-not-signed-out':
    case 'constrained-language':
    case 'module-blocked':
      return 'no-access';
    case 'lost':
    case 'service-stopped':
      return 'attention';
    case 'starting':
      return 'working';
    case 'ok':
      if (running) return 'working';
      return cutShort ? 'attention' : 'ready';
  }
}
