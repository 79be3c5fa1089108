/** tests/live/probe.ps1, which a runner asks first, on simulated PCs: what it says of each, and that it leaves them as they were. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { oneShots } from '../powershell/one-shots.js';
import { hasPowerShell } from '../powershell/runtime.js';
import type { ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { namesIn } from './recording.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-probe-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function probed(scenario: ScenarioName) {
  const [file, outputs] = ['json', 'txt'].map((kind) => path.join(folder, `${scenario}.${kind}`)) as [string, string];
  const { simulator, shell } = await oneShots(scenario, { HYPERNEST_ELEVATED: '1', GITHUB_OUTPUT: outputs, ImageVersion: '20261201.1' }); // prettier-ignore
  const vms = () => [...simulator.world.host.vms.values()].map(({ id, state }) => [id, state]);
  const before = vms();
  const script = path.resolve('tests/live/probe.ps1');
  const { code, out } = await shell(['-Command', `& '${script}' -Path '${file}' -Prefix hn-live-0`]);
  expect([out, code]).toEqual([out, 0]);
  expect(vms()).toEqual(before);
  const text = fs.readFileSync(file, 'utf8');
  return { simulator, out, text, probe: JSON.parse(text) as Readonly<Record<string, unknown>>, outputs: fs.readFileSync(outputs, 'utf8') }; // prettier-ignore
}

// On Windows the engine asks that Windows for its token; what is probed there is real.
describe.skipIf(process.platform === 'win32' || !(await hasPowerShell()))('the probe', () => {
  it('says ok where a VM starts, with extensions too, and all that it found; but no name', async () => {
    const { probe, text, outputs, out, simulator } = await probed('workstation');
    expect(probe).toMatchObject({
      hyperv: 'ok',
      expose: 'ok',
      reason: '',
      image: expect.stringContaining('20261201.1') as unknown,
      windows: 'Microsoft Windows 11 Pro 26100',
      vmms: 'Running',
      'hypervisor counters': 1,
      'NAT networks': 0,
      hypervisorPresent: true,
      // What only Windows has is an error of it, and stops nothing.
      elevated: expect.stringMatching(/^error: \w+/) as unknown,
      picture: expect.stringMatching(/^error: \w+/) as unknown,
    });
    expect(Number(probe['memory'])).toBe(simulator.world.host.computer.memory);
    expect(outputs).toBe('hyperv=ok\nexpose=ok\nreason=\nsshd=absent\n');
    expect(out).toContain('hyperv: ok');
    const { host } = simulator.world;
    const names = [
      host.name,
      host.identity.account,
      host.identity.sid,
      ...[...host.vms.values()].map(({ name }) => name),
    ];
    expect(namesIn(text, names)).toEqual([]);
  });

  it.each([
    ['no-hyper-v', 'absent', 'unknown', 'the module Hyper-V is not there'],
    ['service-stopped', 'absent', 'unknown', 'vmms: Stopped'],
    ['hypervisor-off', 'broken', 'unknown', 'starting a VM: '],
    ['amd-on-windows-10', 'ok', 'refused', 'starting a VM with extensions exposed: '],
  ] as const)('says of %s: %s, %s, and why, loudly', async (scenario, hyperv, expose, reason) => {
    const { probe, outputs, out } = await probed(scenario);
    expect(probe).toMatchObject({ hyperv, expose, reason: expect.stringContaining(reason) as unknown });
    expect(outputs).toContain(`hyperv=${hyperv}\nexpose=${expose}\nreason=${reason}`);
    expect(out.includes('::warning title=Hyper-V::')).toBe(hyperv !== 'ok');
  });
});
