/** What main tells of several PCs: each in its own place, and nothing of one that was forgotten. */
import { expect, test } from 'vitest';
import { textOf, thisPc } from '../../../src/core/cmdlets/ref.js';
import { afterEvent } from '../../../renderer/state/events.js';
import type { AppEvent, AppState } from '../../../src/ipc/schema.js';
import { AppStore } from '../../../src/shell/app-state.js';
import { stateOf } from '../../renderer/bridge.js';
import { otherPc } from '../core/other-pc.js';
import { machineOf, vmOf } from '../core/worlds.js';

const host = { id: otherPc, label: 'BUILD-01', address: 'admin@build-01' };
const source = { kind: 'host' } as const;

function desk() {
  const told: AppEvent[] = [];
  const store = new AppStore(stateOf([]), (state, of) => told.push({ kind: 'state', state, ...(of && { host: of }) }));
  let window: AppState = store.state;
  const follow = () => {
    for (const event of told.splice(0)) if (event.kind === 'state') window = afterEvent(window, event);
    return window;
  };
  return { store, follow, told };
}

test('with one PC nothing is told of another', () => {
  const { store, told } = desk();
  store.of(thisPc).change({ isFailing: true });
  expect(told).toEqual([{ kind: 'state', state: { isFailing: true } }]);
  expect(store.state.others).toEqual({});
});

test('the window follows each, and they never meet', () => {
  const { store, follow } = desk();
  store.setHosts([host], source);
  const there = { ...machineOf({}, [vmOf(1)]), at: otherPc };
  expect(store.of(otherPc).hear({ machine: there, before: null, patch: { readAt: '' } })).toBeUndefined();
  store.of(thisPc).change({ isFailing: true });
  const window = follow();
  expect(window).toEqual(store.state);
  expect(window.others[textOf(otherPc)]).toMatchObject({ machine: there, isFailing: false });
  expect(window.machine?.vms).toEqual([]);
  expect(store.of(otherPc).state).toMatchObject({ machine: there });
});

test('a host that is renamed keeps what is known of it; of one that was forgotten nothing comes any more', () => {
  const { store, follow, told } = desk();
  store.setHosts([host], source);
  store.of(otherPc).change({ isFailing: true });
  store.setHosts([{ ...host, label: 'Builds' }], source);
  expect(follow().others[textOf(otherPc)]?.isFailing).toBe(true);
  store.setHosts([], source);
  follow();
  store.of(otherPc).change({ isFailing: false });
  expect(told).toEqual([]);
  expect(follow()).toMatchObject({ hosts: [], others: {} });
  const late: AppEvent = { kind: 'state', host: otherPc, state: { isFailing: true } };
  expect(afterEvent(follow(), late).others).toEqual({});
});
