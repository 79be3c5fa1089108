import { thisPc, vmIn } from '../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { route } from '../../renderer/state/route.svelte.js';
import type { AppEvent } from '../../src/ipc/schema.js';

type Open = Extract<AppEvent, { kind: 'open' }>;
const vm = vmIn(thisPc, '00000000-0000-4000-8000-000000000001');

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
    [
      { page: 'errors', text: '0x80370102' },
      { page: 'errors', text: '0x80370102' },
    ],
    [{ page: 'learn' }, { page: 'learn' }],
    [{ page: 'setup' }, { page: 'setup' }],
    [{ page: 'host' }, { page: 'host' }],
  ])('%j', (what, expected) => {
    route.open({ kind: 'open', ...what });
    expect(route.now).toEqual(expected);
  });
});

describe('the way back', () => {
  it('never leads to the page that is shown, as it was before something was begun there', () => {
    route.go({ page: 'learn' });
    route.go({ page: 'memory', vm });
    route.go({ page: 'wizard', goal: { kind: 'vms', wants: [], consents: [] }, from: 'memory' });
    route.go({ page: 'memory', vm, edits: { startup: 2 ** 30 } });
    route.back();
    expect(route.now).toEqual({ page: 'learn' });
  });

  it('is that of a page that has led on by itself', () => {
    route.go({ page: 'learn' });
    route.go({ page: 'errors', symptom: 'no-internet' });
    route.replace({ page: 'proof', at: vm, vm: null });
    route.back();
    expect(route.now).toEqual({ page: 'learn' });
  });

  it('after another PC was turned to leads to what is of no PC, and to nothing of the one before', () => {
    route.go({ page: 'learn' });
    route.go({ page: 'machines', vm });
    route.go({ page: 'memory', vm });
    route.ofAnother();
    route.back();
    expect(route.now).toEqual({ page: 'learn' });
  });

  it('keeps what was written only of the page that is shown', () => {
    route.go({ page: 'errors' });
    route.keep({ page: 'errors', text: 'some' });
    route.keep({ page: 'memory', vm });
    expect(route.now).toEqual({ page: 'errors', text: 'some' });
  });
});
