/** A snapshot over SSH, through a real server on loopback, beside one of the same world without it. */
import type { Host, HostCall } from '../../src/core/cmdlets/call.js';
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { snapshotCalls } from '../../src/core/machine/snapshot.js';
import { acceptKey, testHost } from '../../src/powershell/host-test.js';
import { openOverSsh } from '../../src/powershell/ssh.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { hasPowerShell } from '../powershell/runtime.js';
import { hasSshd, startSshd } from '../powershell/sshd.js';
import { behindEngine, IDENTITY } from '../powershell/world.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
  readonly note: string;
}

const calls: readonly HostCall[] = Object.values(snapshotCalls(thisPc));

async function took(host: Pick<Host, 'call'>): Promise<number> {
  const began = performance.now();
  for (const result of await host.call(calls))
    if (!('rows' in result)) throw new Error(`not answered: ${JSON.stringify(result)}`);
  return performance.now() - began;
}
export async function run(): Promise<Figure[]> {
  if (!hasSshd() || !(await hasPowerShell())) return [];
  const local = await behindEngine(createScenario('lab-of-10'));
  const sshd = await startSshd(local.shell);
  const options = { identity: IDENTITY, standIn: local.shell.standIn };
  const way = sshd.way();
  const { fingerprint } = await testHost(way, options);
  if (fingerprint) await acceptKey(way, fingerprint);
  const far = await openOverSsh(way, options);
  const [over, without]: [number[], number[]] = [[], []];
  // The first of each compile what they run.
  for (let round = 0; round < 150; round++) {
    over.push(await took(far));
    without.push(await took(local.session));
  }
  await far.close();
  await sshd.close();
  await local.close();
  // The fastest of each: three processes more stand in line for a processor, and what else the machine does only adds.
  const [ssh, here] = [Math.min(...over.slice(20)), Math.min(...without.slice(20))];
  return [{ name: 'snapshot over ssh ÷ without', ratio: ssh / here, aim: 1.5, note: `${ssh.toFixed(1)} ms ÷ ${here.toFixed(1)} ms` }]; // prettier-ignore
}
