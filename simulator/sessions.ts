/** PowerShell Direct: who gets into a guest, and as whom (domain §5; facts: psd-*). */
import type { Identity } from '../src/core/cmdlets/call.js';
import type { Clock } from './clock.js';
import { wireError, type ErrorId } from './errors.js';
import { hasBooted } from './guest.js';
import { numberFrom } from './ipv4.js';
import type { WireReply, WireRequest } from './wire.js';
import type { SimulatedMachine, SimulatedUser, SimulatedVm } from './world.js';

interface Session {
  readonly vm: SimulatedVm;
  readonly machine: SimulatedMachine;
  readonly user: SimulatedUser;
  /** Of the boot that it was opened in. */
  readonly starts: number;
  /** The session that it was opened through. */
  readonly through: string | undefined;
}

export interface Credential {
  readonly userName: string;
  readonly password: string;
}

/** The machine around, and whether the caller may see its VMs. */
interface Around {
  readonly machine: SimulatedMachine;
  readonly allowed: boolean;
}

/** The account that this name means there; `MicrosoftAccount\mail` for those of Microsoft. */
function findUser({ name, users }: SimulatedMachine, userName: string): SimulatedUser | undefined {
  const [first = '', second] = userName.toLowerCase().split('\\');
  const [domain, account] = second === undefined ? ['.', first] : [first, second];
  return users.find((user) => {
    if (user.name.toLowerCase() !== account) return false;
    if (user.kind === 'microsoft') return domain === 'microsoftaccount';
    return user.kind === 'local' && (domain === '.' || domain === name.toLowerCase());
  });
}

/** In the order in which Windows finds it out; the user when nothing is in the way. */
function enter(
  { machine, allowed }: Around,
  id: string,
  { userName, password }: Credential,
  clock: Clock,
): ErrorId | { readonly vm: SimulatedVm; readonly guest: SimulatedMachine; readonly user: SimulatedUser } {
  if (machine.modules['Hyper-V'] !== 'loaded') return 'psd-module';
  const vm = allowed ? machine.vms.get(id.toLowerCase()) : undefined;
  if (!vm) return 'psd-no-vmid';
  if (vm.state !== 'Running') return 'psd-not-running';
  if (userName === '') return 'psd-user-empty';
  const guest = vm.guest.machine;
  // Booting, another system, its service off: nobody takes the call.
  if (!guest || vm.guest.kind !== 'windows' || !hasBooted(vm, clock)) return 'psd-not-opened';
  if (guest.services['vmicvmsession']?.state !== 'Running') return 'psd-not-opened';
  if (guest.updates !== machine.updates) return 'psd-negotiation';
  const user = findUser(guest, userName);
  // Blank passwords are refused by policy, whatever the account has.
  if (!user || password === '' || user.password !== password) return 'psd-credential';
  return { vm, guest, user };
}

export interface Sessions {
  /** New-PSSession, Get-PSSession, Remove-PSSession; undefined: another cmdlet. */
  answer(request: WireRequest, around: Around): WireReply | undefined;
  /** Whether a call through it arrives. */
  isOpen(id: string): boolean;
  userOf(id: string): { readonly user: SimulatedUser; readonly machine: SimulatedMachine } | undefined;
}

const nothing = { warnings: [], errors: [] } as const;

export function createSessions(clock: Clock): Sessions {
  const sessions = new Map<string, Session>();
  let next = 1;

  const isOpen = (id: string): boolean => {
    const session = sessions.get(id);
    if (!session) return false;
    const { vm, machine, starts, through } = session;
    const sameBoot = hasBooted(vm, clock) && vm.state === 'Running' && machine.network.starts === starts;
    return sameBoot && (through === undefined || isOpen(through));
  };

  const end = (id: string): void => {
    sessions.delete(id);
    for (const [inner, { through }] of sessions) if (through === id) end(inner);
  };

  const open = ({ parameters, session: through }: WireRequest, around: Around): WireReply => {
    const { VMId, UserName, Password } = parameters;
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    const entered = enter(around, text(VMId), { userName: text(UserName), password: text(Password) }, clock);
    if (typeof entered === 'string') {
      const vm = around.machine.vms.get(text(VMId).toLowerCase());
      const values = { vm: vm?.name ?? '', vmid: text(VMId) };
      return { rows: [], warnings: [], errors: [wireError(around.machine.locale, entered, values, vm?.name ?? null)] };
    }
    const { vm, guest, user } = entered;
    const id = `session-${String(next++)}`;
    sessions.set(id, { vm, machine: guest, user, starts: guest.network.starts, through });
    return { type: 'PSSession', rows: [{ Id: id }], ...nothing };
  };

  const lieOf = (id: string) => {
    const lie = sessions.get(id)?.vm.guest.lie;
    return lie === undefined ? {} : { Lie: lie };
  };

  return {
    answer(request, around) {
      const id = typeof request.parameters['Id'] === 'string' ? request.parameters['Id'] : '';
      if (request.cmdlet === 'New-PSSession') return open(request, around);
      if (request.cmdlet === 'Get-PSSession')
        return {
          type: 'PSSession',
          rows: [{ Id: id, State: isOpen(id) ? 'Opened' : 'Broken', ...lieOf(id) }],
          ...nothing,
        };
      if (request.cmdlet !== 'Remove-PSSession') return undefined;
      end(id);
      return { rows: [], ...nothing };
    },
    isOpen,
    userOf: (id) => sessions.get(id),
  };
}

/** An administrator's session in a guest has full rights: there is no prompt on that way in. */
export function identityIn({
  user,
  machine,
}: {
  readonly user: SimulatedUser;
  readonly machine: SimulatedMachine;
}): Identity {
  const { isAdministrator } = user;
  const number = numberFrom(machine.name);
  return {
    account: `${user.kind === 'microsoft' ? 'MicrosoftAccount' : machine.name}\\${user.name}`,
    sid: `S-1-5-21-${String(number)}-1177238915-682003330-${String(1001 + machine.users.indexOf(user))}`,
    inToken: isAdministrator,
    isMember: isAdministrator,
    isElevated: isAdministrator,
    isAdministrator,
  };
}
