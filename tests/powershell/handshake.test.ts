/** What a shell finds out before it is ready: an execution policy that refuses modules, and a group that takes long to be read. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import { readOf } from '../../src/core/cmdlets/reads.js';
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { newAttempt, openElevatedSession } from '../../src/powershell/elevation.js';
import type { FoundShell } from '../../src/powershell/find.js';
import { bootstrapOf, type SetupOptions } from '../../src/powershell/bootstrap.js';
import { openSession } from '../../src/powershell/session.js';
import { childTransport } from '../../src/powershell/transport.js';
import { copyAllButHyperV, elevateIn, hasPowerShell, shellFor } from './runtime.js';
import { IDENTITY } from './world.js';

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function shellOf(elevated: boolean): Promise<FoundShell> {
  const simulator = createScenario('not-admin', { clock: manualClock({ auto: true }) });
  const server = await serveSimulator(simulator);
  closing.push(() => server.close());
  return await shellFor(simulator, server.address, { elevated });
}

const callerSid = 'S-1-5-21-1004336348-1177238915-682003330-1001';

async function elevatedOver(shell: FoundShell) {
  const session = await openElevatedSession(
    elevateIn(shell),
    newAttempt(callerSid, { identity: IDENTITY, standIn: shell.standIn }),
  );
  closing.push(() => session.close());
  return session;
}

/** Windows' answer where scripts are disabled, by a module that gives it; `unless`: what makes it load all the same. */
async function refusing(unless: string) {
  const shell = await shellOf(true);
  const modules = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-policy-'));
  closing.push(() => fs.rmSync(modules, { recursive: true, force: true, maxRetries: 9 }));
  const standIn = copyAllButHyperV(shell, modules);
  const at = path.join(modules, 'Hyper-V');
  const tries = path.join(modules, 'tries.txt');
  fs.writeFileSync(path.join(at, 'Hyper-V.psd1'), "@{ RootModule = 'Hyper-V.psm1'; ModuleVersion = '2.0.0.0' }");
  fs.writeFileSync(
    path.join(at, 'Hyper-V.psm1'),
    `[IO.File]::AppendAllText('${tries}', 'x')
if (-not (${unless})) { throw [Management.Automation.ErrorRecord]::new([Management.Automation.PSSecurityException]::new('Scripts are disabled.'), 'UnauthorizedAccess', 'SecurityError', $null) }
Import-Module '${path.join(shell.standIn?.modules ?? '', 'Hyper-V')}' -Global`,
  );
  return { shell: { ...shell, standIn }, tries: () => fs.readFileSync(tries, 'utf8').length };
}
const lifted = "$env:PSExecutionPolicyPreference -eq 'Bypass'";

describe.skipIf(!(await hasPowerShell()))('the execution policy of an elevated shell', () => {
  it('stays as it is where it refuses nothing', async () => {
    const session = await elevatedOver(await shellOf(true));
    expect(session.handshake.policyLifted).toBeUndefined();
  });

  it('is lifted for its process where Windows answers that scripts are disabled, and that is said', async () => {
    const { shell, tries } = await refusing(lifted);
    const session = await elevatedOver(shell);
    expect(session.handshake.policyLifted).toBe(true);
    expect(session.handshake.modules.find(({ name }) => name === 'Hyper-V')?.state).toBe('loaded');
    expect(tries()).toBe(2);
  });

  it('that Group Policy sets is asked once more, and no more', async () => {
    const { shell, tries } = await refusing('$false');
    const session = await elevatedOver(shell);
    expect(session.handshake.modules.find(({ name }) => name === 'Hyper-V')?.state).toBe('blocked');
    expect(tries()).toBe(2);
  });
});

describe.skipIf(!(await hasPowerShell()))('the Hyper-V module', () => {
  const list = { cmdlet: 'Get-VM', params: {}, at: thisPc } as const;

  it.each([
    ['is loaded with the first change where no lane is to be ready', false, [1, 1, 2]],
    ['is loaded before the first change where a lane is to be ready, and once', true, [1, 2, 2]],
  ])('%s', async (_, readyLane, loaded) => {
    const { shell, tries } = await refusing('$true');
    const setup: SetupOptions = { identity: IDENTITY, standIn: shell.standIn, readyLane };
    const session = await openSession({ transport: childTransport({ ...shell, bootstrap: bootstrapOf(setup) }) });
    closing.push(() => session.close());
    await session.call([list]);
    const seen = [tries()];
    const [vms] = await session.call([list]);
    if (readyLane) await vi.waitUntil(() => tries() > 1, { timeout: 20_000 });
    seen.push(tries());
    const vm = String(readOf(vms).rows?.[0]?.Id);
    const [set] = await session.call([{ cmdlet: 'Set-VM', params: { AutomaticStopAction: 'Save' }, at: thisPc, on: { vm } }]); // prettier-ignore
    expect(set).toMatchObject({ errors: [] });
    expect([...seen, tries()]).toEqual(loaded);
  });
});

describe.skipIf(!(await hasPowerShell()))('membership of Hyper-V Administrators', () => {
  it.each([
    ['is told where it is known', '$true', 20_000, true],
    ['is told where it is known not to be', '$false', 20_000, false],
    ['is not known where it cannot be read', "throw 'no domain'", 20_000, null],
    ['is not waited for where it takes long', '[Threading.Thread]::Sleep(600000); $true', 100, null],
  ])('%s', async (_, membership, membershipWithin, isMember) => {
    const shell = await shellOf(false);
    const setup: SetupOptions = { identity: IDENTITY, membership, membershipWithin, standIn: shell.standIn };
    const session = await openSession({ transport: childTransport({ ...shell, bootstrap: bootstrapOf(setup) }) });
    closing.push(() => session.close());
    expect(session.handshake.identity).toMatchObject({ account: 'DEV-PC\\mei', isMember });
  });
});
