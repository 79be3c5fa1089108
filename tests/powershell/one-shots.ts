/** The engine for one command each, over a simulated world. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario, type ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator, type SimulatorServer } from '../../simulator/server.js';
import type { Simulator } from '../../simulator/simulator.js';
import { shellFor } from './runtime.js';

const servers: SimulatorServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

interface OneShot {
  readonly simulator: Simulator;
  /** What the statements wrote, as lines. */
  readonly lines: (text: string) => Promise<readonly string[]>;
  readonly shell: (args: readonly string[]) => Promise<{ readonly code: number; readonly out: string }>;
}

export async function oneShots(
  scenario: ScenarioName | Simulator,
  env: Readonly<Record<string, string>> = {},
): Promise<OneShot> {
  const simulator =
    typeof scenario === 'string' ? createScenario(scenario, { clock: manualClock({ auto: true }) }) : scenario;
  const server = await serveSimulator(simulator);
  servers.push(server);
  const found = await shellFor(simulator, server.address);
  const shell: OneShot['shell'] = (args) =>
    new Promise((resolve) => {
      execFile(
        found.executable,
        ['-NoLogo', '-NoProfile', '-NonInteractive', ...args],
        { env: { ...found.env, PSModulePath: modulePath(found.env['PSModulePath']), ...env } },
        (error, out, said) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out: out + said });
        },
      );
    });
  return {
    simulator,
    shell,
    async lines(text) {
      const { out } = await shell(['-Command', text]);
      return out.split(/\r?\n/).filter((line) => line !== '');
    },
  };
}

const standIns = path.resolve('tests/powershell/stand-ins');
const modulePath = (found = '') => [found, standIns].join(path.delimiter);

/** Statements that say what went wrong, for what PowerShell itself tells of it. */
export const caught = (statement: string) =>
  `try { ${statement} } catch { $_.FullyQualifiedErrorId; [string] $_.CategoryInfo.Category; $_.Exception.GetType().FullName; $_.Exception.Message }`;

/** An account, in PowerShell. */
export const account = (user: string, password: string) =>
  `$(& { $secret = [securestring]::new(); foreach ($one in '${password}'.ToCharArray()) { $secret.AppendChar($one) }; [pscredential]::new('${user}', $secret) })`;
