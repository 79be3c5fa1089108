import { describe, expect, it } from 'vitest';
import { route } from '../../renderer/state/route.svelte.js';
import type { AppEvent } from '../../src/ipc/schema.js';

type Open = Extract<AppEvent, { kind: 'open' }>;
const vm = '00000000-0000-4000-8000-000000000001';

describe('what main opens', () => {
  it.each<[Omit<Open, 'kind'>, object]>([
    [{ page: 'machines' }, { page: 'machines' }],
    [
      { page: 'machines', vm },
      { page: 'machines', vm },
    ],
    [
      { page: 'memory', vm },
      { page: 'memory', vm },
    ],
    // Memory of which machine was not said: the list is where one is chosen.
    [{ page: 'memory' }, { page: 'machines' }],
    [
      { page: 'activity', run: 'one' },
      { page: 'activity', run: 'one' },
    ],
    [{ page: 'errors' }, { page: 'errors' }],
    [{ page: 'learn' }, { page: 'learn' }],
    [{ page: 'setup' }, { page: 'setup' }],
    [{ page: 'host' }, { page: 'host' }],
  ])('%j', (what, expected) => {
    route.open({ kind: 'open', ...what });
    expect(route.now).toEqual(expected);
  });
});
