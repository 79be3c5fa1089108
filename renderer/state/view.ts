/** What the page of machines can show: the list, or the one thing that keeps it away. */
import type { Handshake } from '../../src/core/call.js';
import type { Machine } from '../../src/core/machine.js';
import type { AppState, Connection } from '../../src/ipc/schema.js';

export type View =
  | { readonly kind: 'loading' }
  /** The connection is gone; with `machine` there are older facts to show. */
  | {
      readonly kind: 'lost';
      readonly connection: Extract<Connection, { kind: 'lost' }>;
      readonly machine: Machine | null;
    }
  | { readonly kind: 'language-mode'; readonly handshake: Handshake }
  | { readonly kind: 'list' | 'empty'; readonly machine: Machine }
  | { readonly kind: Obstacle; readonly machine: Machine };

type Obstacle =
  | 'module-blocked'
  | 'module-missing'
  | 'home-edition'
  | 'no-hyper-v'
  | 'hypervisor-off'
  | 'service-stopped'
  | 'no-access'
  | 'sign-out'
  | 'unread';

/** Win32_OperatingSystem.OperatingSystemSKU of the Home editions: Core, Core N, Core Country Specific, Core Single Language. */
const homeSkus: readonly number[] = [98, 99, 100, 101];

export function viewOf(state: AppState | null): View {
  if (state === null) return { kind: 'loading' };
  const { connection, machine } = state;
  if (connection.kind === 'lost') return { kind: 'lost', connection, machine };
  if (connection.kind === 'ready' && connection.handshake.languageMode !== 'FullLanguage')
    return { kind: 'language-mode', handshake: connection.handshake };
  if (machine === null) return { kind: 'loading' };
  if (machine.vms !== undefined) return { kind: machine.vms.length === 0 ? 'empty' : 'list', machine };
  return { kind: obstacleOf(machine), machine };
}

/** In the order in which they have to be mended: without the role, rights mean nothing. */
function obstacleOf({ host }: Machine): Obstacle {
  const { windows, features, services, identity, modules, computer } = host;
  if (windows && homeSkus.includes(windows.sku)) return 'home-edition';
  const role = features?.['Microsoft-Hyper-V'] ?? features?.['Microsoft-Hyper-V-All'];
  if (features && role !== 'enabled') return 'no-hyper-v';
  if (modules['Hyper-V'] === 'blocked') return 'module-blocked';
  if (modules['Hyper-V'] === 'missing') return 'module-missing';
  if (computer?.hypervisorPresent === false) return 'hypervisor-off';
  if (services && services['vmms']?.state !== 'Running') return 'service-stopped';
  if (identity && !identity.inToken && !identity.isElevated)
    return identity.isMember === true ? 'sign-out' : 'no-access';
  return 'unread';
}
