/** Where machines come from: this PC, or a simulated one (through PowerShell where an engine is there, else called directly). */
import path from 'node:path';
import { sleep, realClock } from '../simulator/clock.js';
import { simulatedHost } from '../simulator/host.js';
import { createScenario, isScenario } from '../simulator/scenarios/scenarios.js';
import type { Failure, Host } from './core/call.js';
import type { ActResult, ElevatedAct, Settings } from './ipc/schema.js';
import { pausableClock } from './powershell/clock.js';
import {
  loaderText,
  oneShotText,
  openElevatedSession,
  Refused,
  windowsElevate,
  type Elevate,
  type OneShot,
} from './powershell/elevation.js';
import { windowsShell } from './powershell/find.js';
import identity from './powershell/identity.ps1?raw';
import { openShell } from './powershell/open.js';
import { NotReady } from './powershell/session.js';
import { windowsActs } from './shell/acts.js';
import { OpenFailed } from './shell/connection.js';
import type { Place } from './shell/world.js';

export interface PlaceOptions {
  readonly settings: Settings;
  /** Of the command line, for tests and tours: a world that settings do not change. */
  readonly scenario: string | undefined;
  readonly speed: number;
  readonly userData: string;
}

export function openPlace(options: PlaceOptions): Promise<Place> {
  const { settings, scenario } = options;
  const isReal = process.platform === 'win32' && scenario === undefined && settings.source !== 'simulated';
  return Promise.resolve(isReal ? thisPc(options) : simulatedPlace(options));
}

/** What went wrong while a session was opened, as data. */
async function opening(open: () => Promise<Host>): Promise<Host> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Refused) throw new OpenFailed({ kind: 'cancelled' });
    if (error instanceof NotReady) throw new OpenFailed(error.failure);
    throw new OpenFailed({ kind: 'session-lost' } satisfies Failure);
  }
}

function thisPc({ userData }: PlaceOptions): Place {
  const shell = windowsShell(process.env);
  const clock = pausableClock();
  const elevate = windowsElevate(shell);
  // Whose rights they are is known from the first session on: what runs elevated is made for that account.
  let callerSid = '';
  return {
    source: { kind: 'this-pc' },
    journal: path.join(userData, 'runs', 'this-pc'),
    open: ({ elevated, lost }) =>
      opening(async () => {
        const options = { identity, lost, clock };
        if (elevated) return await openElevatedSession(elevate, { ...options, callerSid });
        const host = await openShell(shell, options);
        callerSid = host.handshake.identity?.sid ?? callerSid;
        return host;
      }),
    script: (act) => scriptOf(act, callerSid),
    act: (act) => oneShot(elevate, act, callerSid),
    ...windowsActs,
    sleeping: (isAsleep) => (isAsleep ? clock.pause() : clock.resume()),
    close: () => Promise.resolve(),
  };
}

/** Shown before Windows asks; the loader's hash and pipe are those of the prompt that follows, so here they stand for themselves. */
function scriptOf(act: ElevatedAct, sid: string): string {
  return act === 'allow-session' ? loaderText('Hypernest', sid, '') : oneShotText(act, sid);
}

async function oneShot(elevate: Elevate, act: OneShot, sid: string): Promise<ActResult> {
  const answer = await elevate(oneShotText(act, sid), true);
  if (answer.kind === 'refused') return { kind: 'refused' };
  if (answer.kind === 'started' && answer.exitCode === 0) return { kind: 'done' };
  return { kind: 'failed', failure: { kind: 'unexpected' } };
}

function simulatedPlace({ settings, scenario, speed, userData }: PlaceOptions): Place {
  const wanted = scenario ?? settings.scenario;
  const name = isScenario(wanted) ? wanted : 'workstation';
  const clock = realClock({ speed });
  const simulator = createScenario(name, { clock });
  return {
    source: { kind: 'simulated', scenario: name, through: 'direct' },
    journal: path.join(userData, 'runs', `simulated-${name}`),
    open: ({ elevated, lost }) => {
      if (elevated) {
        const answer = simulator.act('allow-session');
        if (answer.kind === 'refused') return Promise.reject(new OpenFailed({ kind: 'cancelled' }));
      }
      return Promise.resolve(simulatedHost(simulator, { elevated, onLost: () => lost({ kind: 'session-lost' }) }));
    },
    script: (act) => scriptOf(act, simulator.world.host.identity.sid),
    act: (act) => Promise.resolve(simulator.act(act)),
    connect: () => Promise.resolve(false),
    signOut: () => {
      simulator.signOut();
      return Promise.resolve(true);
    },
    sleeping: () => undefined,
    clock: { elapsed: () => clock.now() / 1000, wait: (seconds) => sleep(clock, seconds) },
    close: () => Promise.resolve(),
  };
}
