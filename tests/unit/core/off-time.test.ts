/** How long a VM was off is one figure, wherever it is said: also of a run that was planned anew on its way. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import { endingOf } from '../../../renderer/wizard/ending.js';
import type { VmWant } from '../../../src/core/machine/goal.js';
import { estimatesOf, offSeconds, phaseOf, progressOf, secondsOf } from '../../../src/core/run/progress.js';
import type { RunHappening } from '../../../src/core/run/record.js';
import { toastOfRun } from '../../../src/shell/toasts.js';
import { translator } from '../../../src/text/index.js';
import { pcWith, story, type Carried, type RunWorld } from './run-world.js';

const t = translator('en');
const wanted: VmWant = { nesting: true, stopAction: 'ShutDown' };
const running = () => pcWith([{ name: 'a', state: 'Running', up: 600 }]);

/** `before`: somebody changes what the plan rests on before the VM goes down; `off`: while it is off. */
async function ran(when: 'never' | 'before' | 'off'): Promise<{ pc: RunWorld; done: Carried }> {
  const pc = running();
  const id = pc.id('a');
  const change = () => pc.simulator.outside.set(id, { stopAction: 'ShutDown' });
  const plan = await pc.ready('a', wanted);
  if (when === 'before') change();
  if (when === 'off') pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'meanwhile', act: change } });
  return { pc, done: await pc.carryOut(plan) };
}

const goingDown = ['done Stop-VM', 'done Set-VMProcessor'];
const moments = [
  ['never', [...goingDown, 'done Set-VM', 'done Start-VM']],
  ['before', ['replanned', ...goingDown, 'done Start-VM']],
  ['off', [...goingDown, 'replanned', 'done Start-VM']],
] as const;

describe.each(moments)('a VM that was shut down and started, planned anew: %s', (when, told) => {
  test('was off for as long as the toast says, and the window', async () => {
    const { done } = await ran(when);
    expect(story(done)).toEqual(told);
    const progress = progressOf(done.record.plan, done.events);
    const [chain] = progress.chains;
    const time = (chain && offSeconds(chain, 0, progress.endedAfter)) ?? 0;
    const first = done.events.find((event) => event.kind === 'step');
    const last = done.events.findLast((event) => event.kind === 'step');
    expect(time).toBe((last?.elapsed ?? 0) - (first?.elapsed ?? 0));
    expect(time).toBeGreaterThan(1);
    expect(chain && phaseOf(chain)).toBe('after');
    expect(toastOfRun(done.record, t)?.body).toBe(t('tray.doneOff', { count: when === 'never' ? 2 : 1, time }));
    const { lead } = endingOf(t, done.record.plan, progress);
    expect(lead).toBe(t('wizard.doneRunsAgain', { time }));
  });

  test('is measured for the next plan', async () => {
    const { pc, done } = await ran(when);
    const steps = progressOf(done.record.plan, done.events).chains.flatMap((chain) => chain.steps);
    const took = (cmdlet: string): number | undefined => {
      const step = steps.find(({ step: { do: act } }) => 'call' in act && act.call.cmdlet === cmdlet);
      return step && secondsOf(step, 0);
    };
    const measured = { down: took('Stop-VM'), up: took('Start-VM') };
    expect(measured.down).toBeGreaterThan(0);
    expect(estimatesOf([done.record]).get(vmIn(thisPc, pc.id('a')))).toEqual(measured);
  });
});

test('a VM that somebody else has started again has no length to speak of', async () => {
  const pc = running();
  const id = pc.id('a');
  const heard = (happening: RunHappening): void => {
    if (happening.kind !== 'step' || happening.state !== 'done') return;
    pc.simulator.outside.set(id, { nesting: true });
    pc.simulator.outside.put(id, 'Running');
  };
  const done = await pc.do('a', { nesting: true }, [], { heard });
  expect(story(done)).toEqual(['done Stop-VM', 'replanned']);
  const progress = progressOf(done.record.plan, done.events);
  expect(progress.chains.map((chain) => [chain.state, offSeconds(chain, 0, progress.endedAfter)])).toEqual([
    ['done', undefined],
  ]);
});
