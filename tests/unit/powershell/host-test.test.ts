/** The test of a host, with a program in the place of ssh: what is made of what it says, and what is left in the file of keys. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostSteps } from '../../../src/core/machine/hosts.js';
import { acceptKey, bothKeys, openKnownHost, testHost } from '../../../src/powershell/host-test.js';
import { openOverSsh } from '../../../src/powershell/ssh.js';
import { another, first, folder, key, mine, options, says, second, shellThat, wayTo, whyNot } from './ssh-stand-in.js';

const sha256 = `SHA256:${createHash('sha256').update(Buffer.from(mine, 'base64')).digest('base64').replace(/=+$/, '')}`;

describe('the first test of a host', () => {
  it('takes the one key that was shown, though the file has more', async () => {
    const way = wayTo('');
    fs.writeFileSync(`${way.keys}.new`, `# jump\n${key(mine)}${key(another)}`);
    expect(await acceptKey(way, { sha256: 'SHA256:another' })).toBe(false);
    expect(await acceptKey(way, { sha256 })).toBe(true);
    expect(fs.readFileSync(way.keys, 'utf8')).toBe(key(mine));
    expect(fs.existsSync(`${way.keys}.new`)).toBe(false);
  });

  it('takes nothing where there is no key', async () => {
    const way = wayTo('');
    expect(await acceptKey(way, { sha256 })).toBe(false);
    fs.writeFileSync(`${way.keys}.new`, `@cert-authority ${key(mine)}`);
    expect(await acceptKey(way, { sha256 })).toBe(false);
    expect(fs.existsSync(way.keys)).toBe(false);
  });

  it.each([
    ['a jump host that refuses', says('mei@jump: Permission denied (publickey).'), 'host-key', 'host-sign-in-refused'],
    ['a way that ends at once', says('', 0), 'host-key', 'session-lost'],
    [
      'a jump host whose key is not known',
      says(
        'No ED25519 host key is known for jump and you have requested strict checking.\r\nHost key verification failed.',
      ),
      'name',
      'jump-key-unknown',
    ],
    [
      'a key that is not known, and not shown',
      says('No ED25519 host key is known for hypernest and you have requested strict checking.'),
      'host-key',
      'session-lost',
    ],
  ])('ends before the key with %s', async (_, program, step, failure) => {
    const test = await testHost(wayTo(program), options);
    expect(test).toMatchObject({ passed: ['ssh-there'], failed: { step, failure } });
    expect(test.fingerprint).toBeUndefined();
  });
});

describe('a host whose key was accepted', () => {
  const noKey = says('No RSA host key is known for hypernest and you have requested strict checking.');

  it('has another key where ssh knows none that it shows, and is asked about no more', async () => {
    const failed = { step: 'host-key', failure: 'host-key-changed' };
    expect((await testHost(wayTo(noKey, key(mine)), options)).failed).toMatchObject(failed);
    expect(await whyNot(openKnownHost(wayTo(noKey, key(mine)), first, options))).toMatchObject({
      kind: 'host-key-changed',
    });
    expect(await whyNot(openOverSsh(wayTo(noKey), options))).toMatchObject({ kind: 'host-key-new' });
  });

  it.each([
    ['is not there', undefined, /ENOENT/],
    ['is empty', '', /^$/],
    ['has no key that can be read', 'hypernest ssh-ed25519\n', /^$/],
    ['is a folder', null, /EISDIR/],
  ])('is asked nothing while the file of its key %s: that is no other key', async (_, text, said) => {
    const leaves = path.join(folder, 'asked');
    const way = wayTo(`fs.writeFileSync(${JSON.stringify(leaves)}, '');`, text ?? undefined);
    if (text === null) fs.mkdirSync(way.keys);
    const test = await testHost(way, options, first);
    expect(test).toMatchObject({ passed: [], failed: { step: 'host-key', failure: 'host-key-lost' } });
    expect(test.failed?.detail).toMatch(said);
    expect(test.fingerprint).toBeUndefined();
    expect(await whyNot(openKnownHost(way, first, options))).toEqual({ kind: 'host-key-lost' });
    expect(fs.existsSync(leaves)).toBe(false);
  });

  it('that refuses the sign-in says that a key file of the config is missing; one that nobody has named is none', async () => {
    const refused = (...identities: readonly string[]) => `
if (process.argv.includes('-G')) process.stdout.write(${JSON.stringify(['user mei', ...identities.map((one) => `identityfile ${one}`), ''].join('\n'))});
else { ${says('mei@lab: Permission denied (publickey).')} }`;
    const none = path.join(folder, 'no such key');
    const there = path.join(folder, 'there');
    fs.writeFileSync(there, '');
    const why = async (...identities: readonly string[]) =>
      (await testHost(wayTo(refused(...identities), key(mine)), options, first)).failed;
    const missing = await why(there, none);
    expect(missing).toMatchObject({ step: 'sign-in', failure: 'identity-unreadable' });
    expect(missing?.detail).toContain(none);
    expect((await why(none, there))?.failure).toBe('identity-unreadable');
    for (const fine of [[there], [`${none} of %h`], ['~/.ssh/id_rsa', '~/.ssh/id_ed25519']])
      expect((await why(...fine))?.failure).not.toBe('identity-unreadable');
    const way = wayTo(refused(none), key(mine));
    expect(await whyNot(openKnownHost(way, first, options))).toMatchObject({ kind: 'identity-unreadable' });
  });

  it('shows the key that it has now beside the accepted one, of which nothing is accepted', async () => {
    const shows = (text: string) => `
import fs from 'node:fs';
const file = process.argv.find((one) => one.startsWith('UserKnownHostsFile='));
fs.writeFileSync(JSON.parse(file.slice('UserKnownHostsFile='.length)), ${JSON.stringify(text)});`;
    const accepted = { type: 'ssh-ed25519', sha256 };
    const way = wayTo(shows(key(another).replace('ssh-ed25519', 'ssh-rsa')), key(mine));
    const { shown, ...rest } = await bothKeys(way);
    expect(rest).toEqual({ accepted });
    expect(shown?.type).toBe('ssh-rsa');
    expect(shown?.sha256).not.toBe(sha256);
    expect(fs.readFileSync(way.keys, 'utf8')).toBe(key(mine));
    expect(fs.readdirSync(folder).filter((name) => name.startsWith(path.basename(way.keys)))).toEqual([
      path.basename(way.keys),
    ]);
    expect(await bothKeys(wayTo(shows(key(mine))))).toEqual({ shown: accepted });
    expect(await bothKeys(wayTo(says('ssh: connect to host lab port 22: Connection refused'), key(mine)))).toEqual({
      accepted,
      failure: 'host-port-closed',
    });
  });

  it('is another machine in its test too', async () => {
    const way = wayTo(shellThat('FullLanguage', second), key(mine));
    expect(await testHost(way, options, first)).toMatchObject({
      passed: ['ssh-there', 'name', 'port'],
      failed: { step: 'host-key', failure: 'other-machine' },
    });
    expect((await testHost(way, options, second)).failed).toBeUndefined();
    expect((await testHost(way, options)).passed).toEqual(hostSteps.slice(0, -1));
  });

  it('is lost, not without PowerShell, where that ended with a number of its own', async () => {
    for (const code of [0, 1, 58])
      expect(await whyNot(openKnownHost(wayTo(says('', code), key(mine)), first, options))).toMatchObject({
        kind: 'session-lost',
      });
  });

  it('has a restricted PowerShell, though its default shell reports 1', async () => {
    const program = `
import readline from 'node:readline';
readline.createInterface({ input: process.stdin }).once('line', (line) => {
  if (line.includes('LanguageMode')) process.stdout.write('ConstrainedLanguage\\n', () => process.exit(0));
  else process.exit(1);
});`;
    const way = wayTo(program, key(mine));
    expect((await testHost(way, options)).failed).toMatchObject({ failure: 'powershell-restricted' });
    const stub = await openKnownHost(way, first, options);
    expect(stub.handshake.languageMode).toBe('ConstrainedLanguage');
  });
});
