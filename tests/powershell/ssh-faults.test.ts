/** What goes wrong on the way to a host, by a real OpenSSH server: each is told apart, and costs its own host only. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { bootstrapOf } from '../../src/powershell/bootstrap.js';
import { bothKeys, openKnownHost, testHost } from '../../src/powershell/host-test.js';
import { openSession } from '../../src/powershell/session.js';
import { openOverSsh, sshTransport, type SshWay } from '../../src/powershell/ssh.js';
import { hasPowerShell } from './runtime.js';
import { accepted, asking, first, isNesting, labDuring, nesting, second, whyNot, type Behind } from './ssh-lab.js';
import { fingerprintOf, freePort, hasSshd, startAgent, startSshd } from './sshd.js';
import { guidOf } from './world.js';

describe.skipIf(!hasSshd() || !(await hasPowerShell()))('hosts over SSH', () => {
  const lab = labDuring();
  let hosts: { readonly one: Behind; readonly copy: Behind };
  beforeAll(async () => {
    const [one, copy] = await Promise.all([lab.host('workstation', first), lab.host('workstation', second)]);
    hosts = { one, copy };
  });

  it('lose a connection that is cut in the middle of a change, whose outcome is unknown, and are opened again', async () => {
    const { one } = hosts;
    const way = await accepted(one);
    const lost: unknown[] = [];
    const transport = sshTransport(way, bootstrapOf(asking(one)));
    const session = await openSession({ transport, lost: (failure) => lost.push(failure), isStrange: true });
    const vm = guidOf(one.simulator, 'dev-box');
    const release = one.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang' }, vm });
    const asked = one.simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Set-VMProcessor');
    const change = session.call([nesting(vm, true)]);
    await asked;
    process.kill(transport.pid ?? 0, 'SIGKILL');
    expect(await change).toMatchObject([{ unknown: true, failure: { kind: 'session-lost' } }]);
    expect(lost).toMatchObject([{ kind: 'session-lost', shell: { how: 'killed' } }]);
    release();
    const again = lab.closing(await openKnownHost(way, first, asking(one)));
    expect(await isNesting(again, vm)).toBeTypeOf('boolean');
  });

  it('are not asked anything where the key is another one, nor where the machine is', async () => {
    const { one, copy } = hosts;
    const ofOne = await accepted(one);
    const toCopy = { ...copy.sshd.way(), keys: ofOne.keys };
    const signedIn = copy.sshd.log().split('Accepted publickey').length;
    expect(await whyNot(openOverSsh(toCopy, asking(copy)))).toMatchObject({ kind: 'host-key-changed' });
    expect((await testHost(toCopy, asking(copy))).failed).toMatchObject({
      step: 'host-key',
      failure: 'host-key-changed',
    });
    expect(await bothKeys(toCopy)).toEqual({
      accepted: { type: 'ssh-ed25519', sha256: await fingerprintOf(one.sshd.hostKey) },
      shown: { type: 'ssh-ed25519', sha256: await fingerprintOf(copy.sshd.hostKey) },
    });
    expect(await whyNot(openOverSsh(toCopy, asking(copy)))).toMatchObject({ kind: 'host-key-changed' });
    expect(copy.sshd.log().split('Accepted publickey')).toHaveLength(signedIn);

    const asked = new Set<unknown>();
    const off = one.simulator.on((event) => {
      if (event.kind === 'call') asked.add(event.request.parameters['ClassName'] ?? event.request.cmdlet);
    });
    expect(await whyNot(openKnownHost(ofOne, second, asking(one)))).toEqual({ kind: 'other-machine' });
    off();
    expect([...asked].toSorted()).toEqual(['Win32_ComputerSystem', 'Win32_ComputerSystemProduct']);
  });

  /** A host with a shell script in the place of PowerShell. */
  const scripted = async (instead: string): Promise<Behind> => {
    const { simulator, shell } = hosts.one;
    return { simulator, shell, sshd: lab.closing(await startSshd(shell, { instead })) };
  };

  it.each(['', ' >&2'])('that write without end%s are ended, and nothing of it is kept', async (where) => {
    const behind = await scripted(`exec tr '\\0' x < /dev/zero${where}`);
    const way = await accepted(behind);
    const before = process.memoryUsage().heapUsed;
    expect(await whyNot(openOverSsh(way, asking(behind)))).toMatchObject({
      kind: 'timed-out',
      shell: { how: 'not-understood' },
    });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 2 ** 20);
  });

  it.each([
    ['no PowerShell', 'exec powershell.exe', { step: 'powershell', failure: 'powershell-missing' }],
    [
      'a PowerShell that policy restricts',
      'read first; case "$first" in *LanguageMode*) echo ConstrainedLanguage;; *) exit 1;; esac',
      { step: 'powershell', failure: 'powershell-restricted', detail: 'ConstrainedLanguage' },
    ],
  ])('that have %s fail at that step', async (_, instead, failed) => {
    const behind = await scripted(instead);
    expect((await testHost(await accepted(behind), asking(behind))).failed).toMatchObject(failed);
  });

  it('whose test nobody waits for any more are left: our ssh, and what it began over there, are gone', async () => {
    const file = path.join(lab.scratch, 'pid');
    const behind = await scripted(`echo $$ > '${file}.new'; mv '${file}.new' '${file}'; exec cat > /dev/null`);
    const way = await accepted(behind);
    const stop = new AbortController();
    const testing = testHost(way, { ...asking(behind), signal: stop.signal });
    await vi.waitUntil(() => fs.existsSync(file), 20_000);
    const there = Number(fs.readFileSync(file, 'utf8'));
    stop.abort();
    expect(await testing).toMatchObject({ failed: { failure: 'session-lost' } });
    await vi.waitUntil(() => !fs.existsSync(`/proc/${String(there)}`), 20_000);
    expect(behind.sshd.log().match(/Accepted publickey/g)).toHaveLength(1);
  });

  it('that refuse the sign-in say whether an agent runs here', async () => {
    const { one } = hosts;
    const refused = async (env: Readonly<Record<string, string>>) => {
      const way = await accepted(one, { config: ['PreferredAuthentications password'], env });
      return (await testHost(way, asking(one))).failed;
    };
    expect(await refused({})).toMatchObject({ step: 'sign-in', failure: 'ssh-agent-missing' });
    const socket = path.join(lab.scratch, 'agent');
    lab.closing(await startAgent(socket));
    expect(await refused({ SSH_AUTH_SOCK: socket })).toMatchObject({
      step: 'sign-in',
      failure: 'host-sign-in-refused',
    });
  });

  it('whose key file on this PC is missing, or is none, say so', async () => {
    const { one } = hosts;
    const file = path.join(lab.scratch, 'id lab');
    // In the place of the config in which the one that fits is named.
    const failed = async () => {
      const way = await accepted(one);
      const before = ['-F', 'none', '-o', 'IdentitiesOnly=yes', '-o', `IdentityFile="${file}"`];
      return (await testHost({ ...way, ssh: { ...way.ssh, before } }, asking(one))).failed;
    };
    const fails = async (said: string) => {
      const { detail, ...why } = (await failed()) ?? {};
      expect(why).toEqual({ step: 'sign-in', failure: 'identity-unreadable' });
      expect(detail).toContain(said);
    };
    await fails(file);
    fs.writeFileSync(file, 'no key\n', { mode: 0o600 });
    await fails(`Load key "${file}"`);
    fs.chmodSync(file, 0o644);
    await fails('bad permissions');
  });

  it.each<[string, (way: SshWay) => Promise<SshWay>, object]>([
    ['ssh', (way) => Promise.resolve({ ...way, ssh: { ...way.ssh, executable: '/nowhere/ssh' } }), { step: 'ssh-there', failure: 'ssh-missing' }],
    ['a config that ssh can read', (way) => Promise.resolve({ ...way, ssh: { ...way.ssh, before: ['-o', 'Nonsense=yes'] } }), { step: 'ssh-there', failure: 'ssh-config' }],
    ['a port', async (way) => ({ ...way, address: { ...way.address, port: await freePort() } }), { step: 'port', failure: 'host-port-closed' }],
  ])('without %s fail at that step, at the first test and later', async (_, broken, failed) => {
    const way = await accepted(hosts.one);
    expect((await testHost(await broken(way), asking(hosts.one))).failed).toMatchObject(failed);
    expect((await testHost({ ...(await broken(way)), keys: `${way.keys}-none` }, asking(hosts.one))).failed).toMatchObject(failed);
  }); // prettier-ignore
});
