/** Accounts that are kept: only what the system has encrypted is written, and a file that cannot be trusted costs nothing else. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptAccounts, type Vault } from '../../../src/shell/kept-accounts.js';
import { hearing } from './keeping.js';

/** Turns every byte around: enough to tell what was encrypted from what was not. */
const turned = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => 255 - byte));
const vault: Vault = {
  isEncryptionAvailable: () => true,
  encryptString: (text) => turned(Buffer.from(text)),
  decryptString: (encrypted) => turned(encrypted).toString(),
};
const at = vmIn(thisPc, '00000000-0000-4000-8000-000000000001');
const inner = vmIn(at, '00000000-0000-4000-8000-000000000002');

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-accounts-'));
  file = path.join(folder, 'accounts', 'this-pc.json');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));

describe('kept accounts', () => {
  it('are there at the next start, for their machine alone, and never in plain words on disk', () => {
    new KeptAccounts(file, vault, hearing()).keep(at, 'LAB', { userName: 'dev', password: 'pass 密码' });
    const again = new KeptAccounts(file, vault, hearing());
    expect(again.find(at)).toEqual({ userName: 'dev', password: 'pass 密码' });
    expect(again.find(inner)).toBeUndefined();
    expect(again.list).toEqual([{ at, machine: 'LAB', userName: 'dev' }]);
    expect(fs.readFileSync(file, 'utf8')).not.toMatch(/pass|密码/);
    // Windows has no such bits: the folder of an account is the account's.
    if (process.platform !== 'win32') expect(fs.statSync(file).mode & 0o077).toBe(0);
  });

  it('are replaced by the newer of the same machine, and forgotten one by one', () => {
    const accounts = new KeptAccounts(file, vault, hearing());
    accounts.keep(at, 'LAB', { userName: 'dev', password: 'old' });
    accounts.keep(inner, 'INNER', { userName: 'dev', password: 'inner' });
    accounts.keep(at, 'LAB', { userName: 'admin', password: 'new' });
    accounts.forget(inner);
    expect(new KeptAccounts(file, vault, hearing()).list).toEqual([{ at, machine: 'LAB', userName: 'admin' }]);
    expect(fs.readFileSync(file, 'utf8')).not.toContain('INNER');
  });

  it('that the system cannot decrypt any more count as none', () => {
    new KeptAccounts(file, vault, hearing()).keep(at, 'LAB', { userName: 'dev', password: 'x' });
    const moved: Vault = {
      ...vault,
      decryptString: () => {
        throw new Error('another user');
      },
    };
    expect(new KeptAccounts(file, moved, hearing()).find(at)).toBeUndefined();
  });

  it.each(['', '{', '[]', '{"accounts":[{"at":[],"machine":1}]}'])('are none in a file of %s', (text) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    const accounts = new KeptAccounts(file, vault, hearing());
    expect(accounts.list).toEqual([]);
    accounts.keep(at, 'LAB', { userName: 'dev', password: 'x' });
    expect(new KeptAccounts(file, vault, hearing()).find(at)?.userName).toBe('dev');
  });

  it('are not offered where the system has no encryption of its own', () => {
    expect(new KeptAccounts(file, vault, hearing()).canKeep).toBe(true);
    expect(new KeptAccounts(file, { ...vault, getSelectedStorageBackend: () => 'basic_text' }, hearing()).canKeep).toBe(
      false,
    );
    expect(new KeptAccounts(file, { ...vault, isEncryptionAvailable: () => false }, hearing()).canKeep).toBe(false);
  });
});
