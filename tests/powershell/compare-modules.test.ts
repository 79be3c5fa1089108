/** tools/compare-modules.mjs, which a Windows runs on its own modules, here on modules that are made of the facts. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario, type ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { hasPowerShell, shellFor } from './runtime.js';

async function compared(scenario: ScenarioName) {
  const shell = await shellFor(createScenario(scenario, { clock: manualClock() }), 'nobody');
  return promisify(execFile)(process.execPath, [path.resolve('tools/compare-modules.mjs'), shell.executable], {
    env: { ...shell.env },
  });
}

describe.skipIf(!(await hasPowerShell()))('the comparison of modules', () => {
  it('finds no difference where the modules are the facts', async () => {
    const { stdout } = await compared('workstation');
    expect(stdout).toMatch(/^[1-9]\d* compared, 0 differences\n$/);
  });

  it('names what is not there, and ends with an error', async () => {
    await expect(compared('no-hyper-v')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Set-VMProcessor: not on this machine (module Hyper-V)\n') as unknown,
    });
  });
});
