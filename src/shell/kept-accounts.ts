/**
 * Accounts inside guests that are kept on request: encrypted by the system for this user of Windows (any program of the same
 * user could read them), one for each machine and source.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { MachineRef } from '../core/call.js';
import type { Credential } from '../core/credentials.js';
import { keyOf } from '../core/machine-tree.js';

/** Electron's safeStorage, as far as it is used. */
export interface Vault {
  isEncryptionAvailable(): boolean;
  /** Linux only: `basic_text` is no encryption. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

const entry = z.object({
  at: z.array(z.string()).min(1).max(2),
  machine: z.string(),
  userName: z.string(),
  /** base64 of what the system made of the password */
  secret: z.string(),
});
const schema = z.object({ accounts: z.array(entry) });
type Entry = z.infer<typeof entry>;

export class KeptAccounts {
  #entries: readonly Entry[];

  /** A file that cannot be read is as good as none: nothing in it could be decrypted either. */
  constructor(
    private readonly file: string,
    private readonly vault: Vault,
  ) {
    this.#entries = readEntries(file);
  }

  get canKeep(): boolean {
    return this.vault.isEncryptionAvailable() && this.vault.getSelectedStorageBackend?.() !== 'basic_text';
  }

  get list(): readonly { readonly at: MachineRef; readonly machine: string; readonly userName: string }[] {
    return this.#entries.map(({ at, machine, userName }) => ({ at, machine, userName }));
  }

  /** undefined: none is kept, or the system cannot decrypt it any more. */
  find(at: MachineRef): Credential | undefined {
    const kept = this.#entries.find((one) => keyOf(one.at) === keyOf(at));
    if (!kept) return undefined;
    try {
      return { userName: kept.userName, password: this.vault.decryptString(Buffer.from(kept.secret, 'base64')) };
    } catch {
      return undefined;
    }
  }

  keep(at: MachineRef, machine: string, { userName, password }: Credential): void {
    const secret = this.vault.encryptString(password).toString('base64');
    this.#write([...this.#without(at), { at: [...at], machine, userName, secret }]);
  }

  forget(at: MachineRef): void {
    if (this.#entries.some((one) => keyOf(one.at) === keyOf(at))) this.#write(this.#without(at));
  }

  #without(at: MachineRef): readonly Entry[] {
    return this.#entries.filter((one) => keyOf(one.at) !== keyOf(at));
  }

  #write(entries: readonly Entry[]): void {
    fs.mkdirSync(path.dirname(this.file), { recursive: true });
    const beside = `${this.file}.new`;
    fs.writeFileSync(beside, JSON.stringify({ accounts: entries }), { mode: 0o600 });
    fs.renameSync(beside, this.file);
    this.#entries = entries;
  }
}

function readEntries(file: string): readonly Entry[] {
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, 'utf8'))).accounts;
  } catch {
    return [];
  }
}
