import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { expect, test } from 'vitest';
import { checksOfHost, checksOfVm } from '../../../src/core/checks/all.js';
import { howToChange, needsReview, type HowToChange } from '../../../src/core/change/one-click.js';
import { planWants } from '../../../src/core/change/plan.js';
import { isNestingBlocked } from '../../../renderer/state/host.js';
import { standingOf, type Standing } from '../../../renderer/state/standing.js';
import { scenarioNames } from '../../../simulator/scenarios/scenarios.js';
import { readWorld } from '../shell/a-machine.js';

/** What the tray may offer of nesting where the page of the VM says this. */
const allowed: Readonly<Record<Standing['kind'], readonly HowToChange[]>> = {
  ready: ['now'],
  'ready-running': ['review'],
  paused: ['review'],
  saved: ['review'],
  blocked: ['review', 'no'],
  'host-blocked': ['no'],
  unread: ['no'],
  moving: ['no'],
  on: ['now', 'review'],
  inside: ['review'],
};

/** What the planner may make of it where a click is offered so: what has to be decided first may be refused as it stands. */
const plannedAs: Readonly<Record<HowToChange, readonly HowToChange[]>> = {
  now: ['now'],
  review: ['review', 'no'],
  no: ['no'],
};

// Otherwise the tray would do at once what the page of the same VM says cannot be done, or must be looked at.
test.each(scenarioNames)('%s: the tray offers no more than the page says', async (scenario) => {
  const machine = (await readWorld(scenario)).machine();
  const isBlocked = isNestingBlocked(checksOfHost(machine));
  for (const vm of machine.vms ?? []) {
    const { kind } = standingOf(machine, vm, checksOfVm(machine, vm), isBlocked);
    const want = { nesting: vm.nesting !== true };
    const how = howToChange(machine, vm, want);
    expect(allowed[kind], `${vm.name}: ${kind}`).toContain(how);
    const wants = [{ vm: vmIn(thisPc, vm.id), want }];
    const planned = planWants(machine, { kind: 'vms', wants, consents: [] }, wants, { id: 'p' });
    const plans = planned.kind !== 'ready' ? 'no' : needsReview(planned.plan) ? 'review' : 'now';
    expect(plannedAs[how], `${vm.name}: ${how}`).toContain(plans);
  }
});
