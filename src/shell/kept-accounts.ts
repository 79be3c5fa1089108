/**
 * Accounts inside guests that are kept on request: encrypted by the system for this user of Windows (any program of the same
 * user could read them), one for each machine and source.
 */
import { textOf, isRefText, type VmRef } from '../core/cmdlets/ref.js';
import { z } from 'zod';
import type { Credential } from '../core/cmdlets/credentials.js';
import { KeptList } from './kept-list.js';
import type { Keeping } from './saving.js';

/** Electron's safeStorage, as far as it is used. */
export interface Vault {
  isEncryptionAvailable(): boolean;
  /** Linux only: `basic_text` is no encryption. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

const entry = z.object({
  at: z.custom<VmRef>((ref) => isRefText(ref, 2)),
  machine: z.string(),
  userName: z.string(),
  /** base64 of what the system made of the password */
  secret: z.string(),
});
const schema = z.object({ accounts: z.array(entry) });
type Entry = z.infer<typeof entry>;

export class KeptAccounts {
  readonly #list: KeptList<Entry>;

  /** A file that is not ours is as good as none: nothing in it could be decrypted either. */
  constructor(
    private readonly file: string,
    private readonly vault: Vault,
    private readonly keeping: Keeping,
  ) {
    this.#list = new KeptList({
      file,
      parse: (text) => schema.parse(JSON.parse(text)).accounts,
      write: (accounts) => JSON.stringify({ accounts }),
      keyOf: ({ at }) => textOf(at),
      ...keeping,
    });
  }

  get canKeep(): boolean {
    return this.vault.isEncryptionAvailable() && this.vault.getSelectedStorageBackend?.() !== 'basic_text';
  }

  get list(): readonly { readonly at: VmRef; readonly machine: string; readonly userName: string }[] {
    return this.#list.entries.map(({ at, machine, userName }) => ({ at, machine, userName }));
  }

  /** undefined: none is kept, or the system cannot decrypt it any more. */
  find(at: VmRef): Credential | undefined {
    const kept = this.#list.entries.find((one) => one.at === at);
    if (!kept) return undefined;
    try {
      return { userName: kept.userName, password: this.vault.decryptString(Buffer.from(kept.secret, 'base64')) };
    } catch {
      return undefined;
    }
  }

  /** Never throws: whoever has signed in is in. What was not encrypted is not kept, and that is told. */
  keep(at: VmRef, machine: string, { userName, password }: Credential): void {
    const secret = this.#encrypted(password);
    if (secret === undefined) this.keeping.tell({ why: 'not-encrypted', path: this.file });
    else this.#list.put([{ at, machine, userName, secret }]);
  }

  forget(at: VmRef): void {
    this.#list.remove(textOf(at));
  }

  close(): void {
    this.#list.close();
  }

  #encrypted(password: string): string | undefined {
    try {
      return this.vault.encryptString(password).toString('base64');
    } catch {
      return undefined;
    }
  }
}
