/** Scripts as they are exported, run on a simulated PC by somebody who has no app. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sleep } from '../../simulator/clock.js';
import { networkWant } from '../../src/core/network/resolve.js';
import { inverseOf } from '../../src/core/change/inverse.js';
import { configurationOf } from '../../src/core/change/configuration.js';
import type { Plan } from '../../src/core/change/step.js';
import { renderPlan, toScript } from '../../src/core/change/script.js';
import { vmAt } from '../../src/core/machine/tree.js';
import { shown as asSeen } from '../../src/text/index.js';
import { readyOf, scenarioWorld, type RunWorld } from '../unit/core/run-world.js';
import { oneShots } from './one-shots.js';
import { hasPowerShell } from './runtime.js';

const run = (pc: RunWorld, plan: Pick<Plan, 'chains'>, accounts: readonly (readonly string[])[] = []) =>
  runText(pc, `\uFEFF${toScript(renderPlan(plan))}`, accounts);

async function runText(
  { simulator }: RunWorld,
  text: string,
  accounts: readonly (readonly string[])[] = [],
  computer = 'DEV-PC',
) {
  const { shell } = await oneShots(simulator, {
    COMPUTERNAME: computer,
    HYPERNEST_ACCOUNTS: accounts.map((one) => one.join('\t')).join('\n'),
    HYPERNEST_ELEVATED: '1',
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-exported-'));
  // Guests boot while a script waits for them: time goes on here too.
  const time = setInterval(() => void sleep(simulator.clock, 5), 100);
  try {
    const file = path.join(folder, 'exported.ps1');
    fs.writeFileSync(file, text);
    return await shell(['-File', file]);
  } finally {
    clearInterval(time);
    fs.rmSync(folder, { recursive: true, maxRetries: 9 });
  }
}

/** Lines of what it reads again. */
const shown = (out: string) => out.split(/\r?\n/).filter((line) => line.includes(' : '));

describe.skipIf(!(await hasPowerShell()))('an exported script', () => {
  it.each([
    ['changes the adapter that it was made for, and shows each kind of value that it has read again', false],
    ['ends with an error when that adapter is gone, in place of doing nothing', true],
  ])('%s', async (_, isGone) => {
    const pc = scenarioWorld('workstation');
    const [adapter] = pc.simulator.outside.vm('dev-box').settings.adapters;
    if (!adapter) throw new Error('dev-box has no adapter');
    const want = { nesting: true, adapters: { [adapter.id]: { macSpoofing: 'On' } } } as const;
    const plan = await pc.ready('dev-box', want);
    if (isGone) pc.simulator.outside.set(pc.id('dev-box'), { adapters: [] });
    const { code, out } = await run(pc, plan);
    expect([out, code]).toEqual([out, isGone ? 1 : 0]);
    if (isGone) return;
    expect(shown(out)).toEqual([
      'ExposeVirtualizationExtensions : True',
      `Id : ${adapter.id}`,
      'MacAddressSpoofing : On',
    ]);
    expect((await pc.plan('dev-box', want)).kind).toBe('already-so');
  });

  it('that is the part of one of several PCs runs on that PC, and stops on any other before it changes anything', async () => {
    const name = "b'$(1)’";
    const pc = scenarioWorld('workstation');
    const plan = await pc.ready('dev-box', { nesting: true });
    const text = `\uFEFF${toScript(renderPlan(plan), name)}`;
    const other = await runText(pc, text, [], 'BUILD-02');
    expect([other.out, other.code]).toEqual([other.out, 1]);
    expect((await pc.vm('dev-box')).nesting).toBe(false);
    const own = await runText(pc, text, [], name.toUpperCase());
    expect([own.out, own.code]).toEqual([own.out, 0]);
    expect((await pc.vm('dev-box')).nesting).toBe(true);
  });

  it('makes a network inside, in the VM and in those that it holds, by accounts that it asks for by name', async () => {
    const pc = scenarioWorld('server-l1');
    const id = pc.id('lab');
    await pc.enter(vmIn(thisPc, id), { userName: 'dev', password: 'lab' });
    const nested = vmAt(pc.reader.machine, vmIn(thisPc, id))?.guest?.vms ?? [];
    const win = nested.find(({ name }) => name === 'lab-win');
    if (!win || !pc.reader.machine) throw new Error('no lab-win');
    await pc.enter(vmIn(vmIn(thisPc, id), win.id), { userName: 'dev', password: 'lab-win' });
    const lab = vmAt(await pc.readInside(), vmIn(thisPc, id));
    if (!lab) throw new Error('no lab');
    const adapters = (lab.guest?.vms ?? []).flatMap((vm) => (vm.adapters ?? []).slice(0, 1).map((adapter) => ({ vm, adapter }))); // prettier-ignore
    const network = networkWant(pc.reader.machine, lab, 'nat', adapters);
    if (!network) throw new Error('no NAT network');
    const plan = await pc.ready('lab', { network }, ['interrupt-guest-network']);
    const accounts = [
      [`Inside ${win.id} in lab`, 'dev', 'lab-win'],
      ['Inside lab', 'dev', 'lab'],
    ];
    const { code, out } = await run(pc, plan, accounts);
    expect([out, code]).toEqual([out, 0]);
    expect(out).toContain('asked: Inside lab\n');
    expect(shown(out).map((line) => line.split(' : ')[0])).toEqual(
      expect.arrayContaining(['SwitchType', 'InternalIPInterfaceAddressPrefix']),
    );
    expect((await pc.plan('lab', { network }, ['interrupt-guest-network'])).kind).toBe('already-so');
  });

  it('makes a VM with its disk and starts it from its image', async () => {
    const pc = scenarioWorld('empty');
    const plan = readyOf(
      await pc.planGoal({
        kind: 'create',
        consents: [],
        vm: {
          name: `Lab's "1"`,
          disk: { kind: 'empty', path: 'C:\\Users\\dev\\VMs\\Lab 1.vhdx', size: 64 * 2 ** 30 },
          iso: 'C:\\Users\\dev\\Downloads\\Win11_24H2_EnglishInternational_x64.iso',
          processors: 4,
          memory: 8 * 2 ** 30,
          secureBoot: 'windows',
          tpm: true,
          switchName: 'Default Switch',
          nesting: true,
          start: true,
        },
      }),
    );
    const { code, out } = await run(pc, plan);
    expect([out, code]).toEqual([out, 0]);
    const [vm] = pc.simulator.world.host.vms.values();
    expect(vm).toMatchObject({ name: `Lab's "1"`, state: 'Running', generation: 2 });
    expect(vm?.settings).toMatchObject({ nesting: true, processors: 4, tpm: true, secureBoot: 'On' });
    expect(vm?.settings.firstBoot).toBe(vm?.settings.dvds[0]?.id);
    expect(shown(out)).toContain('ExposeVirtualizationExtensions : True');
  });

  it('turns a role on inside, waits for it and shows its state', async () => {
    const pc = scenarioWorld('workstation');
    await pc.enter(vmIn(thisPc, pc.id('构建机')), { userName: 'builder', password: 'build-01' });
    const want = { roles: { 'virtual-machine-platform': true } } as const;
    const plan = await pc.ready('构建机', want, ['shut-down']);
    const { code, out } = await run(pc, plan, [['Inside 构建机', 'builder', 'build-01']]);
    expect([out, code]).toEqual([out, 0]);
    expect(shown(out)).toEqual(expect.arrayContaining(['FeatureName : VirtualMachinePlatform', 'State : Enabled']));
  });

  it('turns a role on in a VM inside a VM, and hands on the account of that', async () => {
    const pc = scenarioWorld('server-l1');
    const lab = vmIn(thisPc, pc.id('lab'));
    await pc.enter(lab, { userName: 'dev', password: 'lab' });
    const win = vmAt(pc.reader.machine, lab)?.guest?.vms?.find(({ name }) => name === 'lab-win');
    if (!win) throw new Error('no lab-win');
    const ref = vmIn(lab, win.id);
    await pc.enter(ref, { userName: 'dev', password: 'lab-win' });
    const wants = [{ vm: ref, want: { roles: { 'virtual-machine-platform': true } } }];
    const plan = readyOf(await pc.planGoal({ kind: 'vms', wants, consents: ['shut-down'] }));
    const { code, out } = await run(pc, plan, [
      [`Inside ${win.id} in lab`, 'dev', 'lab-win'],
      ['Inside lab', 'dev', 'lab'],
    ]);
    expect([out, code]).toEqual([out, 0]);
    expect(shown(out)).toEqual(expect.arrayContaining(['FeatureName : VirtualMachinePlatform', 'State : Enabled']));
  });

  it('starts disabled services inside and shows how they are, and the script of its undo disables them again', async () => {
    const pc = scenarioWorld('service-off-inside');
    await pc.enter(vmIn(thisPc, pc.id('lab')), { userName: 'dev', password: 'lab' });
    const want = { roles: { 'hyper-v': true } } as const;
    const plan = await pc.ready('lab', want);
    const machine = pc.reader.machine;
    if (!machine) throw new Error('nothing was read');
    const account = [['Inside lab', 'dev', 'lab']] as const;
    const { code, out } = await run(pc, plan, account);
    expect([out, code]).toEqual([out, 0]);
    const states = ['Name : vmms', 'State : Running', 'StartMode : Auto', 'Name : vmcompute', 'StartMode : Manual'];
    expect(shown(out)).toEqual(expect.arrayContaining(states));
    expect((await pc.plan('lab', want)).kind).toBe('already-so');
    const back = await run(pc, inverseOf(machine, plan), account);
    expect([back.out, back.code]).toEqual([back.out, 0]);
    expect(shown(back.out)).toEqual(expect.arrayContaining(['State : Stopped', 'StartMode : Disabled']));
  });

  it('as a configuration says that it is to be done, does it, and says that it is done', async () => {
    const pc = scenarioWorld('workstation');
    const [adapter] = pc.simulator.outside.vm('dev-box').settings.adapters;
    if (!adapter) throw new Error('dev-box has no adapter');
    const want = { nesting: true, adapters: { [adapter.id]: { macSpoofing: 'On' } } } as const;
    const document = configurationOf(await pc.ready('dev-box', want), false, asSeen);
    const { testScript, setScript } = document?.resources[1]?.properties ?? {};
    const outOf = async (script: unknown) => {
      const { code, out } = await runText(pc, String(script));
      expect([out, code]).toEqual([out, 0]);
      return out.trim();
    };
    expect(await outOf(testScript)).toBe('False');
    expect(await outOf(setScript)).toBe('');
    expect(await outOf(testScript)).toBe('True');
    pc.simulator.outside.set(pc.id('dev-box'), { adapters: [] });
    expect((await runText(pc, String(testScript))).code).toBe(1);
  });
});
