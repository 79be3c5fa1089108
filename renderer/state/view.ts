/** What the page of machines can show: the list, or the one thing that keeps it away. */
import { accessOf, awaitsRestart, type Access } from '../../src/core/machine/access.js';
import type { Machine, OneShot, Tried } from '../../src/core/machine/machine.js';
import { inVain } from '../../src/core/machine/tried.js';
import { thisPc } from '../../src/core/cmdlets/ref.js';
import type { Connection, Ended, HostState } from '../../src/ipc/schema.js';
import { ifRead } from '../../src/core/machine/reading.js';

type Lost = Extract<Connection, { kind: 'lost' }>;
/** What is shown of the VMs is as old as it says: a session that was allowed has ended, or a host does not answer. */
export type Old = Ended | { readonly why: 'away'; readonly asOf: string; readonly connection: Lost };

export type View =
  | { readonly kind: 'loading' }
  | { readonly kind: 'lost'; readonly connection: Lost }
  | { readonly kind: 'language-mode'; readonly mode: string }
  | { readonly kind: 'module-blocked' }
  /** `ended`: the VMs are shown as they were read last. */
  | { readonly kind: 'list' | 'empty'; readonly machine: Machine; readonly ended?: Old }
  /** What would mend it from here was done, and did not help. */
  | { readonly kind: 'tried'; readonly tried: Tried & { readonly act: Remedy }; readonly machine: Machine }
  | { readonly kind: Obstacle; readonly machine: Machine };

type Remedy = Exclude<OneShot, 'join-group'>;

type Obstacle =
  | 'restart'
  | 'module-missing'
  | 'home-edition'
  | 'no-hyper-v'
  | 'hypervisor-off'
  | 'service-stopped'
  | 'no-access'
  | 'sign-out'
  | 'unread';

/** null: main has not answered yet. */
export function viewOf(state: Pick<HostState, 'connection' | 'machine'> | null): View {
  if (state === null) return { kind: 'loading' };
  const { connection, machine } = state;
  const access = accessOf(connection, machine);
  switch (access.kind) {
    case 'starting':
      return { kind: 'loading' };
    case 'lost':
      return connection.kind === 'lost' ? whileLost(connection, machine) : { kind: 'loading' };
    case 'constrained-language':
      return { kind: 'language-mode', mode: access.mode };
    case 'module-blocked':
      return { kind: 'module-blocked' };
    case 'ended':
      return machine === null ? { kind: 'loading' } : { kind: 'list', machine, ended: access };
    case 'no-hyper-v':
    case 'service-stopped':
    case 'no-access':
    case 'joined-not-signed-out':
    case 'ok':
      return machine === null ? { kind: 'loading' } : ofMachine(access, machine);
  }
}

/** Of a host that was read before its VMs stay in sight. Whoever may stand in its place is no such case. */
function whileLost(connection: Lost, machine: Machine | null): View {
  const isAway = machine !== null && machine.at !== thisPc && connection.retryAt !== null;
  if (!isAway || !ifRead(machine.vms, 0, (all) => all.length)) return { kind: 'lost', connection };
  return { kind: 'list', machine, ended: { why: 'away', asOf: machine.host.readAt, connection } };
}

type ReadAccess = Extract<
  Access,
  { kind: 'no-hyper-v' | 'service-stopped' | 'no-access' | 'joined-not-signed-out' | 'ok' }
>;

/** What mends it from here. */
const remedies: Readonly<Partial<Record<View['kind'], Remedy>>> = {
  'no-hyper-v': 'enable-hyper-v',
  'hypervisor-off': 'hypervisor-auto',
  'service-stopped': 'start-service',
};

function ofMachine(access: ReadAccess, machine: Machine): View {
  const view = untried(access, machine);
  const remedy = remedies[view.kind];
  const tried = remedy && inVain(machine.host, remedy);
  return remedy && tried ? { kind: 'tried', tried: { ...tried, act: remedy }, machine } : view;
}

function untried(access: ReadAccess, machine: Machine): View {
  const isHypervisorOff = machine.host.computer?.hypervisorPresent === false;
  switch (access.kind) {
    case 'no-hyper-v':
      if (access.home) return { kind: 'home-edition', machine };
      if (awaitsRestart(machine.host)) return { kind: 'restart', machine };
      return {
        kind:
          ifRead(machine.host.features, undefined, (all) => all['Microsoft-Hyper-V']) === 'enabled' &&
          ifRead(machine.host.services, true, (all) => 'vmms' in all)
            ? 'module-missing'
            : 'no-hyper-v',
        machine,
      };
    case 'service-stopped':
      // It follows the hypervisor: without that it cannot be started.
      return { kind: isHypervisorOff ? 'hypervisor-off' : 'service-stopped', machine };
    case 'no-access':
      return { kind: 'no-access', machine };
    case 'joined-not-signed-out':
      return { kind: 'sign-out', machine };
    case 'ok':
      if (machine.vms === undefined) return { kind: isHypervisorOff ? 'hypervisor-off' : 'unread', machine };
      return { kind: machine.vms.length === 0 ? 'empty' : 'list', machine };
  }
}
