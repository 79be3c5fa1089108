/** A simulated world behind the real engine: what main.ts does for the simulated workstation, for tests. */
import { manualClock } from '../../simulator/clock.js';
import { createScenario, type ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import type { Simulator } from '../../simulator/simulator.js';
import { bootstrapOf } from '../../src/powershell/bootstrap.js';
import { openSession, type Session, type SessionOptions } from '../../src/powershell/session.js';
import { childTransport } from '../../src/powershell/transport.js';
import type { FoundShell } from '../../src/powershell/find.js';
import { shellFor } from './runtime.js';

export interface Behind {
  readonly simulator: Simulator;
  readonly session: Session;
  readonly shell: FoundShell;
  /** Every request line that was sent: never a secret. */
  readonly sent: readonly string[];
  readonly lost: readonly string[];
  readonly open: (options?: Partial<SessionOptions>) => Promise<Session>;
  readonly close: () => Promise<void>;
}

/** In the place of identity.ps1: asks the simulated world. */
export const IDENTITY = 'param($modules) Import-Module "$modules/Hypernest.Simulation"; Get-SimulatedIdentity';

/** `auto`: time runs by itself as soon as nothing else is to do. */
export async function behindEngine(
  scenario: ScenarioName | Simulator,
  { auto = true, ...first }: { readonly auto?: boolean } & Partial<SessionOptions> = {},
): Promise<Behind> {
  const simulator =
    typeof scenario === 'string' ? createScenario(scenario, { clock: manualClock({ auto }) }) : scenario;
  const server = await serveSimulator(simulator);
  const shell = await shellFor(simulator, server.address);
  const sent: string[] = [];
  const lost: string[] = [];
  const sessions: Session[] = [];
  const open = async (options: Partial<SessionOptions> = {}): Promise<Session> => {
    const transport = childTransport({
      ...shell,
      bootstrap: bootstrapOf({ identity: IDENTITY, standIn: shell.standIn }),
    });
    const session = await openSession({
      transport,
      trace: (line) => sent.push(line),
      lost: ({ kind }) => lost.push(kind),
      ...options,
    });
    sessions.push(session);
    return session;
  };
  const session = await open(first);
  return {
    simulator,
    session,
    shell,
    sent,
    lost,
    open,
    async close() {
      await Promise.all(sessions.map((one) => one.close()));
      await server.close();
    },
  };
}

export const guidOf = ({ world }: Simulator, name: string): string => {
  for (const vm of world.host.vms.values()) if (vm.name === name) return vm.id;
  throw new Error(`no VM ${name}`);
};
