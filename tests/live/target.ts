/** The Hyper-V that the suite is given: this Windows itself (HYPERNEST_LIVE=1), or the simulated one behind the real engine. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { manualClock, sleep } from '../../simulator/clock.js';
import { createScenario, type ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import { allowList } from '../../src/core/cmdlets/allow-list.js';
import { bootstrapOf, setupOf, type SetupOptions } from '../../src/powershell/bootstrap.js';
import { childElevate, windowsElevate, type Elevate } from '../../src/powershell/elevation.js';
import { windowsFolder, windowsShell, type FoundShell } from '../../src/powershell/find.js';
import identity from '../../src/powershell/identity.ps1?raw';
import membership from '../../src/powershell/membership.ps1?raw';
import { openSession, type Session, type SessionOptions } from '../../src/powershell/session.js';
import { childTransport } from '../../src/powershell/transport.js';
import type { PcTime } from '../pc.js';
import { hasPowerShell, shellFor } from '../powershell/runtime.js';
import { IDENTITY } from '../powershell/world.js';

export const isLive = process.env['HYPERNEST_LIVE'] === '1';

/** Without an engine the simulated one is left out, as all tests of PowerShell are; a real Windows is never. */
export async function hasTarget(): Promise<boolean> {
  if (!isLive) return await hasPowerShell();
  if (process.platform !== 'win32') throw new Error('HYPERNEST_LIVE=1 is for a Windows with Hyper-V');
  return true;
}

export interface Target {
  /** All that is made begins with it. */
  readonly prefix: string;
  readonly shell: FoundShell;
  readonly setup: SetupOptions;
  readonly elevate: Elevate;
  readonly time: PcTime;
  /** tests/live/live.ps1; rejects with what it said when it fails. */
  readonly act: (name: string, what?: string, more?: ActOptions) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface ActOptions {
  readonly version?: string;
  readonly group?: string;
  readonly password?: string;
}

/** `scenario`: of the simulated PC. */
export const openTarget = (scenario: ScenarioName): Promise<Target> =>
  isLive ? Promise.resolve(thisWindows()) : simulatedWindows(scenario);

const prefixOf = (id: string): string => {
  const prefix = `hn-live-${id}`;
  if (!/^hn-live-[0-9a-z]{1,12}$/.test(prefix)) throw new Error(`no prefix: ${prefix}`);
  return prefix;
};

function thisWindows(): Target {
  const shell = windowsShell(process.env, windowsFolder(process.env));
  const prefix = prefixOf(process.env['HYPERNEST_LIVE_ID'] ?? randomBytes(4).toString('hex'));
  return {
    prefix,
    shell,
    setup: { identity, membership },
    elevate: windowsElevate(shell, () => undefined),
    time: {
      now: () => performance.now(),
      date: () => new Date(),
      // Real time: the machine does not say when it is so.
      wait: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    },
    act: actWith(shell, prefix),
    close: () => Promise.resolve(),
  };
}

/** With the VMs of other people in it: they must be as they were. */
async function simulatedWindows(scenario: ScenarioName): Promise<Target> {
  const simulator = createScenario(scenario, { clock: manualClock({ auto: true }) });
  const server = await serveSimulator(simulator);
  const shell = await shellFor(simulator, server.address, { elevated: true });
  const prefix = prefixOf('0');
  const { clock } = simulator;
  return {
    prefix,
    shell,
    setup: { identity: IDENTITY, standIn: shell.standIn },
    elevate: childElevate(shell, () => true),
    time: {
      now: () => clock.now(),
      date: () => new Date(clock.now()),
      wait: (seconds) => sleep(clock, seconds),
    },
    act: actWith(shell, prefix),
    close: () => server.close(),
  };
}

function actWith({ executable, env }: FoundShell, prefix: string): Target['act'] {
  return async (act, name, { group, version, password } = {}) => {
    const given = { Act: act, Prefix: prefix, Name: name, Group: group, Version: version };
    const text = Object.entries(given).flatMap(([parameter, value]) =>
      value === undefined ? [] : [`-${parameter} '${value}'`],
    );
    // Its words come with what rejects.
    await promisify(execFile)(
      executable,
      [
        '-NoLogo',
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `& '${path.resolve('tests/live/live.ps1')}' ${text.join(' ')}`,
      ],
      { env: { ...env, ...(password === undefined ? {} : { HYPERNEST_LIVE_PASSWORD: password }) } },
    );
  };
}

export interface BridgeOptions extends Partial<Omit<SessionOptions, 'transport'>> {
  /** With the list that the bridge has inside a guest: what the app never does on the PC itself, this PC then does as a guest would. */
  readonly inside?: boolean;
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly readyLane?: boolean;
  /** Who starts the shell; not given: we. */
  readonly first?: (bootstrap: string) => string;
}

/** The app's bridge in a shell of its own. */
export async function openBridge(
  { shell, setup }: Pick<Target, 'shell' | 'setup'>,
  { inside = false, env = {}, readyLane = false, first = (text) => text, ...options }: BridgeOptions = {},
): Promise<Session> {
  const whole = { ...setup, readyLane };
  const text = bootstrapOf(whole);
  const known = setupOf(whole);
  const widened = JSON.stringify({
    ...(JSON.parse(Buffer.from(known, 'base64').toString()) as object),
    allow: allowList(),
  });
  const bootstrap = inside ? text.replace(known, Buffer.from(widened).toString('base64')) : text;
  const transport = childTransport({ ...shell, env: { ...shell.env, ...env }, bootstrap: first(bootstrap) });
  // The first import of the real modules is slow where nothing is cached yet.
  return await openSession({ transport, readyWithin: 120_000, ...options });
}
