/** What core makes of the simulated machines: the same code that reads a real PC. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { createScenario, scenarioNames, type ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { accessOf } from '../../src/core/machine/access.js';
import { checksOfHost, checksOfVm, verdictOf } from '../../src/core/checks/all.js';
import type { CheckId } from '../../src/core/checks/check.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { ask } from '../../src/core/cmdlets/batch.js';
import { assembleMachine, snapshotCalls } from '../../src/core/machine/snapshot.js';
import { assembleVms, vmCalls } from '../../src/core/machine/vm-reading.js';
import { samplesOf } from '../../src/core/machine/running-inside.js';
import { badgeOf } from '../../src/core/machine/vm-state.js';

/** Two snapshots, two simulated seconds apart: the counters need both. */
async function seen(name: ScenarioName): Promise<{ readonly machine: Machine; readonly access: string }> {
  const clock = manualClock({ auto: true });
  const host = simulatedHost(createScenario(name, { clock }));
  const { handshake } = host;
  const at = () => new Date(clock.now()).toISOString();
  const first = await ask(host, snapshotCalls(thisPc));
  const previous = assembleMachine(thisPc, first, { handshake, now: at() });
  await clock.advance(2);
  const samples = samplesOf(first.counters, 0);
  const machine = assembleMachine(thisPc, await ask(host, snapshotCalls(thisPc)), {
    handshake,
    now: at(),
    previous,
    at: 2000,
    ...(samples ? { samples } : {}),
  });
  return { machine, access: accessOf({ kind: 'ready', handshake }, machine).kind };
}
const named = (machine: Machine, name: string): Vm => {
  const vm = machine.vms?.find((one) => one.name === name);
  if (!vm) throw new Error(`no ${name}`);
  return vm;
};
const blockers = (machine: Machine): CheckId[] =>
  checksOfHost(machine).flatMap(({ id, verdict }) => (verdict === 'blocker' ? [id] : []));

describe('what stands in the way is found', () => {
  it.each<[ScenarioName, string, CheckId[]]>([
    ['workstation', 'ok', []],
    ['amd-on-windows-11', 'ok', []],
    ['amd-on-windows-10', 'ok', ['windows']],
    ['arm64', 'ok', ['architecture']],
    ['no-hyper-v', 'no-hyper-v', ['module', 'hyper-v-role', 'hypervisor', 'management-service']],
    ['windows-home', 'no-hyper-v', ['module', 'edition', 'hyper-v-role', 'hypervisor', 'management-service']],
    ['not-admin', 'no-access', ['rights']],
    ['administrator-protection', 'no-access', ['rights']],
    ['joined-not-signed-out', 'joined-not-signed-out', ['rights']],
    ['module-blocked', 'module-blocked', ['module']],
    ['service-stopped', 'service-stopped', ['management-service']],
    ['inside-another-hypervisor', 'ok', []],
    ['empty', 'ok', []],
  ])('%s: %s %j', async (name, kind, by) => {
    const { machine, access } = await seen(name);
    expect(access).toBe(kind);
    expect(blockers(machine)).toEqual(by);
  });

  it.each(scenarioNames.filter((name) => name !== 'lab-of-1000'))(
    '%s: every VM that is listed has its checks',
    async (name) => {
      const { machine } = await seen(name);
      for (const vm of machine.vms ?? []) expect(checksOfVm(machine, vm).length).toBeGreaterThan(5);
      expect(['ok', 'advice', 'unknown', 'warning', 'blocker']).toContain(verdictOf(checksOfHost(machine)));
    },
  );
});

describe('no access is not an empty list', () => {
  it.each<ScenarioName>(['not-admin', 'joined-not-signed-out', 'module-blocked', 'service-stopped', 'no-hyper-v'])(
    '%s',
    async (name) => expect((await seen(name)).machine.vms).toBeUndefined(),
  );
  it('empty', async () => expect((await seen('empty')).machine.vms).toEqual([]));
});

describe('the workstation', () => {
  it('has each badge that a person can meet', async () => {
    const { machine } = await seen('workstation');
    const badges = Object.fromEntries((machine.vms ?? []).map((vm) => [vm.name, badgeOf(vm)]));
    expect(badges).toMatchObject({ 构建机: 'probably', 'dev-box': 'off', 'k8s-node-2': 'on', 'Lab DC 01': 'off' });
  });

  it('says of VMs that are read in full whether their guest can be asked to shut down', async () => {
    const clock = manualClock({ auto: true });
    const host = simulatedHost(createScenario('workstation', { clock }));
    const machine = assembleMachine(thisPc, await ask(host, snapshotCalls(thisPc)), {
      handshake: host.handshake,
      now: '',
    });
    const ids = ['Lab DC 01', 'dev-box'].map((name) => named(machine, name).id);
    const read = assembleVms(thisPc, await host.call(vmCalls(thisPc, ids)), ids, {
      handshake: host.handshake,
      now: '',
      previous: machine,
    });
    expect(read.vms.map(({ shutdownService }) => shutdownService)).toEqual(['ok', 'not-answering']);
    const nobody = '00000000-0000-4000-8000-00000000dead';
    expect(
      assembleVms(thisPc, await host.call(vmCalls(thisPc, [nobody])), [nobody], { handshake: host.handshake, now: '' }),
    ).toEqual({
      vms: [],
      gone: [nobody],
      failed: [],
    });
  });
});

it('one broken VM hides no other, and is shown as not known where it is', async () => {
  const { machine } = await seen('one-broken-vm');
  expect(machine.vms).toHaveLength(8);
  const broken = named(machine, 'archive-2019');
  expect([broken.nesting, broken.version, broken.stopAction, badgeOf(broken)]).toEqual([
    undefined,
    undefined,
    undefined,
    'unknown',
  ]);
  expect(broken.unread.length).toBeGreaterThan(0);
  expect(named(machine, 'dev-box').unread).toEqual([]);
});
