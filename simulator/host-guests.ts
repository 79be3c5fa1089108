/** The sessions that the simulated host keeps inside guests: one for each VM of a path, opened when it is first needed. */
import type { MachineRef } from '../src/core/cmdlets/ref.js';
import type { Failure, Guid } from '../src/core/cmdlets/call.js';
import { failureOf } from '../src/core/cmdlets/failure.js';
import { wireError } from './errors.js';
import { sayText } from './errors.js';
import { bridgeRecord, recordOf } from './records.js';
import type { Credential } from './sessions.js';
import type { Simulator } from './simulator.js';

/** One for each machine of the path, the outermost first; undefined when one of them is not known. */
export type CredentialSource = (at: MachineRef) => readonly Credential[] | undefined;

interface Kept {
  readonly id: string;
  readonly account: Credential;
}
type Entered = { readonly session: string } | { readonly failed: Failure };

export class Guests {
  readonly #kept = new Map<string, Kept>();
  readonly #simulator: Simulator;
  readonly #elevated: boolean;

  constructor(simulator: Simulator, elevated: boolean) {
    this.#simulator = simulator;
    this.#elevated = elevated;
  }

  async enter(at: readonly Guid[], accounts: readonly Credential[]): Promise<Entered> {
    let entered: Entered = { failed: { kind: 'no-credentials' } };
    for (const [index, account] of accounts.entries()) {
      entered = await this.#open(at.slice(0, index + 1), account);
      if ('failed' in entered) return entered;
    }
    return entered;
  }

  /** Why the answers of a batch never came; undefined: they did. */
  lostAt(at: readonly Guid[]): Failure | undefined {
    const known = this.#kept.get(at.join('/'));
    if (at.length === 0 || !known || this.#simulator.sessions.isOpen(known.id)) return undefined;
    this.#forget(at[0] ?? '');
    const ended = recordOf(wireError(this.#simulator.world.host.locale, 'psd-ended-51'), 'Invoke-Command');
    return failureOf({ ...ended, id: `Session.Lost,${ended.id}` });
  }

  async close(at: readonly Guid[]): Promise<void> {
    const path = at.join('/');
    const session = this.#kept.get(path);
    this.#forget(path);
    if (session) await this.#ask([], 'Remove-PSSession', { Id: session.id });
  }

  #ask(path: readonly Guid[], cmdlet: string, parameters: Readonly<Record<string, unknown>>) {
    const through = path.length === 0 ? undefined : this.#kept.get(path.join('/'))?.id;
    const session = through === undefined ? {} : { session: through };
    return this.#simulator.invoke({
      machine: path.join('/'),
      elevated: this.#elevated,
      cmdlet,
      parameters,
      ...session,
    });
  }

  /** The session of the last machine of the path; those before it are open. */
  async #open(at: readonly Guid[], account: Credential): Promise<Entered> {
    const path = at.join('/');
    const outer = at.slice(0, -1);
    const known = this.#kept.get(path);
    const isSame = known?.account.userName === account.userName && known.account.password === account.password;
    if (known && isSame && this.#simulator.sessions.isOpen(known.id)) return { session: known.id };
    if (known) this.#forget(path);
    const { userName: UserName, password: Password } = account;
    const { rows, errors } = await this.#ask(outer, 'New-PSSession', { VMId: at.at(-1), UserName, Password });
    const [error] = errors;
    if (error) {
      const record = recordOf(error, 'New-PSSession');
      // The bridge tells this one refusal from the others by the resource of its text.
      const isUpdates = error.message === sayText('en', 'directNegotiation');
      return { failed: failureOf(isUpdates ? { ...record, id: `Bridge.UpdatesDiffer,${record.id}` } : record) };
    }
    const session = String(rows[0]?.['Id']);
    if (this.#simulator.identityOf(this.#elevated, session).isAdministrator !== true) {
      await this.#ask(outer, 'Remove-PSSession', { Id: session });
      const record = bridgeRecord('NotAdministrator', 'The account is not an administrator of the guest.');
      return {
        failed: failureOf({ ...record, category: 'PermissionDenied', exception: 'System.UnauthorizedAccessException' }),
      };
    }
    this.#kept.set(path, { id: session, account });
    return { session };
  }

  #forget(path: string): void {
    for (const one of this.#kept.keys()) if (one === path || one.startsWith(`${path}/`)) this.#kept.delete(one);
  }
}
