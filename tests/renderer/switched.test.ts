/** Another host is shown while something of the one before is not answered yet. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Confirm from '../../renderer/machines/Confirm.svelte';
import Proof from '../../renderer/pages/Proof.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { doNow, goalFor, review } from '../../renderer/state/quick.js';
import { route } from '../../renderer/state/route.svelte.js';
import { textOf, thisPc, vmIn } from '../../src/core/cmdlets/ref.js';
import type { Proof as ProofOf } from '../../src/core/network/proof.js';
import type { AppState, HostState, ShownPlan } from '../../src/ipc/schema.js';
import { nothingKnown } from '../../src/shell/app-state.js';
import { translator } from '../../src/text/index.js';
import { hostNamed, otherPc } from '../unit/core/other-pc.js';
import { handshakeOf, machineOf, vmOf } from '../unit/core/worlds.js';
import { chainOf, planOf, stepOf } from '../unit/renderer/fixtures.js';
import { fakeMain, ready } from './bridge.js';

const t = translator('en');
const runner = vmOf(1, { name: 'runner' });
const at = vmIn(otherPc, runner.id);
const withHost = (known: Partial<HostState> = {}): AppState =>
  ready([vmOf(1, { name: 'dev-box' })], {
    hosts: [{ id: otherPc, label: 'Builds', address: 'admin@build-01' }],
    others: {
      [textOf(otherPc)]: {
        ...nothingKnown({ kind: 'host' }),
        connection: { kind: 'ready', handshake: handshakeOf(), elevated: false },
        machine: { ...machineOf({ name: 'BUILD-01' }, [runner]), at: otherPc },
        ...known,
      },
    },
  });
/** What comes of it must be looked at. */
const decides: ShownPlan = { result: { kind: 'blocked', by: [] }, script: [], undoScript: [] };
const planned: ShownPlan = {
  result: { kind: 'ready', plan: planOf([chainOf([stepOf(runner.id, 1, 'setting')], { vm: at, name: 'runner' })]) },
  script: [],
  undoScript: [],
};

/** An answer that comes when the test says so. */
function later() {
  let come = (_: unknown): void => undefined;
  const answer = new Promise((resolve) => (come = resolve));
  return { answer, come };
}

beforeEach(() => {
  fakeMain({});
  app.state = withHost();
  app.show(otherPc);
});
afterEach(() => {
  cleanup();
  app.show(thisPc);
  app.state = null;
});

describe('a quick change', () => {
  it('that must be reviewed is reviewed on its own host', async () => {
    const { answer, come } = later();
    fakeMain({ plan: () => answer });
    const done = doNow(at, 'runner', { power: 'running' });
    app.show(thisPc);
    come(decides);
    await done;
    expect([app.at, route.now]).toEqual([otherPc, { page: 'wizard', goal: goalFor([at], { power: 'running' }) }]);
  });

  it('of a host that was removed meanwhile opens nothing', () => {
    const before = route.now;
    review([vmIn(hostNamed('host-ba9876543210'), runner.id)], { power: 'running' });
    expect([app.at, route.now]).toEqual([otherPc, before]);
  });
});

describe('the confirmation of nesting', () => {
  const show = () => render(Confirm, { vm: runner, onclose: () => undefined, onstarted: () => undefined });

  it('whose start is answered late leads to the review of its own host', async () => {
    const { answer, come } = later();
    fakeMain({ plan: () => planned, start: () => answer });
    show();
    const yes = await screen.findByRole<HTMLButtonElement>('button', { name: t('machines.confirmYes') });
    await waitFor(() => expect(yes.disabled).toBe(false));
    await fireEvent.click(yes);
    app.show(thisPc);
    cleanup();
    come({ kind: 'consent-missing' });
    await waitFor(() => expect(app.at).toBe(otherPc));
    expect(route.now).toEqual({ page: 'wizard', goal: goalFor([at], { nesting: true }) });
  });

  it('that was left before its plan came opens and says nothing', async () => {
    const { answer, come } = later();
    fakeMain({ plan: () => answer });
    show();
    app.show(thisPc);
    cleanup();
    const before = route.now;
    come(decides);
    await answer;
    await Promise.resolve();
    expect([app.at, route.now]).toEqual([thisPc, before]);
  });
});

describe('the test of a network', () => {
  const proof: ProofOf = {
    at,
    vm: null,
    from: 'runner',
    state: 'running',
    startedAt: '2026-12-01T13:05:00Z',
    hops: [],
  };

  it('is stopped on its own host when another one is shown', () => {
    const { asked } = fakeMain({});
    app.state = withHost({ proof });
    render(Proof, { at, vm: null });
    app.show(thisPc);
    cleanup();
    expect(asked).toContainEqual({ name: 'stopProof', request: { at } });
  });

  it('that has not begun yet does not begin any more', async () => {
    const { answer, come } = later();
    const { asked } = fakeMain({ readNetwork: () => answer });
    render(Proof, { at, vm: null });
    app.show(thisPc);
    cleanup();
    come(undefined);
    await answer;
    await Promise.resolve();
    expect(asked.map(({ name }) => name)).not.toContain('prove');
  });
});
