/** Where machines come from: this PC, or a simulated one (through PowerShell where an engine is there, else called directly). */
import os from 'node:os';
import path from 'node:path';
import { sleep, realClock } from '../simulator/clock.js';
import { simulatedHost } from '../simulator/host.js';
import { findIn, lookAt } from '../simulator/looking.js';
import { downloads as simulatedDownloads } from '../simulator/scenarios/homes.js';
import { createScenario, isScenario, scenarioNames, simulate } from '../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../simulator/server.js';
import type { Simulator } from '../simulator/simulator.js';
import type { World } from '../simulator/world.js';
import type { Failure, Host } from './core/cmdlets/call.js';
import { textOf, thisPc, type HostId } from './core/cmdlets/ref.js';
import { failureOf } from './core/cmdlets/failure.js';
import type { ActResult, ElevatedAct, Settings } from './ipc/schema.js';
import { pausableClock } from './powershell/clock.js';
import {
  Attempts,
  childElevate,
  NotElevated,
  openElevatedSession,
  Refused,
  Taken,
  windowsElevate,
  type Elevate,
} from './powershell/elevation.js';
import type { OneShot } from './core/machine/machine.js';
import { oneShotText } from './powershell/elevated-texts.js';
import { keptOf, quiet, windowsFolder, windowsShell, type FoundShell } from './powershell/find.js';
import identity from './powershell/identity.ps1?raw';
import membership from './powershell/membership.ps1?raw';
import { openShell } from './powershell/open.js';
import { NotReady } from './powershell/session.js';
import { toolIn, windowsActs } from './shell/acts.js';
import { OpenFailed } from './shell/connection.js';
import { filesOfPc } from './shell/files.js';
import type { Place } from './shell/place.js';

export interface PlaceOptions {
  readonly settings: Settings;
  /** Of the command line, for tests and tours: a world that settings do not change. */
  readonly scenario: string | undefined;
  readonly speed: number;
  readonly userData: string;
  /** Where the account keeps what it downloads; may throw. */
  readonly downloads: () => string;
  /** A PowerShell for the simulated world, of tools/powershell-engine; undefined: the simulator is called directly. */
  readonly engine: Engine | undefined;
  /** The window that the prompt of Windows comes before: its number. */
  readonly owner: () => bigint | undefined;
}

interface Engine {
  readonly executable: string;
  /** Where its simulated modules are: a folder for each state that the Hyper-V module of a scenario can be in. */
  readonly modules: string;
}

/** tools/ builds it and says where it is. */
export function engineOf(environment: NodeJS.ProcessEnv): Engine | undefined {
  const { HYPERNEST_ENGINE: executable, HYPERNEST_MODULES: modules } = environment;
  return executable && modules ? { executable, modules } : undefined;
}

/** What is wrong with a scenario of the command line, for who typed it; undefined: nothing. */
export function scenarioFault(scenario: string | undefined): string | undefined {
  if (scenario === undefined || isScenario(scenario)) return undefined;
  return `There is no scenario "${scenario}". Known: ${scenarioNames.join(', ')}`;
}

type Wanted = Pick<PlaceOptions, 'settings' | 'scenario'>;
export const isReal = ({ settings, scenario }: Wanted): boolean =>
  process.platform === 'win32' && scenario === undefined && settings.source !== 'simulated';

/** A wrong name on the command line is refused before anything is open (compose.ts); one in the settings may be of another version. */
export function scenarioIn({ settings, scenario }: Wanted) {
  const wanted = scenario ?? settings.scenario;
  return isScenario(wanted) ? wanted : 'workstation';
}

export async function openPlace(options: PlaceOptions): Promise<Place> {
  return isReal(options) ? realPlace(options) : await simulatedPlace(options);
}

/** What went wrong while a session was opened, as data. */
async function opening(open: () => Promise<Host>): Promise<Host> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Refused) throw new OpenFailed({ kind: 'cancelled' });
    if (error instanceof NotElevated) throw new OpenFailed({ kind: 'access-denied' });
    if (error instanceof Taken) throw new OpenFailed({ kind: 'connection-taken' });
    if (error instanceof NotReady) throw new OpenFailed(error.failure);
    throw new OpenFailed({ kind: 'session-lost' } satisfies Failure);
  }
}

function realPlace({ userData, owner, downloads }: PlaceOptions): Place {
  const windows = windowsFolder(process.env);
  const shell = windowsShell(process.env, windows);
  const clock = pausableClock();
  const elevate = windowsElevate(shell, owner);
  // Whose rights they are is known from the first session on: what runs elevated is made for that account.
  let callerSid = '';
  // A shutdown that Windows only half does (fast startup) is none here either.
  const startedAt = new Date(Date.now() - os.uptime() * 1000);
  const attempts = new Attempts(() => ({ identity, membership }));
  return {
    source: { kind: 'this-pc' },
    at: thisPc,
    journal: path.join(userData, 'runs', 'this-pc'),
    open: ({ elevated, lost, credentials }) =>
      opening(async () => {
        const options = { lost, clock, credentials };
        if (elevated) return await openElevatedSession(elevate, attempts.take(), options);
        const host = await openShell(shell, { identity, membership, ...options });
        callerSid = host.handshake.identity?.sid ?? callerSid;
        return host;
      }),
    script: (act) => scriptOf(act, callerSid, attempts),
    act: (act) => oneShot(elevate, act, callerSid),
    ...windowsActs(windows),
    files: filesOfPc(),
    downloads: () => {
      try {
        return downloads();
      } catch {
        return undefined;
      }
    },
    startedAt: () => startedAt,
    fileOf: (tool) => toolIn(windows, tool),
    time: clock,
    sleeping: (isAsleep) => (isAsleep ? clock.pause() : clock.resume()),
    close: () => Promise.resolve(),
  };
}

/** Shown before Windows asks: exactly the text that the prompt which follows is about. */
function scriptOf(act: ElevatedAct, sid: string, attempts: Attempts): string {
  return act === 'allow-session' ? attempts.show(sid) : oneShotText(act, sid);
}

async function oneShot(elevate: Elevate, act: OneShot, sid: string): Promise<ActResult> {
  // Without knowing who asks nobody can be joined: not asked then.
  if (act === 'join-group' && sid === '') return { kind: 'failed', failure: { kind: 'unexpected' } };
  const answer = await elevate(oneShotText(act, sid));
  if (answer.kind === 'refused') return { kind: 'refused' };
  const record = (hresult: number | null, message: string) =>
    failureOf({ id: '', category: '', target: null, exception: '', hresult, message });
  // It ended with an HRESULT, which Node reads as a number without a sign.
  if (answer.kind === 'failed') return { kind: 'failed', failure: record(null, answer.detail) };
  const code = await answer.ended;
  if (code === 0) return { kind: 'done' };
  return { kind: 'failed', failure: code === null ? { kind: 'unexpected' } : record(code | 0, '') };
}

/** In the place of identity.ps1: asks the simulated world who the account is. */
const simulatedIdentity = 'param($modules) Import-Module "$modules/Hypernest.Simulation"; Get-SimulatedIdentity';

/** The shell that sees a simulated world: the app's own bridge and sessions, modules of the simulator's in place of Windows'. */
function simulatedShell({ executable, modules }: Engine, { world }: Simulator, address: string): FoundShell {
  const kept = ['PATH', 'HOME', 'DOTNET_ROOT', 'TMPDIR', 'SystemRoot', 'TEMP'];
  return {
    executable,
    env: {
      ...keptOf(process.env, kept),
      ...quiet,
      HYPERNEST_SIMULATOR: address,
    },
    standIn: {
      modules: path.join(modules, `modules-${world.host.modules['Hyper-V'] ?? 'loaded'}`),
      variables: ['HOME', 'TMPDIR', 'HYPERNEST_SIMULATOR', 'HYPERNEST_ELEVATED'],
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** Another simulated PC, which is reached from the one of the scenario. */
interface Beside {
  readonly at: HostId;
  readonly world: World;
}

export async function simulatedPlace(options: PlaceOptions, beside?: Beside): Promise<Place> {
  const { scenario, speed, userData, engine } = options;
  const name = scenarioIn(options);
  const isChosen = process.platform === 'win32' && scenario === undefined;
  const clock = realClock({ speed });
  const time = pausableClock();
  const simulator = beside ? simulate(beside.world, clock) : createScenario(name, { clock });
  const at = beside?.at ?? thisPc;
  const { sid } = simulator.world.host.identity;
  // Off Windows no policy restricts PowerShell: such a world can only be shown by the simulator itself.
  const isOpen = simulator.world.host.languageMode === 'FullLanguage';
  const through = engine && isOpen ? 'powershell' : 'direct';
  const shells = new Set<number>();
  let startedAt = new Date();
  // A scenario can let the session die; what dies then is the real shell.
  const onDied = (): void => {
    for (const pid of shells) kill(pid);
    shells.clear();
  };
  const server = engine && isOpen ? await serveSimulator(simulator, { onDied }) : undefined;
  // Anew for each session: which modules there are changes when the simulated PC restarts.
  const shellNow = () => (engine && server ? simulatedShell(engine, simulator, server.address) : undefined);
  const opened = (host: Host): Host => {
    shells.add(host.handshake.pid);
    return host;
  };
  const attempts = new Attempts(() => ({ identity: simulatedIdentity, standIn: shellNow()?.standIn }));
  return {
    source: { kind: 'simulated', scenario: name, through, ...(isChosen && { isChosen }) },
    at,
    journal: path.join(userData, 'runs', `simulated-${name}${at === thisPc ? '' : `-${textOf(at)}`}`),
    open: (how) => openSimulated(how, { simulator, shell: shellNow(), opened, attempts, time }),
    script: (act) => scriptOf(act, sid, attempts),
    act: (act) => Promise.resolve(simulator.act(act)),
    connect: () => Promise.resolve(false),
    files: {
      look: (paths) => Promise.resolve(new Map(paths.map((at) => [at, lookAt(simulator.world.host, at)]))),
      find: (folders) => Promise.resolve(findIn(simulator.world.host, folders)),
    },
    downloads: () => simulatedDownloads,
    signOut: () => {
      simulator.signOut();
      return Promise.resolve(true);
    },
    restart: () => {
      simulator.restart();
      startedAt = new Date();
      return Promise.resolve(true);
    },
    startedAt: () => startedAt,
    time,
    sleeping: (isAsleep) => (isAsleep ? time.pause() : time.resume()),
    clock: { elapsed: () => clock.now() / 1000, wait: (seconds) => sleep(clock, seconds) },
    close: async () => server?.close(),
  };
}

interface Simulated {
  readonly simulator: Simulator;
  /** undefined: the simulator is called directly. */
  readonly shell: FoundShell | undefined;
  readonly opened: (host: Host) => Host;
  readonly attempts: Attempts;
  readonly time: ReturnType<typeof pausableClock>;
}

function openSimulated(
  { elevated, lost, credentials }: Parameters<Place['open']>[0],
  { simulator, shell, opened, attempts, time }: Simulated,
): Promise<Host> {
  const agree = (): boolean => simulator.act('allow-session').kind !== 'refused';
  if (shell) {
    const options = { lost, clock: time, credentials };
    if (!elevated)
      return opening(async () => opened(await openShell(shell, { identity: simulatedIdentity, ...options })));
    const elevatedShell = { ...shell, env: { ...shell.env, HYPERNEST_ELEVATED: '1' } };
    return opening(async () =>
      opened(await openElevatedSession(childElevate(elevatedShell, agree), attempts.take(), options)),
    );
  }
  if (elevated) attempts.take();
  if (elevated && !agree()) return Promise.reject(new OpenFailed({ kind: 'cancelled' }));
  return Promise.resolve(
    simulatedHost(simulator, { elevated, credentials, onLost: () => lost({ kind: 'session-lost' }) }),
  );
}
