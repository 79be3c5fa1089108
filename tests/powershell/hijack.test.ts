/**
 * Modules of the same names in every folder that the account can write, and an environment that says to take them: none of them may
 * run, in no runspace, lane or guest, elevated or not. On Windows the folders are Documents\PowerShell and the like; the engine here
 * has the same rule for those of Linux.
 */
import { vmIn, thisPc, type MachineRef } from '../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveSimulator } from '../../simulator/server.js';
import type { Simulator } from '../../simulator/simulator.js';
import { manualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { homes } from '../../src/core/cmdlets/allow-list.js';
import type { CallResult, HostCall } from '../../src/core/cmdlets/call.js';
import type { CredentialSource } from '../../src/core/cmdlets/credentials.js';
import { newAttempt, openElevatedSession } from '../../src/powershell/elevation.js';
import type { FoundShell } from '../../src/powershell/find.js';
import { bootstrapOf } from '../../src/powershell/bootstrap.js';
import { openSession, type Session } from '../../src/powershell/session.js';
import { childTransport } from '../../src/powershell/transport.js';
import { guests } from './guests.js';
import { copyAllButHyperV, elevateIn, hasPowerShell, shellFor } from './runtime.js';
import { IDENTITY } from './world.js';

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const callerSid = 'S-1-5-21-1004336348-1177238915-682003330-1001';
/** Of .NET: what a manifest names so is looked for among modules first. */
const bare = [
  'Xml.Linq',
  'Linq',
  'Net.Http',
  'Web',
  'Transactions',
  'IO.Pipes',
  'Console',
  'Text.Json',
  'Xml.XPath',
  'Numerics',
].map((name) => `System.${name}`);
/** What is loaded by name somewhere, here or on Windows. */
const names = [
  ...new Set(Object.values(homes)),
  'Hypernest.Simulation',
  'Microsoft.PowerShell.Utility',
  'Microsoft.PowerShell.Security',
  'Microsoft.PowerShell.LocalAccounts',
  'PSReadLine',
  ...bare,
];
const commands = [...Object.keys(homes), 'Get-SimulatedIdentity', 'ConvertTo-Json', 'New-PSSession', 'Invoke-Command'];

/** A home full of modules that write down that they ran, and the environment that leads there. */
function hostileHome() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-hijack-'));
  closing.push(() => fs.rmSync(home, { recursive: true, force: true, maxRetries: 9 }));
  const ran = path.join(home, 'ran.txt');
  const cache = path.join(home, 'cache.txt');
  const folders = ['data/powershell/Modules', '.local/share/powershell/Modules', 'Documents/PowerShell/Modules'];
  for (const folder of [...folders, 'Documents/WindowsPowerShell/Modules', 'own', 'here'])
    for (const name of names) {
      const at = path.join(home, folder, name);
      fs.mkdirSync(at, { recursive: true });
      const manifest = `@{ RootModule = '${name}.psm1'; ModuleVersion = '9.0'; FunctionsToExport = '*'; CmdletsToExport = @(); AliasesToExport = @() }`;
      const functions = commands.map(
        (command) => `function ${command} { [IO.File]::AppendAllText('${ran}', "${command} ") }`,
      );
      fs.writeFileSync(path.join(at, `${name}.psd1`), manifest);
      fs.writeFileSync(
        path.join(at, `${name}.psm1`),
        [`[IO.File]::AppendAllText('${ran}', '${folder}/${name} ')`, ...functions].join('\n'),
      );
    }
  const own = path.join(home, 'own');
  // Not DOTNET_* and COR*: those are Windows' own to obey, before any text of ours runs.
  const everything =
    'PATH PATHEXT OS ComSpec SystemRoot SystemDrive windir TEMP TMP USERPROFILE APPDATA LOCALAPPDATA ProgramData ProgramFiles PSHOME ' +
    'XDG_CONFIG_HOME XDG_CACHE_HOME HYPERNEST_ENGINE HYPERNEST_MODULES NODE_POWERSHELL Keys Values Count modules folder';
  const env = {
    ...Object.fromEntries(everything.split(' ').map((name) => [name, own])),
    HOME: home,
    XDG_DATA_HOME: path.join(home, 'data'),
    PSModulePath: [own, ...folders.map((folder) => path.join(home, folder))].join(path.delimiter),
    PSModuleAutoLoadingPreference: 'All',
    PSModuleAnalysisCachePath: cache,
    PSExecutionPolicyPreference: 'Unrestricted',
    __PSLockdownPolicy: '0',
  };
  const said = (): string =>
    [ran, cache].map((file) => (fs.existsSync(file) ? fs.readFileSync(file, 'latin1') : '')).join('');
  return { home, env, cwd: path.join(home, 'here'), said };
}
type Hostile = ReturnType<typeof hostileHome>;

async function shellIn(simulator: Simulator, { env, cwd }: Hostile, elevated: boolean): Promise<FoundShell> {
  const server = await serveSimulator(simulator);
  closing.push(() => server.close());
  const shell = await shellFor(simulator, server.address, { elevated });
  return { ...shell, env: { ...shell.env, ...env }, cwd };
}

/** The stand-in modules, with this one in the place of Hyper-V. */
function withHyperV(
  shell: FoundShell,
  home: string,
  files: (real: string) => Readonly<Record<string, string>>,
): FoundShell {
  const standIn = copyAllButHyperV(shell, path.join(home, 'stand-in'));
  for (const [name, text] of Object.entries(files(path.join(shell.standIn?.modules ?? '', 'Hyper-V'))))
    fs.writeFileSync(path.join(standIn.modules, 'Hyper-V', name), text);
  return { ...shell, standIn };
}

/** It opens a runspace as it is loaded: after that PowerShell has the account's folders on its path again. */
const openingOne = (shell: FoundShell, home: string): FoundShell =>
  withHyperV(shell, home, (real) => ({
    'Hyper-V.psd1': "@{ RootModule = 'Hyper-V.psm1'; ModuleVersion = '2.0.0.0' }",
    'Hyper-V.psm1': `$ErrorActionPreference = 'Stop'
$runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2()); $runspace.Open(); $runspace.Dispose()
Import-Module '${real}' -Global`,
  }));

/** It says that it is being loaded, waits for an answer, and looks then by bare names for what it is made of, as Windows' own do. */
const slowOne = (shell: FoundShell, home: string): FoundShell =>
  withHyperV(shell, home, (real) => ({
    'Hyper-V.psd1': `@{ RootModule = 'Hyper-V.psm1'; ScriptsToProcess = 'wait.ps1'; NestedModules = @('${bare.join("', '")}'); ModuleVersion = '2.0.0.0' }`,
    'wait.ps1': `if ([IO.File]::Exists('${path.join(home, 'waits')}')) { [IO.File]::WriteAllText('${path.join(home, 'loading')}', ''); while (-not [IO.File]::Exists('${path.join(home, 'go')}')) { [Threading.Thread]::Sleep(5) } }`,
    'Hyper-V.psm1': `Import-Module '${real}' -Global`,
  }));

/** As the app opens them, but in the hostile environment whole. */
const opened = {
  unelevated: async (shell: FoundShell, credentials: CredentialSource, identity = IDENTITY): Promise<Session> =>
    await openSession({
      credentials,
      transport: childTransport({ ...shell, bootstrap: bootstrapOf({ identity, standIn: shell.standIn }) }),
    }),
  elevated: async (shell: FoundShell, credentials: CredentialSource, identity = IDENTITY): Promise<Session> => {
    const attempt = newAttempt(callerSid, { identity, standIn: shell.standIn });
    return await openElevatedSession(elevateIn(shell), attempt, { credentials });
  },
};

const failed = (results: readonly CallResult[]) =>
  results.filter((result) => !('rows' in result) || result.errors.length > 0);

describe.skipIf(!(await hasPowerShell())).each(['unelevated', 'elevated'] as const)('an %s session', (kind) => {
  it('loads no module of the account, in no lane and in no guest', async () => {
    const { simulator, l1, l2, credentials } = guests();
    const hostile = hostileHome();
    const shell = openingOne(await shellIn(simulator, hostile, kind === 'elevated'), hostile.home);
    const session = await opened[kind](shell, credentials);
    closing.push(() => session.close());
    expect(session.handshake.modules.map(({ state }) => state)).not.toContain('blocked');
    expect(session.handshake.identity?.account).toBe('DEV-PC\\mei');

    const list = { cmdlet: 'Get-VM', params: {}, at: thisPc } as const;
    const set = { cmdlet: 'Set-VM', params: { AutomaticStopAction: 'Save' }, at: thisPc } as const;
    const vms = [...simulator.world.host.vms.values()].filter(({ state }) => state === 'Off');
    const inside = (at: MachineRef): readonly HostCall[] => [
      { cmdlet: 'Get-CimInstance/Win32_ComputerSystem', params: {}, at },
      { cmdlet: 'Get-WindowsOptionalFeature/Hyper-V', params: {}, at },
    ];
    const batches: readonly (readonly HostCall[])[] = [
      [list, { cmdlet: 'Get-ItemProperty/Uninstall', params: {}, at: thisPc }],
      // A lane for each, up to four; and the lane of this PC.
      ...vms.map(({ id }) => [{ ...set, on: { vm: id } }]),
      [
        { ...list, params: { Id: vms[0]?.id ?? '' } },
        { ...set, on: { call: 0 } },
      ],
      [...inside(vmIn(thisPc, l1.id)), { cmdlet: 'Get-NetNat', params: {}, at: vmIn(thisPc, l1.id) }],
      inside(vmIn(vmIn(thisPc, l1.id), l2.id)),
      // The lanes from before, after others have opened.
      [list],
      inside(vmIn(thisPc, l1.id)),
    ];
    for (const batch of batches) expect(failed(await session.call(batch))).toEqual([]);
    expect(hostile.said()).toBe('');
  });

  it('loads none either while runspaces are opened beside it', async () => {
    const { simulator, credentials } = guests();
    const hostile = hostileHome();
    const shell = slowOne(await shellIn(simulator, hostile, kind === 'elevated'), hostile.home);
    const session = await opened[kind](shell, credentials);
    closing.push(() => session.close());
    const file = (name: string): string => path.join(hostile.home, name);
    fs.writeFileSync(file('waits'), '');
    const change = (vm: string) =>
      session.call([{ cmdlet: 'Set-VM', params: { AutomaticStopAction: 'Save' }, at: thisPc, on: { vm } }]);
    const [first = '', ...others] = [...simulator.world.host.vms.keys()].slice(0, 4);
    const changes = [change(first)];
    await vi.waitUntil(() => fs.existsSync(file('loading')), { timeout: 20_000 });
    changes.push(...others.map(change));
    fs.writeFileSync(file('go'), '');
    expect(failed((await Promise.all(changes)).flat())).toEqual([]);
    expect(hostile.said()).toBe('');
  });

  it('takes no module of the account for one that Windows does not have', async () => {
    const simulator = createScenario('no-hyper-v', { clock: manualClock({ auto: true }) });
    const hostile = hostileHome();
    const session = await opened[kind](await shellIn(simulator, hostile, kind === 'elevated'), () => undefined);
    closing.push(() => session.close());
    expect(session.handshake.modules.find(({ name }) => name === 'Hyper-V')?.state).toBe('missing');
    const [result] = await session.call([{ cmdlet: 'Get-VM', params: {}, at: thisPc }]);
    expect(failed([result])).toMatchObject([{ errors: [{ kind: 'module-missing' }] }]);
    expect(hostile.said()).toBe('');
  });

  it('has no folder on the path of modules but that of Windows, and looks for none by itself', async () => {
    const hostile = hostileHome();
    const simulator = createScenario('workstation', { clock: manualClock({ auto: true }) });
    const shell = await shellIn(simulator, hostile, kind === 'elevated');
    const told = `[pscustomobject] @{ account = "$env:PSModulePath $PSModuleAutoLoadingPreference"; sid = 'S-1-5-18'; inToken = $true; isMember = $null; isElevated = $true; isAdministrator = $true }`;
    const session = await opened[kind](shell, () => undefined, told);
    closing.push(() => session.close());
    expect(session.handshake.identity?.account).toBe(`${shell.standIn?.modules ?? ''} None`);
  });
});

describe.skipIf(!(await hasPowerShell()))('an elevated process', () => {
  it('has no variable of the account but those that are named', async () => {
    const hostile = hostileHome();
    const shell = await shellIn(createScenario('workstation', { clock: manualClock({ auto: true }) }), hostile, true);
    const told = `[pscustomobject] @{ account = [string]::Join([char] 10, @(foreach ($one in [Environment]::GetEnvironmentVariables().GetEnumerator()) { "$($one.Key)=$($one.Value)" })); sid = 'S-1-5-18'; inToken = $true; isMember = $null; isElevated = $true; isAdministrator = $true }`;
    const session = await opened.elevated(shell, () => undefined, told);
    closing.push(() => session.close());
    const isWindows = process.platform === 'win32';
    const kept = 'USERNAME USERDOMAIN COMPUTERNAME USERPROFILE NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE'.split(' ');
    // PowerShell itself sets the last.
    const made = 'SystemRoot windir SystemDrive PATH TEMP TMP ProgramFiles ProgramData PATHEXT'.split(' ');
    const theirs = [...(shell.standIn?.variables ?? []), ...(isWindows ? kept : [])];
    const ours = ['PSModulePath', 'PSModuleAnalysisCachePath', ...(isWindows ? made : [])];
    const left = (session.handshake.identity?.account ?? '')
      .split('\n')
      .filter((line) => !theirs.includes(line.split('=')[0] ?? ''));
    expect(left.map((line) => line.split('=')[0]).filter((name) => !ours.includes(name ?? ''))).toEqual([]);
    expect(left.join('\n')).not.toContain(hostile.home);
  });
});
