/** A change of VMs on two hosts over real SSH servers: one plan, one run, one undo, and one host that goes away in the middle. */
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sleep } from '../../simulator/clock.js';
import type { Host } from '../../src/core/cmdlets/call.js';
import { vmIn, type HostId } from '../../src/core/cmdlets/ref.js';
import type { VmWant } from '../../src/core/machine/goal.js';
import { bootstrapOf } from '../../src/powershell/bootstrap.js';
import { openSession, type Session } from '../../src/powershell/session.js';
import { sshTransport } from '../../src/powershell/ssh.js';
import { Pc, readyOf } from '../pc.js';
import { otherPc } from '../unit/core/other-pc.js';
import { beside, planned, runOf, siteAt, start, third, type Site } from '../unit/shell/pcs-beside.js';
import { hasPowerShell } from './runtime.js';
import { accepted, asking, first, labDuring, second, type Behind } from './ssh-lab.js';
import { hasSshd } from './sshd.js';
import { guidOf } from './world.js';

describe.skipIf(!hasSshd() || !(await hasPowerShell()))('VMs on two hosts over SSH', () => {
  const lab = labDuring();
  let hosts: { readonly one: Behind; readonly copy: Behind };
  beforeAll(async () => {
    const [one, copy] = await Promise.all([lab.host('workstation', first), lab.host('workstation', second)]);
    hosts = { one, copy };
  });

  /** A session that can be cut, and opened again. */
  async function lineTo(behind: Behind) {
    const way = await accepted(behind);
    const open = async () => {
      const transport = sshTransport(way, bootstrapOf(asking(behind)));
      const session = await openSession({ transport, lost: () => undefined, isStrange: true });
      return { session: lab.closing(session), pid: () => transport.pid ?? 0 };
    };
    let now = await open();
    const session = (): Session => now.session;
    const host: Host = {
      get handshake() {
        return session().handshake;
      },
      call: (calls, signal) => session().call(calls, signal),
      close: () => session().close(),
    };
    return {
      host,
      cut: () => process.kill(now.pid(), 'SIGKILL'),
      reopen: async () => void (now = await open()),
    };
  }

  async function siteOf(
    at: HostId,
    behind: Behind,
  ): Promise<Site & { readonly line: Awaited<ReturnType<typeof lineTo>> }> {
    const { clock } = behind.simulator;
    const line = await lineTo(behind);
    const time = {
      now: () => clock.now(),
      date: () => new Date(clock.now()),
      wait: (seconds: number) => sleep(clock, seconds),
    };
    const pc = new Pc(line.host, time, new Map(), at);
    return { ...(await siteAt(at, pc, clock, path.join(lab.scratch, 'journals'))), line };
  }

  it('are changed by one plan, and undone by one; what one that is cut has left is undone once it is back', async () => {
    const { one, copy } = hosts;
    const [here, there] = [await siteOf(otherPc, one), await siteOf(third, copy)];
    const { spans, connections, idle, whole } = beside(new Map([[otherPc, here], [third, there]])); // prettier-ignore
    const id = guidOf(one.simulator, 'dev-box');
    expect(guidOf(copy.simulator, 'dev-box')).toBe(id);
    const [mine, theirs] = [vmIn(otherPc, id), vmIn(third, id)];
    const nesting = (behind: Behind) => behind.simulator.outside.vm('dev-box').settings.nesting;
    const both = () => [nesting(one), nesting(copy)];
    const before = both();
    const want: VmWant = { nesting: before[0] !== true };
    const after = before.map((on) => !on);
    const goal = { kind: 'vms', wants: [mine, theirs].map((vm) => ({ vm, want })), consents: [] } as const;

    const run = runOf(await start(spans, await planned(spans, goal)));
    await idle();
    expect([whole(run).outcome, both()]).toEqual(['done', after]);
    const back = runOf(await start(spans, await planned(spans, { kind: 'undo', run, consents: [] })));
    await idle();
    expect([whole(back).outcome, both(), whole(run).undoneBy]).toEqual(['done', before, back]);

    const release = copy.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang', after: true } });
    const asked = copy.simulator.once((event) => event.kind === 'call' && event.request.cmdlet === 'Set-VMProcessor');
    const cutRun = runOf(await start(spans, await planned(spans, goal)));
    await asked;
    there.line.cut();
    await idle();
    release();
    expect([here, there].map(({ runs }) => runs.records[0]?.outcome)).toEqual(['done', 'unknown']);
    expect(both()).toEqual(after);

    const since = '2026-11-24T14:02:00.000Z';
    const failure = { kind: 'session-lost' } as const;
    connections.set(third, { kind: 'lost', failure, attempts: 1, retryAt: since, changing: false, since });
    const undo = { kind: 'undo', run: cutRun, consents: [] } as const;
    const half = await planned(spans, undo);
    expect(readyOf(half.result).blocked.map(({ vm }) => vm)).toEqual([theirs]);
    runOf(await start(spans, half));
    await idle();
    expect(both()).toEqual([before[0], after[1]]);

    await there.line.reopen();
    connections.clear();
    runOf(await start(spans, await planned(spans, undo)));
    await idle();
    expect(both()).toEqual(before);
  });
});
