/**
 * Going inside machines: who is signed in where, with which account. Passwords are in this process's memory only, and in the
 * system's vault where that was asked for. A session is kept while it is of use and ended after five idle minutes.
 */
import {
  idOf,
  depthOf,
  isVmRef,
  wayTo,
  outermostOf,
  isWithin,
  textOf,
  type VmRef,
  type MachineRef,
} from '../core/cmdlets/ref.js';
import type { Failure, Host } from '../core/cmdlets/call.js';
import type { Credential, CredentialSource } from '../core/cmdlets/credentials.js';
import { refusalOf } from '../core/machine/guest-access.js';
import { allVms, vmAt } from '../core/machine/tree.js';
import type { Machine } from '../core/machine/machine.js';
import type { EnterResult, GuestState } from '../ipc/guests.js';
import type { KeptAccounts } from './kept-accounts.js';

/** Milliseconds without a call inside after which the session is ended; the account stays known. */
const IDLE = 5 * 60_000;

interface Options {
  readonly host: () => Pick<Host, 'closeGuest'>;
  readonly machine: () => Machine | null;
  readonly read: (at: VmRef, how: { roles: boolean }) => Promise<Machine | Failure>;
  readonly forget: (at: VmRef) => Promise<void>;
  readonly kept: KeptAccounts;
  readonly changed: () => void;
  /** Calls `act` once after so many milliseconds; the answer takes it back. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
}

export interface EnterForm extends Credential {
  readonly at: VmRef;
  readonly remember: boolean;
}

export class Guests {
  readonly #states = new Map<VmRef, GuestState>();
  readonly #known = new Map<VmRef, Credential>();
  /** By the VM of this PC that the session is in. */
  readonly #idle = new Map<VmRef, () => void>();
  /** Machines whose kept account may be sent: somebody has clicked for it since the start, and it was not refused. */
  readonly #clicked = new Set<VmRef>();
  /** By the VM of this PC: accounts are tried there one after the other, and readings wait until it is known which one holds. */
  readonly #trying = new Map<VmRef, Promise<unknown>>();
  /** The newest try for each machine: what was given up or tried again meanwhile changes nothing. */
  readonly #tries = new Map<VmRef, object>();
  /** Readings under way, so that two who ask at once are answered by one. */
  readonly #looking = new Map<string, { readonly at: VmRef; readonly reading: Promise<Machine | Failure> }>();

  constructor(private readonly options: Options) {}

  get states(): Readonly<Record<string, GuestState>> {
    return Object.fromEntries([...this.#states].map(([vm, state]) => [textOf(vm), state]));
  }

  /** What the session asks before each batch for a guest. */
  readonly credentials: CredentialSource = (at) => {
    const found = wayTo(at).map((vm) => this.#credentialFor(vm));
    return found.every((one) => one !== undefined) ? found : undefined;
  };

  #credentialFor(at: VmRef): Credential | undefined {
    return this.#known.get(at) ?? (this.#clicked.has(at) ? this.options.kept.find(at) : undefined);
  }

  /** Somebody has clicked for the accounts that are kept, of that machine or of all: from now on they are sent without asking again. */
  async signInKept(at: VmRef | null): Promise<void> {
    const all = this.options.kept.list.map((one) => one.at).toSorted((a, b) => depthOf(a) - depthOf(b));
    const wanted = at === null ? all : [at];
    for (const one of wanted) this.#clicked.add(one);
    // An outer machine first: what is in it is seen only then.
    for (const depth of [1, 2])
      await Promise.all(wanted.filter((one) => depthOf(one) === depth).map((one) => this.#lookWithKept(one)));
  }

  async #lookWithKept(at: VmRef): Promise<void> {
    const credential = this.credentials(at)?.at(-1);
    if (!credential || vmAt(this.options.machine(), at)?.state !== 'Running') return;
    this.#change(at, { status: 'opening', userName: credential.userName, remembered: true });
    await this.look(at, { roles: true });
  }

  async enter({ at, userName, password, remember }: EnterForm): Promise<EnterResult> {
    const credential = { userName: userName.trim(), password };
    const form = { userName: credential.userName, isBlank: password === '' };
    // Windows refuses a blank password whatever the account is: nothing need be tried.
    if (form.isBlank || form.userName === '') return this.#refused(at, { kind: 'credential-refused' }, form);
    const own = {};
    this.#tries.set(at, own);
    this.#change(at, { status: 'opening', userName: credential.userName, remembered: false });
    const machine = await this.#inTurn(at, () => this.#try(at, credential, own));
    if (this.#tries.get(at) !== own) {
      // Given up: what was read meanwhile is nobody's.
      if (!this.#tries.has(at)) await this.options.forget(at);
      return { kind: 'refused', why: 'session-lost', failure: { kind: 'cancelled' } };
    }
    this.#tries.delete(at);
    if ('kind' in machine) return this.#refused(at, machine, form);
    // It may have been refused once, when another one was kept.
    this.#clicked.add(at);
    const { kept } = this.options;
    if (remember && kept.canKeep)
      kept.keep(at, machine.host.name ?? vmAt(this.options.machine(), at)?.name ?? idOf(at), credential);
    this.#change(at, { status: 'open', userName: credential.userName, remembered: kept.find(at) !== undefined });
    return { kind: 'open' };
  }

  async #inTurn<Result>(at: VmRef, act: () => Promise<Result>): Promise<Result> {
    const vm = outermostOf(at);
    const turn = (this.#trying.get(vm) ?? Promise.resolve()).then(act);
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#trying.set(vm, ended);
    return await turn;
  }

  /** Whether an account holds says a session of its own and nothing older: readings with the account of before end first. */
  async #try(at: VmRef, credential: Credential, own: object): Promise<Machine | Failure> {
    const readings = [...this.#looking.values()].filter((one) => outermostOf(one.at) === outermostOf(at));
    await Promise.allSettled(readings.map(({ reading }) => reading));
    if (this.#tries.get(at) !== own) return { kind: 'cancelled' };
    const before = this.#known.get(at);
    this.#known.set(at, credential);
    this.#endSession(at);
    const machine = await this.options.read(at, { roles: true });
    const holds = !('kind' in machine) && this.#tries.get(at) === own;
    if (holds) return machine;
    // The account that was there before still is the one that worked; nothing goes on in a session of the other.
    if (before && this.#tries.has(at)) this.#known.set(at, before);
    else this.#known.delete(at);
    this.#endSession(at);
    return 'kind' in machine ? machine : { kind: 'cancelled' };
  }

  #refused(at: VmRef, failure: Failure, form: { userName: string; isBlank: boolean }): EnterResult {
    const why = refusalOf(failure, form, vmAt(this.options.machine(), at));
    this.#change(at, { status: 'refused', userName: form.userName || null, remembered: false, why, failure });
    return { kind: 'refused', why, failure };
  }

  /** Reads what is inside again. Without an account, or where it is refused, the state says so. */
  async look(at: VmRef, { roles = false } = {}): Promise<Machine | Failure> {
    const machine = await this.#look(at, roles);
    const credential = this.#credentialFor(at);
    // What an account that is being tried now comes to says its own reading.
    if (!credential || this.#tries.has(at)) return machine;
    const { userName } = credential;
    const remembered = this.options.kept.find(at) !== undefined;
    if (!('kind' in machine)) this.#change(at, { status: 'open', userName, remembered });
    else if (machine.kind === 'not-found' || machine.kind === 'wrong-state')
      this.#change(at, { status: 'closed', userName, remembered });
    else {
      const why = refusalOf(machine, { userName, isBlank: false }, vmAt(this.options.machine(), at));
      // Sent again and again it would lock the account.
      if (machine.kind === 'credential-refused') this.#clicked.delete(at);
      this.#change(at, { status: 'refused', userName, remembered, why, failure: machine });
    }
    return machine;
  }

  async #look(at: VmRef, roles: boolean): Promise<Machine | Failure> {
    await this.#trying.get(outermostOf(at));
    const key = `${textOf(at)} ${String(roles)}`;
    const reading =
      this.#looking.get(key)?.reading ?? this.options.read(at, { roles }).finally(() => this.#looking.delete(key));
    this.#looking.set(key, { at, reading });
    return await reading;
  }

  /** Ends the session and forgets what is not kept. */
  async leave(at: VmRef): Promise<void> {
    const isInside = (vm: VmRef): boolean => isWithin(vm, at);
    for (const vm of [...this.#known.keys()].filter(isInside)) {
      this.#known.delete(vm);
      this.#states.delete(vm);
    }
    for (const vm of [...this.#clicked, ...this.#tries.keys()].filter(isInside)) {
      this.#clicked.delete(vm);
      this.#tries.delete(vm);
    }
    this.#endSession(at);
    const kept = this.options.kept.find(at);
    if (kept) this.#states.set(at, { status: 'closed', userName: kept.userName, remembered: true });
    else this.#states.delete(at);
    await this.options.forget(at);
    this.options.changed();
  }

  async forgetAccount(at: VmRef): Promise<void> {
    this.options.kept.forget(at);
    await this.leave(at);
  }

  /** A call goes inside: the session is of use. */
  used(at: MachineRef): void {
    if (!isVmRef(at)) return;
    const vm = outermostOf(at);
    this.#idle.get(vm)?.();
    this.#idle.set(
      vm,
      this.options.after(IDLE, () => this.#endSession(vm)),
    );
  }

  /** What was read: a session in a VM that has stopped is ended, an account that is kept is shown at its machine. */
  noticed(machine: Machine): void {
    let isChanged = false;
    for (const { ref, vm } of allVms(machine)) {
      const state = this.#states.get(ref);
      if (!state) {
        const kept = this.options.kept.find(ref);
        if (!kept) continue;
        this.#states.set(ref, { status: 'closed', userName: kept.userName, remembered: true });
        isChanged = true;
      } else if (vm.state !== 'Running' && (state.status === 'open' || state.status === 'refused')) {
        if (depthOf(ref) === 1) this.#endSession(ref);
        const { userName, remembered } = state;
        this.#states.set(ref, { status: 'closed', userName, remembered });
        isChanged = true;
      }
    }
    if (isChanged) this.options.changed();
  }

  close(): void {
    for (const takeBack of this.#idle.values()) takeBack();
    this.#idle.clear();
    this.#known.clear();
    this.#clicked.clear();
  }

  #endSession(at: VmRef): void {
    const vm = outermostOf(at);
    this.#idle.get(vm)?.();
    this.#idle.delete(vm);
    this.options.host().closeGuest?.(vm);
  }

  #change(at: VmRef, state: GuestState): void {
    this.#states.set(at, state);
    this.options.changed();
  }
}
