/** What a run that ends early leaves, and what it owes: judged by what is there, not by what was planned. */
import { describe, expect, test } from 'vitest';
import type { VmWant } from '../../../src/core/machine/goal.js';
import type { RunHappening } from '../../../src/core/run/record.js';
import { leftOff, progressOf } from '../../../src/core/run/progress.js';
import { toastOfRun } from '../../../src/shell/toasts.js';
import { translator } from '../../../src/text/index.js';
import { pcWith, readyOf, story, type Carried } from './run-world.js';

const on: VmWant = { nesting: true };
const refused = { kind: 'error', error: 'access-denied-operation' } as const;
const left = ({ record, events }: Carried): readonly string[] => leftOff(progressOf(record.plan, events));
const running = () => pcWith([{ name: 'a', state: 'Running', up: 600 }]);

describe('a VM that ran', () => {
  test('runs again when a setting is refused after it was shut down', async () => {
    const pc = running();
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: refused });
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Stop-VM', 'failed Set-VMProcessor', 'done Start-VM']);
    expect(done.outcome).toBe('partly');
    expect((await pc.vm('a')).state).toBe('Running');
    expect(left(done)).toEqual([]);
  });

  test('runs again when the session was lost in between, once it is back', async () => {
    const pc = running();
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'die' } });
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Stop-VM', 'unknown Set-VMProcessor', 'done Start-VM']);
    expect((await pc.vm('a')).state).toBe('Running');
  });

  test('is not read for what a step has done that was never begun', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const die = () => pc.simulator.fault({ cmdlet: 'Get-VM', effect: { kind: 'die' } });
    const heard = (told: RunHappening) => {
      if (told.kind === 'step' && told.state === 'running') die();
    };
    const done = await pc.do('a', on, [], { heard });
    expect(story(done)).toEqual(['failed Set-VMProcessor']);
    const failed = done.events.find((event) => event.kind === 'step' && event.state === 'failed');
    expect(failed).toMatchObject({ failure: { kind: 'session-lost' } });
    expect(failed).not.toHaveProperty('readBack');
  });

  test('is named where Windows does not start it again', async () => {
    const pc = running();
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: refused });
    pc.simulator.fault({ cmdlet: 'Start-VM', effect: refused });
    const done = await pc.do('a', on);
    expect(story(done)).toEqual(['done Stop-VM', 'failed Set-VMProcessor', 'failed Start-VM']);
    expect(left(done)).toEqual(['a']);
    const t = translator('en');
    expect(toastOfRun(done.record, t)?.body).toBe(t('wizard.leftOff', { names: ['a'] }));
  });

  test('is started once, where somebody else was quicker', async () => {
    const pc = running();
    const id = pc.id('a');
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'meanwhile', act: () => pc.simulator.outside.put(id, 'Running') } }); // prettier-ignore
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: refused });
    const done = await pc.do('a', on);
    expect(done.changes.map(({ cmdlet }) => cmdlet)).toEqual(['Stop-VM', 'Set-VMProcessor']);
    expect(left(done)).toEqual([]);
  });

  test('that was off, or was to be off, is not started', async () => {
    const off = pcWith([{ name: 'a' }]);
    off.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: refused });
    expect(story(await off.do('a', on))).toEqual(['failed Set-VMProcessor']);
    const pc = running();
    pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: refused });
    const done = await pc.do('a', { ...on, power: 'off' });
    expect(story(done)).toEqual(['done Stop-VM', 'failed Set-VMProcessor']);
    expect(left(done)).toEqual([]);
  });
});

describe('a shutdown that Windows answered with an error', () => {
  const asked = async (then: 'at once' | 'later') => {
    const pc = running();
    const id = pc.id('a');
    pc.simulator.fault({ cmdlet: 'Stop-VM', effect: { kind: 'error', error: 'state-change-failed' } });
    if (then === 'at once')
      pc.simulator.fault({ cmdlet: 'Stop-VM', effect: { kind: 'meanwhile', act: () => pc.simulator.outside.put(id, 'Off') } }); // prettier-ignore
    const done = await pc.do('a', on);
    if (then === 'later') pc.simulator.outside.put(id, 'Off');
    return { pc, done };
  };

  test('and that went through is followed by a start', async () => {
    const { pc, done } = await asked('at once');
    expect(story(done).slice(0, 3)).toEqual(['failed Stop-VM', 'skipped Set-VMProcessor', 'done Start-VM']);
    expect((await pc.vm('a')).state).toBe('Running');
  });

  test('and that goes through later is undone by a start', async () => {
    const { pc, done } = await asked('later');
    expect(await pc.verdicts(done)).toEqual({ power: 'undo' });
    await pc.carryOut(readyOf(await pc.undoPlan(done)));
    expect((await pc.vm('a')).state).toBe('Running');
  });
});

test('a setting that was refused after it took effect, and that could not be read, is compared when it is undone', async () => {
  const pc = pcWith([{ name: 'a' }]);
  const id = pc.id('a');
  const plan = await pc.ready('a', on);
  pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'meanwhile', act: () => pc.simulator.outside.set(id, { nesting: true }) } }); // prettier-ignore
  pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: refused });
  pc.simulator.fault({ cmdlet: 'Get-VM', nth: 3, effect: { kind: 'error', error: 'vmms-stopped' } });
  const done = await pc.carryOut(plan);
  expect(story(done)).toEqual(['unknown Set-VMProcessor']);
  expect(done.outcome).toBe('unknown');
  expect(await pc.verdicts(done)).toEqual({ nesting: 'undo' });
  await pc.carryOut(readyOf(await pc.undoPlan(done)));
  expect((await pc.vm('a')).nesting).toBe(false);
});
