/**
 * Windows as the app finds it. Under Wine (tools/test-windows.mjs) what stands at the place of its PowerShell is the engine, with simulated
 * modules: what those need goes with it, and means nothing to Windows itself.
 */
import path from 'node:path';
import { afterEach } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import type { Handshake, Host } from '../../src/core/cmdlets/call.js';
import { newAttempt, windowsElevate, type Attempt, type Elevate } from '../../src/powershell/elevation.js';
import { windowsFolder, windowsShell, type FoundShell } from '../../src/powershell/find.js';
import identity from '../../src/powershell/identity.ps1?raw';
import membership from '../../src/powershell/membership.ps1?raw';
import { openShell } from '../../src/powershell/open.js';
import { forDotNet } from '../powershell/runtime.js';

const closing: (() => Promise<unknown> | void)[] = [];
export const atTheEnd = (close: () => Promise<unknown> | void): void => void closing.push(close);
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const windows = windowsFolder(process.env);

/** The shell of this PC, as it is started out of this environment. */
export async function foundShell(environment: NodeJS.ProcessEnv = process.env): Promise<FoundShell> {
  const simulator = createScenario('workstation', { clock: manualClock({ auto: true }) });
  const server = await serveSimulator(simulator);
  atTheEnd(() => server.close());
  const found = windowsShell(environment, windows);
  const writable = process.env['DOTNET_EnableWriteXorExecute'];
  return {
    ...found,
    env: {
      ...found.env,
      HYPERNEST_SIMULATOR: server.address,
      ...(writable === undefined ? {} : { DOTNET_EnableWriteXorExecute: writable }),
    },
  };
}

export async function opened(shell: FoundShell, asks: string = identity): Promise<Host> {
  const host = await openShell(shell, { identity: asks, membership });
  atTheEnd(() => host.close());
  return host;
}

/** What PowerShell says in place of who runs it: a text. */
export const saying = (text: string): string =>
  `[pscustomobject] @{ account = [string] $(${text}); sid = 'S-1-5-18'; inToken = $true; isMember = $null; isElevated = $true; isAdministrator = $true }`;

/** Whether Windows elevates without asking a person: only then can a test have it done. */
export async function elevatesUnasked(): Promise<boolean> {
  const { handshake } = await opened(await foundShell());
  return handshake.identity?.isElevated === true;
}

export function elevateOf(shell: FoundShell, { edition }: Handshake): Elevate {
  const elevate = windowsElevate(shell, () => undefined);
  return edition === 'Desktop' ? elevate : forDotNet(elevate);
}

export function attemptFor(
  { executable }: FoundShell,
  { edition, identity: who }: Handshake,
  asks: string = identity,
): Attempt {
  const standIn = {
    modules: path.win32.join(path.win32.dirname(executable), 'Modules'),
    // Wine has the name of the account from a variable.
    variables: ['HYPERNEST_SIMULATOR', 'WINEUSERNAME'],
  };
  const setup = { identity: asks, membership, ...(edition === 'Desktop' ? {} : { standIn }) };
  return newAttempt(who?.sid ?? '', setup);
}
