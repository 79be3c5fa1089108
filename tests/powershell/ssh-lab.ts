/** Simulated hosts behind real SSH servers, for the tests that use them; all of it goes when the file is done. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { manualClock, type Clock } from '../../simulator/clock.js';
import { createScenario, type ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { Host, HostCall } from '../../src/core/cmdlets/call.js';
import { thisPc } from '../../src/core/cmdlets/ref.js';
import type { FoundShell } from '../../src/powershell/find.js';
import { acceptKey, testHost } from '../../src/powershell/host-test.js';
import { NotReady } from '../../src/powershell/session.js';
import type { SshWay } from '../../src/powershell/ssh.js';
import { shellFor } from './runtime.js';
import { startSshd, type Sshd } from './sshd.js';
import { IDENTITY } from './world.js';

export interface Behind {
  readonly simulator: Simulator;
  readonly shell: FoundShell;
  readonly sshd: Sshd;
}

export function labDuring() {
  const made: (() => Promise<unknown>)[] = [];
  let folder: string | undefined;
  afterAll(async () => {
    for (const undo of made.toReversed()) await undo();
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
  });
  const closing = <T extends { readonly close: () => Promise<void> }>(one: T): T => {
    made.push(() => one.close());
    return one;
  };
  return {
    get scratch(): string {
      return (folder ??= fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-ssh-')));
    },
    /** Closed at the end, the last first. */
    closing,
    /** `uuid`: of its firmware. */
    async host(
      scenario: ScenarioName,
      uuid: string,
      {
        clock = manualClock({ auto: true }),
        ...how
      }: NonNullable<Parameters<typeof startSshd>[1]> & { readonly clock?: Clock } = {},
    ): Promise<Behind> {
      const simulator = createScenario(scenario, { clock });
      simulator.world.host.uuid = uuid;
      const server = closing(await serveSimulator(simulator));
      const shell = await shellFor(simulator, server.address);
      return { simulator, shell, sshd: closing(await startSshd(shell, how)) };
    },
  };
}

export const asking = ({ shell }: Pick<Behind, 'shell'>) => ({ identity: IDENTITY, standIn: shell.standIn });

/** A way of which the key is accepted, as a person does it after the first test. */
export async function accepted(behind: Behind, over: Parameters<Sshd['way']>[0] = {}): Promise<SshWay> {
  const way = behind.sshd.way(over);
  const { fingerprint } = await testHost(way, asking(behind));
  if (!fingerprint || !(await acceptKey(way, fingerprint))) throw new Error('no key');
  return way;
}

export async function whyNot(opening: Promise<Host>): Promise<NotReady['failure']> {
  const error = await opening.catch((cause: unknown) => cause);
  if (error instanceof NotReady) return error.failure;
  throw new Error('it came up', { cause: error });
}

export const at = thisPc;
export const nesting = (vm: string, on: boolean): HostCall => ({
  cmdlet: 'Set-VMProcessor',
  params: { ExposeVirtualizationExtensions: on },
  at,
  on: { vm },
});
export async function isNesting(host: Host, vm: string): Promise<unknown> {
  const [list, processors] = await host.call([
    { cmdlet: 'Get-VM', params: {}, at },
    { cmdlet: 'Get-VMProcessor', params: {}, at, on: { call: 0 } },
  ]);
  if (!('rows' in list) || !('rows' in processors)) throw new Error('not answered');
  return processors.rows.find(({ VMId }) => VMId === vm)?.ExposeVirtualizationExtensions;
}

/** Ids of machines. */
export const [first, second, third] = (['a', 'b', 'c'] as const).map(
  (letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`,
) as [string, string, string];
