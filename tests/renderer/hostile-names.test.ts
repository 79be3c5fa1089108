/** Every page of a world whose names are all hostile: nothing unseen reaches an eye, nothing is made visible twice. */
import { vmIn, thisPc, wayTo } from '../../src/core/cmdlets/ref.js';
import { cleanup, render, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import App from '../../renderer/App.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route, type Route } from '../../renderer/state/route.svelte.js';
import { planWants } from '../../src/core/change/plan.js';
import { inverseOf } from '../../src/core/change/inverse.js';
import { renderPlan } from '../../src/core/change/script.js';
import type { Goal } from '../../src/core/machine/goal.js';
import type { RunHappening, RunRecord } from '../../src/core/run/record.js';
import type { AppState, ShownPlan } from '../../src/ipc/schema.js';
import { hostile, rightToLeft, unseenIn } from '../hostile.js';
import { eventsOf, runOf, stepEvent } from '../unit/renderer/fixtures.js';
import { worldOf } from '../unit/shell/a-machine.js';
import { fakeMain, stateOf } from './bridge.js';

/** The simulator's clock takes it; the window's own types have no Node. */
declare global {
  function setImmediate(act: () => void): unknown;
}

const failure = {
  kind: 'unexpected' as const,
  record: { id: 'x', category: 'y', message: 'Windows said', exception: 'E' },
};

/** A PC with a VM that was looked into, what a plan of it ran to, and what main answers to the pages. */
async function hostileState(make?: (text: string) => string): Promise<{ state: AppState; routes: readonly Route[] }> {
  const world = worldOf('server-l1', {
    credentials: (at) => wayTo(at).map(() => ({ userName: 'dev', password: 'lab' })),
  });
  const id = world.simulator.outside.vm('lab').id;
  const readings = [world.reader.read({ all: true, vms: [] }), world.clock.advance(2)];
  await Promise.all(readings);
  await world.reader.readGuest(vmIn(thisPc, id), { roles: true });
  await world.reader.readNetwork();
  const machine = hostile(world.machine(), make);
  const lab = machine.vms?.find((vm) => vm.id === id);
  const inner = lab?.guest?.vms?.[0];
  if (!lab || !inner) throw new Error('a VM that was looked into');
  const goal: Goal = {
    kind: 'vms',
    wants: [
      {
        vm: vmIn(thisPc, id),
        want: { nesting: false, memory: { startup: 2 ** 33 }, roles: { 'virtual-machine-platform': true } },
      },
    ],
    consents: ['shut-down'],
  };
  const result = planWants(machine, goal, goal.wants, { id: 'p1' });
  if (result.kind !== 'ready') throw new Error('a plan');
  const { plan } = result;
  const shown: ShownPlan = {
    result,
    script: renderPlan(plan),
    undoScript: renderPlan(inverseOf(machine, plan)),
    threeWay: plan.chains.flatMap(({ vm, name, steps }) => {
      const changes = new Map(steps.flatMap((step) => step.changes.map((change) => [change.path, change])));
      return [...changes.values()].map(({ path, from, to }) => ({
        ...{ vm, name, path, found: from, wrote: to, now: from, verdict: 'somebody-else' as const },
      }));
    }),
  };
  const [chain] = plan.chains;
  if (!chain) throw new Error('a chain');
  const head = { goal, plan };
  const events = (...last: readonly RunHappening[]) =>
    eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'done'), ...last);
  const runs: RunRecord[] = [
    runOf(plan, events({ kind: 'ended', outcome: 'done' }), { ...head, id: 'done', outcome: 'done' }),
    runOf(
      plan,
      events(stepEvent(chain, 1, 'failed', { failure: hostile(failure, make) }), { kind: 'ended', outcome: 'failed' }),
      { ...head, id: 'failed', outcome: 'failed' },
    ),
    runOf(plan, events(stepEvent(chain, 1, 'running')), { ...head, id: 'cut' }),
  ];
  fakeMain({
    state: () => app.state,
    plan: () => shown,
    threeWay: () => shown.threeWay,
    problemReport: () => ({ files: [], takenOut: {}, size: 0 }),
    memoryHistory: () => [],
  });
  const guests = hostile({ [id]: { status: 'open' as const, userName: 'dev', remembered: false } }, make);
  const accounts = hostile([{ at: vmIn(thisPc, id), machine: 'lab', userName: 'dev' }], make);
  const drifts = hostile([{ vm: vmIn(thisPc, id), name: 'lab', changes: [] }], make);
  const state = stateOf([], { connection: world.connection, machine, guests, accounts, drifts, runs });
  const at = vmIn(thisPc, id);
  const routes: Route[] = [
    { page: 'machines', vm: vmIn(thisPc, id) },
    { page: 'memory', vm: vmIn(thisPc, id) },
    { page: 'host' },
    { page: 'activity', run: 'failed' },
    { page: 'settings' },
    { page: 'errors', text: '0x80070005' },
    { page: 'learn' },
    { page: 'setup' },
    { page: 'wizard', goal },
    { page: 'wizard', goal: { kind: 'vms', wants: [{ vm: vmIn(thisPc, id), want: {} }], consents: [] } },
    { page: 'wizard', goal: { kind: 'vms', wants: [{ vm: vmIn(thisPc, id), want: { roles: {} } }], consents: [] } },
    {
      page: 'wizard',
      goal: { kind: 'vms', wants: [{ vm: vmIn(thisPc, id), want: { network: 'choose' } }], consents: [] },
    },
    { page: 'run', run: 'done' },
    { page: 'run', run: 'failed' },
    { page: 'undo', run: 'done' },
    { page: 'recover', run: 'cut' },
    { page: 'proof', at, vm: vmIn(at, inner.id) },
  ];
  return { state, routes };
}

interface Seen {
  readonly by: string;
  readonly text: string;
}

/** All that is read, seen or spoken; what a person edits stands in its field as it is. */
function seen(): readonly Seen[] {
  const texts: Seen[] = [{ by: 'title', text: document.title }];
  const nameOf = (element: Element | null): string => `${element?.tagName ?? ''}.${element?.className ?? ''}`;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    texts.push({
      by: `${nameOf(parentElement?.parentElement ?? null)} > ${nameOf(parentElement)}`,
      text: textContent ?? '',
    });
  }
  for (const element of document.body.querySelectorAll('*'))
    for (const { name, value } of Array.from(element.attributes))
      if (name !== 'value' && !name.startsWith('data-')) texts.push({ by: `${nameOf(element)} @${name}`, text: value });
  return texts;
}

async function open(state: AppState, to: Route): Promise<readonly Seen[]> {
  cleanup();
  document.body.innerHTML = '';
  route.go(to);
  app.state = state;
  render(App);
  app.state = state;
  await tick();
  await waitFor(() => expect(document.querySelector('main [aria-busy="true"]')).toBeNull());
  // Whatever can be unfolded is.
  for (const folded of Array.from(document.querySelectorAll<HTMLElement>('main [aria-expanded="false"]')))
    folded.click();
  await tick();
  await new Promise((done) => setTimeout(done));
  return seen();
}

describe('hostile names', () => {
  it('are shown with what is unseen in them, on every page', async () => {
    const { state, routes } = await hostileState();
    const found: string[] = [];
    for (const to of routes) {
      const texts = await open(state, to);
      const where = `${to.page} ${'goal' in to ? JSON.stringify(to.goal).slice(60, 130) : ''}`;
      if (!texts.some(({ text }) => text.includes('⟨U+202E⟩'))) found.push(`${where}: no hostile name is on it`);
      for (const { by, text } of texts) {
        const [one] = unseenIn(text, by.includes('quote') ? 5000 : 400);
        if (one !== undefined) found.push(`${where}: ${one} in ${by}`);
      }
    }
    expect([...new Set(found)]).toEqual([]);
  });

  it('from right to left are isolated once, and never shown as if the isolate were theirs', async () => {
    const { state, routes } = await hostileState(rightToLeft);
    const found: string[] = [];
    for (const to of routes)
      for (const { text } of await open(state, to))
        if (text.includes('⟨U+206')) found.push(`${JSON.stringify(to).slice(0, 120)}: ${text}`);
    expect([...new Set(found)]).toEqual([]);
  });
});
