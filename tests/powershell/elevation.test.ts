/** The elevated shell: the same bridge over a pipe, started only where it was agreed to. Here over a Unix socket. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import fs, { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import {
  answerOf,
  Attempts,
  exitCodeOf,
  newAttempt,
  NotElevated,
  openElevatedSession,
  Refused,
  windowsElevate,
  type Answer,
  type Elevate,
} from '../../src/powershell/elevation.js';
import { askText, encoded, loaderText, oneShotText } from '../../src/powershell/elevated-texts.js';
import type { FoundShell } from '../../src/powershell/find.js';
import { elevateIn, hasPowerShell, shellFor } from './runtime.js';
import { behindEngine, guidOf, IDENTITY } from './world.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const callerSid = 'S-1-5-21-1004336348-1177238915-682003330-1001';
const list = { cmdlet: 'Get-VM', params: {}, at: thisPc } as const;

const setupFor = ({ standIn }: FoundShell) => ({ identity: IDENTITY, standIn });
const attempt = (shell: FoundShell) => newAttempt(callerSid, setupFor(shell));

async function servedStranger() {
  const simulator = createScenario('not-admin', { clock: manualClock({ auto: true }) });
  const server = await serveSimulator(simulator);
  closing.push(() => server.close());
  return { simulator, address: server.address };
}

async function stranger() {
  const { simulator, address } = await servedStranger();
  const shell = await shellFor(simulator, address, { elevated: true });
  return { simulator, shell };
}

describe.skipIf(!(await hasPowerShell()))('an elevated session', () => {
  it('sees the VMs that the unelevated one does not, and ends when it is closed', async () => {
    const plain = await behindEngine('not-admin');
    closing.push(() => plain.close());
    expect(await plain.session.call([list])).toEqual([{ rows: [], errors: [] }]);

    const { shell } = await stranger();
    const session = await openElevatedSession(elevateIn(shell), attempt(shell));
    expect(session.handshake.identity?.isElevated).toBe(true);
    const [seen] = await session.call([list]);
    expect('rows' in seen && seen.rows.length).toBeGreaterThan(0);
    await session.close();
    expect(await session.call([list])).toMatchObject([{ failed: { kind: 'cancelled' } }]);
  });

  it('is not opened when the prompt is refused', async () => {
    const { shell } = await stranger();
    const refused = openElevatedSession(elevateIn(shell, false), attempt(shell));
    await expect(refused).rejects.toBeInstanceOf(Refused);
  });

  it('has the allow-list of the catalog too', async () => {
    const { shell } = await stranger();
    const session = await openElevatedSession(elevateIn(shell), attempt(shell));
    closing.push(() => session.close());
    const hostile = [{ cmdlet: 'Get-VM', params: { ComputerName: 'x' }, at: thisPc }] as unknown as readonly [
      typeof list,
    ];
    expect(await session.call(hostile)).toMatchObject([{ failed: { record: { id: 'Bridge.NotAllowed' } } }]);
  });

  it('makes a network on this PC, which the unelevated one is not let do: neither Windows nor the list', async () => {
    const { simulator, shell } = await stranger();
    const session = await openElevatedSession(elevateIn(shell), attempt(shell));
    closing.push(() => session.close());
    const nat = { Name: 'LocalNAT', InternalIPInterfaceAddressPrefix: '192.168.100.0/24' } as const;
    const made = [
      { cmdlet: 'New-VMSwitch/Internal', params: { Name: 'VmNAT' }, at: thisPc },
      {
        cmdlet: 'New-NetIPAddress/Alias',
        params: { InterfaceAlias: 'vEthernet (VmNAT)', IPAddress: '192.168.100.1', PrefixLength: 24 },
        at: thisPc,
      },
      { cmdlet: 'New-NetNat', params: nat, at: thisPc },
    ] as const;
    for (const call of made) expect(await session.call([call])).toMatchObject([{ errors: [] }]);
    const [one] = simulator.world.host.network.nats;
    expect(one).toMatchObject({ name: 'LocalNAT', prefix: '192.168.100.0/24' });
    const plain = await behindEngine(simulator);
    closing.push(() => plain.close());
    const remove = { cmdlet: 'Remove-NetNat', params: {}, at: thisPc, on: { nat: one?.id ?? '' } } as const;
    const notAllowed = [{ failed: { record: { id: 'Bridge.NotAllowed' } } }];
    expect(await plain.session.call([remove])).toMatchObject(notAllowed);
    expect(await plain.session.call([made[1]])).toMatchObject(notAllowed);
    expect(await session.call([remove])).toMatchObject([{ errors: [] }]);
    // Another way to give an address, or another switch, is in no list of this PC.
    const other = { InterfaceIndex: 1, IPAddress: '10.0.0.9', PrefixLength: 24, DefaultGateway: '10.0.0.1' } as const;
    const outer = { Name: 'Out', NetAdapterName: 'Ethernet' } as const;
    expect(await session.call([{ cmdlet: 'New-NetIPAddress/Index', params: other, at: thisPc }])).toMatchObject(
      notAllowed,
    );
    const gone = { InterfaceIndex: 1, IPAddress: '10.0.0.9', DefaultGateway: '10.0.0.1' } as const;
    expect(await session.call([{ cmdlet: 'Remove-NetIPAddress/Gateway', params: gone, at: thisPc }])).toMatchObject(
      notAllowed,
    );
    expect(await session.call([{ cmdlet: 'New-VMSwitch/External', params: outer, at: thisPc }])).toMatchObject(
      notAllowed,
    );
  });

  it('serves who asked also when another account answered the prompt, and says which', async () => {
    const simulator = createScenario('other-account', { clock: manualClock({ auto: true }) });
    const server = await serveSimulator(simulator);
    closing.push(() => server.close());
    const shell = await shellFor(simulator, server.address, { elevated: true });
    const session = await openElevatedSession(elevateIn(shell), attempt(shell));
    closing.push(() => session.close());
    expect(session.handshake.identity).toMatchObject({ account: 'DEV-PC\\admin', isElevated: true });
    const [seen] = await session.call([list]);
    expect('rows' in seen && seen.rows.length).toBeGreaterThan(0);
  });

  it('runs as the account that Administrator Protection keeps, with its profile and environment, and takes nothing of them', async () => {
    const simulator = createScenario('administrator-protection', { clock: manualClock({ auto: true }) });
    const server = await serveSimulator(simulator);
    closing.push(() => server.close());
    const shell = await shellFor(simulator, server.address, { elevated: true });
    const home = await mkdtemp(path.join(tmpdir(), 'hypernest-admin-'));
    closing.push(() => rm(home, { recursive: true, force: true, maxRetries: 9 }));
    const ran = path.join(home, 'ran');
    const profiles = path.join(home, '.config', 'powershell');
    await mkdir(profiles, { recursive: true });
    for (const name of ['profile.ps1', 'Microsoft.PowerShell_profile.ps1'])
      await writeFile(path.join(profiles, name), `Set-Content -LiteralPath '${ran}' -Value 'x'`);
    const theirs = { HOME: home, USERPROFILE: home, USERNAME: 'ADMIN_mei', APPDATA: home, LOCALAPPDATA: home };
    const session = await openElevatedSession(
      elevateIn({ ...shell, env: { ...shell.env, ...theirs } }),
      attempt(shell),
    );
    closing.push(() => session.close());
    const { identity } = session.handshake;
    expect(identity).toMatchObject({ account: 'DEV-PC\\ADMIN_mei', isElevated: true, approvalMode: 2 });
    expect(identity?.sid).not.toBe(callerSid);
    // VMs belong to the PC: it sees and changes those of the person who asked.
    const vm = guidOf(simulator, 'dev-box');
    const change = { cmdlet: 'Set-VMProcessor', params: { ExposeVirtualizationExtensions: true }, at: thisPc } as const;
    expect(await session.call([{ ...change, on: { vm } }])).toEqual([{ rows: [], errors: [] }]);
    expect(simulator.outside.vm('dev-box').settings.nesting).toBe(true);
    expect(existsSync(ran)).toBe(false);
  });

  it('is closed when the shell has no more rights than before', async () => {
    const { simulator, address } = await servedStranger();
    const shell = await shellFor(simulator, address, { elevated: false });
    const plain = openElevatedSession(elevateIn(shell), attempt(shell));
    await expect(plain).rejects.toBeInstanceOf(NotElevated);
  });

  it('runs exactly the text that was shown, and the next attempt has one of its own', async () => {
    const { shell } = await stranger();
    const ran: string[] = [];
    const start = elevateIn(shell);
    const elevate: Elevate = (script) => {
      ran.push(script);
      return start(script);
    };
    const attempts = new Attempts(() => setupFor(shell));
    const first = attempts.show(callerSid);
    expect(attempts.show(callerSid)).toBe(first);
    const session = await openElevatedSession(elevate, attempts.take());
    closing.push(() => session.close());
    const second = attempts.show(callerSid);
    const again = await openElevatedSession(elevate, attempts.take());
    closing.push(() => again.close());
    expect(ran).toEqual([first, second]);
    expect(second).not.toBe(first);
    // What was not shown, or ran already, does not run.
    expect(() => attempts.take()).toThrow('not shown');
  });

  it('ends itself when it is not used, though it is read all the time', async () => {
    const { shell } = await stranger();
    // A busy machine keeps a word of use waiting, and a read.
    const idle = 5000;
    const session = await openElevatedSession(
      elevateIn(shell),
      newAttempt(callerSid, { ...setupFor(shell), idleMs: idle }),
    );
    const isRead = async (): Promise<boolean> => {
      const [seen] = await session.call([list]);
      return 'rows' in seen;
    };
    // Used, it lives on beyond such a span.
    const using = setInterval(() => session.used(), 50);
    const begun = performance.now();
    while (performance.now() - begun < 1.5 * idle) expect(await isRead()).toBe(true);
    clearInterval(using);
    let reads = 0;
    while (await isRead()) reads++;
    expect(reads).toBeGreaterThan(3);
  });

  it('ends itself though there is never a moment in which nothing is read', async () => {
    const { simulator, shell } = await stranger();
    const session = await openElevatedSession(
      elevateIn(shell),
      newAttempt(callerSid, { ...setupFor(shell), idleMs: 1000 }),
    );
    simulator.fault({ cmdlet: 'Get-VMHost', effect: { kind: 'hang' } });
    const [result] = await session.call([{ cmdlet: 'Get-VMHost', params: {}, at: thisPc }]);
    expect(result).toMatchObject({ failed: { kind: 'session-lost' } });
  });

  it.skipIf(process.platform === 'win32')(
    'kept from running for longer than that, it was used if that has come meanwhile',
    async () => {
      const { shell } = await stranger();
      const idle = 1500;
      const session = await openElevatedSession(
        elevateIn(shell),
        newAttempt(callerSid, { ...setupFor(shell), idleMs: idle }),
      );
      closing.push(() => session.close());
      expect(await session.call([list])).toMatchObject([{ errors: [] }]);
      const pid = session.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      session.used();
      await new Promise((resolve) => setTimeout(resolve, idle + 100));
      process.kill(pid, 'SIGCONT');
      expect(await session.call([list])).toMatchObject([{ errors: [] }]);
    },
  );

  it('is not opened for nobody: the pipe would be open to none, or to all', async () => {
    const { shell } = await stranger();
    const nobody = openElevatedSession(elevateIn(shell), newAttempt('', setupFor(shell)));
    await expect(nobody).rejects.toThrow('who asks');
  });

  it('runs only the bridge that it was started for', async () => {
    const { shell } = await stranger();
    const elevate = elevateIn(shell);
    // Somebody else's text over the pipe: its hash is not the one in the command line.
    const other = openElevatedSession(
      (script) => elevate(script.replace(/-ne '[0-9A-F]{64}'/, `-ne '${'0'.repeat(64)}'`)),
      attempt(shell),
    );
    await expect(other).rejects.toThrow();
  });
});

describe('the texts that run elevated', () => {
  const loader = (platform: NodeJS.Platform, payload = 'payload') =>
    loaderText({ pipe: 'Hypernest', callerSid, payload, platform });

  it('join the group by its SID, and the account that asked', () => {
    expect(oneShotText('join-group', callerSid)).toContain(
      `Add-LocalGroupMember -SID 'S-1-5-32-578' -Member '${callerSid}'`,
    );
  });

  it('unpack things where only administrators write, if Windows has such a folder', () => {
    expect(loader('win32')).toContain(
      String.raw`"$root\$(if ([IO.Directory]::Exists("$root\SystemTemp")) { 'System' })Temp"`,
    );
  });

  it.each(['join-group', 'enable-hyper-v', 'hypervisor-auto', 'start-service'] as const)(
    '%s loads its module by its full path before it uses it, and says an error by its number',
    (act) => {
      const lines = oneShotText(act, callerSid).split('\n');
      const [first] = lines;
      expect(first).toContain("$PSModuleAutoLoadingPreference = 'None'");
      expect(lines).toContain('trap { exit $_.Exception.HResult }');
      const used = lines.findIndex((line) =>
        /Add-LocalGroupMember|Enable-Windows|bcdedit|[GS]et-Service|Start-Service/.test(line),
      );
      const loads = lines.findIndex((line) => line.includes('Import-Module "$modules\\$name"'));
      expect(loads).toBeGreaterThan(0);
      expect(loads).toBeLessThan(used);
    },
  );

  it('are made for this system here, not chosen by a variable where they run', () => {
    for (const platform of ['win32', 'linux'] as const) {
      const text = loader(platform);
      expect(text).not.toContain('$env:');
      expect(text.includes('PipeSecurity')).toBe(platform === 'win32');
    }
    for (const act of ['join-group', 'enable-hyper-v', 'hypervisor-auto', 'start-service'] as const)
      expect(oneShotText(act, callerSid)).not.toContain('$env:');
    expect(askText('exit')).not.toContain('$env:');
  });

  it('never lift the execution policy by themselves', () => {
    expect(loader('win32')).not.toMatch(/Bypass|ExecutionPolicy/i);
    expect(askText(loader('win32'))).not.toMatch(/Bypass|ExecutionPolicy/i);
  });

  it('start the PowerShell of the system in the folder of the system, before our window', () => {
    const text = askText('exit', 123_456n);
    expect(text).toContain('$start.FileName = "$system\\WindowsPowerShell\\v1.0\\powershell.exe"');
    expect(text).toContain('$start.WorkingDirectory = $system');
    expect(text).toContain('$system = [Environment]::SystemDirectory');
    expect(text).toContain('$start.ErrorDialogParentHandle = [IntPtr] 123456');
    expect(askText('exit')).not.toContain('ErrorDialog');
  });

  it('fit on the command line of Windows', () => {
    const { text } = newAttempt(callerSid, { identity: IDENTITY }, 'win32');
    expect(encoded(askText(text, 2n ** 63n)).length).toBeLessThan(32_000);
  });

  it('tell a refused prompt from a failed start by its number, and how the elevated shell ended', () => {
    expect(answerOf('failed 1223\r\n')).toEqual({ kind: 'refused' });
    expect(answerOf('failed 740\r\n')).toEqual({ kind: 'failed', detail: 'Win32 740' });
    expect(answerOf('started 0\r\n')).toBe('started');
    expect(answerOf('#< CLIXML')).toBeNull();
    expect(exitCodeOf('started 0\r\nended -2147024891\r\n')).toBe(-2147024891);
    expect(exitCodeOf('started 0\r\n')).toBeNull();
  });

  it.skipIf(process.platform === 'win32')(
    'are asked for by a shell that says how they end, and is let go',
    async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-ask-'));
      closing.push(() => Promise.resolve(fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 })));
      const asking = (lines: string): Promise<Answer> => {
        const executable = path.join(folder, 'asking');
        fs.writeFileSync(executable, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
        return windowsElevate({ executable, env: {}, cwd: folder }, () => undefined)('exit');
      };
      const ended = await asking("echo 'started 0'; read nothing; echo 'ended 4'");
      expect(ended.kind === 'started' && (await ended.ended)).toBe(4);
      expect(await asking("echo 'failed 1223'")).toEqual({ kind: 'refused' });
      expect(await asking('exit 5')).toMatchObject({ kind: 'failed' });
      const left = await asking("echo 'started 0'; exec sleep 600");
      if (left.kind !== 'started') throw new Error(left.kind);
      left.leave();
      expect(await left.ended).toBeNull();
    },
  );

  it("hold nothing but a SID where the account's SID goes", () => {
    expect(oneShotText('join-group', "x'; Remove-Item C:\\ #")).not.toContain('Remove-Item');
    const text = loaderText({ pipe: 'pipe', callerSid: "S-1-5'; evil", payload: 'payload', platform: 'win32' });
    expect(text).not.toContain('evil');
  });

  it('deny the network, and everybody but the caller', () => {
    expect(loader('win32')).toContain("'S-1-5-2', 'FullControl', 'Deny'");
    expect(loader('win32')).toContain(callerSid);
  });
});
