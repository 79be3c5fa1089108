/** A person's own ssh config with everything in it that runs, forwards, asks or shares something: none of it has an effect, and what is theirs stays. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { acceptKey, bothKeys, fingerprintIn, testHost } from '../../src/powershell/host-test.js';
import { hostNameOf, openOverSsh, sshTransport, type SshWay } from '../../src/powershell/ssh.js';
import { optionsOf, versionIn } from '../../src/powershell/ssh-options.js';
import { labDuring, whyNot } from './ssh-lab.js';
import { fingerprintOf, freePort, hasSshd, startSshd, versionSaid, type Sshd } from './sshd.js';

describe.skipIf(!hasSshd())('an ssh config of the person', () => {
  const lab = labDuring();
  const inScratch = (name: string): string => path.join(lab.scratch, name);
  const options = { identity: '', membership: '' };
  let sshd: Sshd;
  let other: Sshd;
  beforeAll(async () => {
    // A shell that says what it was given, and answers each line.
    const instead = `env > '${inScratch('environment')}'; if [ -t 0 ]; then echo terminal; fi; while read line; do echo "got $line"; done`;
    const open = (config: readonly string[] = []) => startSshd({ executable: '', env: {} }, { instead, config });
    const both = await Promise.all([open(['AcceptEnv *', 'PermitTunnel yes', 'X11Forwarding yes']), open()]);
    [sshd, other] = both.map((one) => lab.closing(one)) as [Sshd, Sshd];
  });

  /** A way whose key was accepted before. */
  async function accepted(over: Parameters<Sshd['way']>[0] = {}): Promise<SshWay> {
    const way = sshd.way(over);
    const { fingerprint } = await testHost(way, options);
    if (!fingerprint || !(await acceptKey(way, fingerprint))) throw new Error('no key');
    return way;
  }
  const touching = (name: string): string => `/bin/sh -c "touch '${inScratch(name)}'"`;
  /** Every option that does something, as hostile as it can be; an alias, and unknown words that the person lets ssh ignore. */
  async function hostile(): Promise<{ readonly lines: readonly string[]; readonly ports: readonly number[] }> {
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    const list = inScratch('their known hosts');
    fs.writeFileSync(list, `* ${fs.readFileSync(other.hostKey, 'utf8')}`);
    const program = inScratch('program');
    fs.writeFileSync(
      program,
      `#!/bin/sh\ntouch '${inScratch('ran program')}'\necho '* ${fs.readFileSync(other.hostKey, 'utf8').trim()}'\n`,
      { mode: 0o755 },
    );
    return {
      ports,
      lines: [
        'IgnoreUnknown UseKeychain', 'UseKeychain yes',
        `LocalCommand ${touching('ran LocalCommand')}`, 'PermitLocalCommand yes', 'RemoteCommand echo theirs',
        `KnownHostsCommand ${program} %H`, `XAuthLocation ${program}`,
        'ForwardAgent yes', 'ForwardX11 yes', 'ForwardX11Trusted yes', 'Tunnel yes',
        `LocalForward 127.0.0.1:${String(ports[0])} 127.0.0.1:9`, `DynamicForward 127.0.0.1:${String(ports[1])}`, `RemoteForward ${String(ports[2])} 127.0.0.1:9`, 'ExitOnForwardFailure yes',
        'ControlMaster auto', `ControlPath ${inScratch('control')}`, 'ControlPersist 60',
        'StdinNull yes', 'ForkAfterAuthentication yes', 'SessionType none', 'RequestTTY force',
        'SendEnv *', 'SetEnv THEIRS=1', 'UpdateHostKeys yes', 'VerifyHostKeyDNS yes', 'CanonicalizeHostname always', 'NoHostAuthenticationForLocalhost yes',
        'StrictHostKeyChecking no', `UserKnownHostsFile "${list}"`, `GlobalKnownHostsFile "${list}"`, 'HostKeyAlias theirs', 'HashKnownHosts yes', 'CheckHostIP yes',
        'BatchMode no', 'LogLevel DEBUG3', 'LogVerbose *', 'VisualHostKey yes', 'ConnectionAttempts 9', 'ServerAliveInterval 0',
        'Host lab', '  HostName 127.0.0.1', `  Port ${String(sshd.port)}`, `  User ${os.userInfo().username}`, 'Host *',
      ],
    }; // prettier-ignore
  }
  const alias = (way: SshWay): SshWay => ({ ...way, address: { name: 'lab' } });

  it('runs, forwards, shares and shows nothing; the alias in it, its port, user and key stay', async () => {
    const { lines, ports } = await hostile();
    const way = alias(sshd.way({ config: lines, env: { DISPLAY: ':9' } }));
    const first = await testHost(way, options);
    expect(first.failed).toMatchObject({ failure: 'host-key-new', detail: '' });
    expect(first.fingerprint?.sha256).toBe(await fingerprintOf(sshd.hostKey));
    expect(sshd.log()).not.toContain('Accepted publickey');
    const known = alias(await accepted({ config: lines, env: { DISPLAY: ':9' } }));
    const key = fs.readFileSync(known.keys, 'utf8');
    const version = versionIn(await versionSaid());
    const transport = sshTransport({ ...known, ssh: { ...known.ssh, ...(version && { version }) } }, 'one\n');
    const heard: string[] = [];
    let said = '';
    transport.onSaid((last) => (said = last));
    await new Promise<void>((resolve) => {
      transport.onLine((line) => {
        heard.push(line);
        if (heard.length === 1) transport.write('two');
        else resolve();
      });
    });
    // While it is open: nobody listens in the place of a forwarded port, and no connection is shared.
    const isOpen = (port: number): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.once('connect', () => (socket.destroy(), resolve(true)));
        socket.once('error', () => resolve(false));
      });
    expect(await Promise.all(ports.map(isOpen))).toEqual([false, false, false]);
    expect(fs.existsSync(inScratch('control'))).toBe(false);
    transport.end();
    expect(await transport.ended).toEqual({ by: 'exit', code: '0' });
    expect(heard).toEqual(['got one', 'got two']);
    expect(said).toBe('');
    expect(fs.readdirSync(lab.scratch).filter((name) => name.startsWith('ran '))).toEqual([]);
    expect(fs.readFileSync(known.keys, 'utf8')).toBe(key);
    const environment = fs.readFileSync(inScratch('environment'), 'utf8').split('\n').map((line) => line.split('=')[0]);
    expect(environment).toContain('HYPERNEST');
    for (const name of ['THEIRS', 'DISPLAY_FORWARDED', 'VITEST', 'NODE_ENV', 'XAUTHORITY']) expect(environment).not.toContain(name);
    expect(environment.filter((name) => name === 'SSH_AUTH_SOCK').length + environment.filter((name) => name === 'SSH_TTY').length).toBeLessThanOrEqual(1);
    expect(await hostNameOf(known)).toBe('127.0.0.1');
  }); // prettier-ignore

  it('lets nobody in with another key, not at an address of this PC either', async () => {
    const { lines } = await hostile();
    // Of the other server, whose key the person's lists and program vouch for.
    const ofOther = other.way();
    const way = { ...other.way({ config: lines }), keys: (await accepted()).keys };
    const signedIn = other.log().split('Accepted publickey').length;
    expect(await whyNot(openOverSsh(way, options))).toMatchObject({ kind: 'host-key-changed' });
    expect((await bothKeys(way)).shown?.sha256).toBe(await fingerprintOf(other.hostKey));
    expect(await fingerprintIn(ofOther.keys)).toBeUndefined();
    expect(other.log().split('Accepted publickey')).toHaveLength(signedIn);
  }); // prettier-ignore

  it('leads through a jump host of theirs', async () => {
    const jump = ['Host jump', '  HostName 127.0.0.1', `  Port ${String(other.port)}`, `  User ${os.userInfo().username}`, `  IdentityFile ${other.identity}`, '  StrictHostKeyChecking no', `  UserKnownHostsFile ${inScratch('jumped')}`, 'Host *']; // prettier-ignore
    const config = [...jump, 'Match host 127.0.0.1 !exec "true"', 'Host *'];
    const behind = ['Host lab', '  HostName 127.0.0.1', `  Port ${String(sshd.port)}`, '  ProxyJump jump', `  User ${os.userInfo().username}`, ...config]; // prettier-ignore
    const way = alias(sshd.way({ config: behind }));
    const first = await testHost(way, options);
    expect(first).toMatchObject({ passed: ['ssh-there', 'name', 'port'], failed: { failure: 'host-key-new' } });
    expect(first.fingerprint?.sha256).toBe(await fingerprintOf(sshd.hostKey));
    expect(other.log()).toContain('Accepted publickey');
  });

  it('is read by every client: what is set is what its version knows', async () => {
    const version = versionIn(await versionSaid());
    expect(version).toBeDefined();
    const way = sshd.way();
    expect(await hostNameOf({ ...way, ssh: { ...way.ssh, ...(version && { version }) } })).toBe('127.0.0.1');
    expect(Object.keys(optionsOf(version)).length).toBeGreaterThanOrEqual(Object.keys(optionsOf(undefined)).length);
  });
});
