/** What the window copies and saves of a change: the journal has it, also where the plan is shown by the id of a change of several PCs. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { textOf, thisPc, vmIn, type HostId } from '../../../src/core/cmdlets/ref.js';
import type { RunRecord } from '../../../src/core/run/record.js';
import { AppStore, nothingKnown } from '../../../src/shell/app-state.js';
import { scriptCalls } from '../../../src/shell/script-calls.js';
import { translator } from '../../../src/text/index.js';
import { stateOf } from '../../renderer/bridge.js';
import { otherPc } from '../core/other-pc.js';
import { hostOf } from '../core/worlds.js';
import { chainOf, changeOf, eventsOf, ids, planOf, restartChain, runOf, stepOf } from '../renderer/fixtures.js';

const electron = vi.hoisted(() => ({ copied: [] as string[], file: '' }));
vi.mock('electron', () => ({
  clipboard: { writeText: (text: string) => void electron.copied.push(text) },
  dialog: {
    showSaveDialog: (options: { readonly defaultPath: string }) => ({
      canceled: false,
      filePath: join(electron.file, options.defaultPath),
    }),
  },
}));
beforeEach(() => {
  electron.copied.splice(0);
  electron.file = mkdtempSync(join(tmpdir(), 'hypernest-script-'));
});
afterEach(() => rmSync(electron.file, { recursive: true }));

const callsOf = (...[vms, change]: Parameters<typeof stateOf>) =>
  scriptCalls({
    store: new AppStore(stateOf(vms, change), () => undefined),
    worlds: { withPlan: () => ({ planOf: () => undefined }) },
    t: () => translator('en'),
    window: () => undefined,
    mayOpen: () => true,
  });

const copy = (span: RunRecord['span'], of?: typeof thisPc): string => {
  const record = runOf(planOf([restartChain()], { id: 'own' }), eventsOf({ kind: 'started' }), span ? { span } : {});
  const calls = callsOf([], { runs: [record] });
  void calls.copyScript({ plan: span ? 'whole' : 'own', which: 'run', ...(of && { of }) });
  return electron.copied.at(-1) ?? '';
};

test.each<[string, RunRecord['span'], HostId | undefined]>([
  ['of one PC', undefined, undefined],
  ['of several, of which one has a part', { id: 'whole', part: 1, parts: 1 }, undefined],
  ['of several, of the PC that is asked for', { id: 'whole', part: 1, parts: 2 }, thisPc],
])('a change %s has its PowerShell', (_, span, of) => {
  expect(copy(span, of)).toContain(ids.lab);
});

test('of several PCs at once there is none: it would run on no PC', () => {
  expect(copy({ id: 'whole', part: 1, parts: 2 })).not.toContain(ids.lab);
});

/** A VM of another PC can have the same id: what is run outside the app has to say which PC it is for. */
describe('of one PC among others', () => {
  const record = (pc: HostId): RunRecord => {
    const step = stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'nesting', false, true)]);
    const vm = vmIn(pc, ids.box);
    return runOf(planOf([chainOf([{ ...step, vm }], { vm, name: 'dev-box' })], { id: 'own' }), []);
  };
  const calls = (pc: HostId, name?: string) => {
    const there = name === undefined ? null : { at: otherPc, host: hostOf({ name }), vms: [] };
    return callsOf([], {
      runs: pc === thisPc ? [record(pc)] : [],
      hosts: [{ id: otherPc, label: 'Builds', address: 'build-01' }],
      others: {
        [textOf(otherPc)]: {
          ...nothingKnown({ kind: 'host' }),
          machine: there,
          runs: pc === thisPc ? [] : [record(pc)],
        },
      },
    });
  };
  const saved = (file: string): string => readFileSync(join(electron.file, file), 'utf8');
  const guard = (name: string): string => `if ($env:COMPUTERNAME -ne '${name}') { throw 'made for another PC' }`;

  test('its script stops on any other, copied and saved', async () => {
    void calls(otherPc, 'BUILD-01').copyScript({ plan: 'own', which: 'run' });
    expect(electron.copied.at(-1)).toContain(guard('BUILD-01'));
    await calls(otherPc, 'BUILD-01').saveScript({ plan: 'own', which: 'run' });
    expect(saved('hypernest-BUILD-01.ps1')).toContain(guard('BUILD-01'));
  });

  test('its configuration stops on any other, before it changes a feature of Windows', async () => {
    await calls(otherPc, 'BUILD-01').saveConfiguration({ plan: 'own' }, thisPc);
    expect(saved('hypernest-BUILD-01.winget')).toContain(guard('BUILD-01'));
    expect(saved('hypernest-BUILD-01.winget')).not.toContain('OptionalFeatureList');
  });

  test('a script of this PC stops on the others', () => {
    void calls(thisPc).copyScript({ plan: 'own', which: 'run' });
    expect(electron.copied.at(-1)).toContain(guard('DEV-PC'));
  });

  test('where its name is not known there is none', async () => {
    expect(() => calls(otherPc).copyScript({ plan: 'own', which: 'run' })).toThrow();
    await expect((async () => calls(otherPc).saveScript({ plan: 'own', which: 'run' }))()).rejects.toThrow();
    await expect(calls(otherPc).saveConfiguration({ plan: 'own' }, thisPc)).rejects.toThrow();
  });
});
