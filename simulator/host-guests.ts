/** The sessions that the simulated host keeps inside guests: one for each VM of a path, opened when it is first needed. */
import type { Failure, Guid, MachineRef } from '../src/core/cmdlets/call.js';
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

export function createGuests(simulator: Simulator, elevated: boolean) {
  const kept = new Map<string, Kept>();

  const ask = (path: readonly Guid[], cmdlet: string, parameters: Readonly<Record<string, unknown>>) => {
    const through = path.length === 0 ? undefined : kept.get(path.join('/'))?.id;
    const session = through === undefined ? {} : { session: through };
    return simulator.invoke({ machine: path.join('/'), elevated, cmdlet, parameters, ...session });
  };

  /** The session of the last machine of the path; those before it are open. */
  async function open(at: readonly Guid[], account: Credential): Promise<Entered> {
    const path = at.join('/');
    const outer = at.slice(0, -1);
    const known = kept.get(path);
    const isSame = known?.account.userName === account.userName && known.account.password === account.password;
    if (known && isSame && simulator.sessions.isOpen(known.id)) return { session: known.id };
    if (known) forget(path);
    const { userName: UserName, password: Password } = account;
    const { rows, errors } = await ask(outer, 'New-PSSession', { VMId: at.at(-1), UserName, Password });
    const [error] = errors;
    if (error) {
      const record = recordOf(error, 'New-PSSession');
      // The bridge tells this one refusal from the others by the resource of its text.
      const isUpdates = error.message === sayText('en', 'directNegotiation');
      return { failed: failureOf(isUpdates ? { ...record, id: `Bridge.UpdatesDiffer,${record.id}` } : record) };
    }
    const session = String(rows[0]?.['Id']);
    if (simulator.identityOf(elevated, session).isAdministrator !== true) {
      await ask(outer, 'Remove-PSSession', { Id: session });
      const record = bridgeRecord('NotAdministrator', 'The account is not an administrator of the guest.');
      return {
        failed: failureOf({ ...record, category: 'PermissionDenied', exception: 'System.UnauthorizedAccessException' }),
      };
    }
    kept.set(path, { id: session, account });
    return { session };
  }

  function forget(path: string): void {
    for (const one of kept.keys()) if (one === path || one.startsWith(`${path}/`)) kept.delete(one);
  }

  return {
    async enter(at: MachineRef, accounts: readonly Credential[]): Promise<Entered> {
      let entered: Entered = { failed: { kind: 'no-credentials' } };
      for (const [index, account] of accounts.entries()) {
        entered = await open(at.slice(0, index + 1), account);
        if ('failed' in entered) return entered;
      }
      return entered;
    },
    /** Why the answers of a batch never came; undefined: they did. */
    lostAt(at: MachineRef): Failure | undefined {
      const known = kept.get(at.join('/'));
      if (at.length === 0 || !known || simulator.sessions.isOpen(known.id)) return undefined;
      forget(at[0] ?? '');
      const ended = recordOf(wireError(simulator.world.host.locale, 'psd-ended-51'), 'Invoke-Command');
      return failureOf({ ...ended, id: `Session.Lost,${ended.id}` });
    },
    async close(vm: Guid): Promise<void> {
      const session = kept.get(vm);
      forget(vm);
      if (session) await ask([], 'Remove-PSSession', { Id: session.id });
    },
  };
}
