import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Holder } from '../../../src/shell/holder.js';
import { heedSessionEnd, holdTitle, sessionEndAnswer } from '../../../src/shell/session-end.js';
import { translator } from '../../../src/text/index.js';
import { otherPc } from '../core/other-pc.js';
import { readWorld } from './a-machine.js';

/** Windows' side of a window: what it was told, and the events it sends. */
const { FakeWindow } = await vi.hoisted(async () => {
  const { EventEmitter } = await import('node:events');
  class FakeWindow extends EventEmitter {
    static readonly made: FakeWindow[] = [];
    title = '';
    isMinimized = false;
    isDestroyed = false;
    constructor(readonly options: { readonly show?: boolean }) {
      super();
      FakeWindow.made.push(this);
    }
    setTitle(title: string): void {
      this.title = title;
    }
    minimize(): void {
      this.isMinimized = true;
    }
    destroy(): void {
      this.isDestroyed = true;
    }
  }
  return { FakeWindow };
});
vi.mock('electron', () => ({ BaseWindow: FakeWindow }));
beforeEach(() => void FakeWindow.made.splice(0));

describe('Windows ends the sign-in', () => {
  test.each([
    ['query-session-end', ['logoff'], true, { hold: true, leave: true }],
    ['query-session-end', ['shutdown'], true, { hold: true, leave: true }],
    ['query-session-end', ['close-app'], true, { hold: true, leave: true }],
    ['query-session-end', [], true, { hold: true, leave: true }],
    // It will not wait: the seconds until the app is ended are used.
    ['query-session-end', ['critical'], true, { hold: false, leave: true }],
    ['query-session-end', ['logoff', 'critical'], true, { hold: false, leave: true }],
    // Another program may still say no, or the person: the app goes on then.
    ['query-session-end', ['shutdown'], false, { hold: false, leave: false }],
    ['session-end', ['shutdown'], true, { hold: false, leave: true }],
    ['session-end', ['logoff'], false, { hold: false, leave: true }],
  ] as const)('%s %j, a run under way: %j', (kind, reasons, isBusy, answer) => {
    expect(sessionEndAnswer({ kind, reasons }, isBusy)).toEqual(answer);
  });

  test('is held up by the event itself, and only where it is to be', () => {
    const window = new FakeWindow({});
    const leave = vi.fn();
    let isBusy = true;
    heedSessionEnd(window as never, { isBusy: () => isBusy, leave });
    const event = () => ({ reasons: ['shutdown'], preventDefault: vi.fn() });
    const [held, free] = [event(), event()];
    window.emit('query-session-end', held);
    expect(held.preventDefault).toHaveBeenCalledOnce();
    expect(leave).toHaveBeenCalledOnce();
    isBusy = false;
    window.emit('query-session-end', free);
    expect(free.preventDefault).not.toHaveBeenCalled();
    expect(leave).toHaveBeenCalledOnce();
    window.emit('session-end', free);
    expect(leave).toHaveBeenCalledTimes(2);
  });

  test('the title says why, with the name of the VM or how many there are', async () => {
    const machine = (await readWorld('workstation')).machine();
    const t = translator('en');
    const [one, two] = machine.vms ?? [];
    if (!one || !two) throw new Error('no VMs');
    expect(holdTitle(new Set(), machine, t)).toBeUndefined();
    expect(holdTitle(new Set([vmIn(thisPc, one.id)]), machine, t)).toBe(t('tray.holds', { name: one.name }));
    expect(holdTitle(new Set([vmIn(thisPc, one.id), vmIn(thisPc, two.id)]), machine, t)).toBe(
      t('tray.holdsMany', { count: 2 }),
    );
    expect(holdTitle(new Set([vmIn(thisPc, one.id), vmIn(otherPc, two.id)]), machine, t)).toBe(
      t('tray.holdsMany', { count: 2 }),
    );
    // What is changed may have been deleted, or be inside another VM.
    expect(holdTitle(new Set([vmIn(thisPc, 'gone')]), machine, t)).toBe(t('tray.holdsMany', { count: 1 }));
  });
});

describe('the window that holds Windows up', () => {
  const holder = () => {
    const heard: unknown[] = [];
    const opened = vi.fn();
    return { heard, opened, it: new Holder({ icon: 'icon', heed: (window) => heard.push(window), opened }) };
  };
  test('is there while something is changed, minimized, one for all, and hears Windows', () => {
    const { it, heard } = holder();
    it.show(undefined);
    expect(FakeWindow.made).toEqual([]);
    it.show('changing a');
    it.show('changing b');
    const [window, ...others] = FakeWindow.made;
    expect(others).toEqual([]);
    expect(window).toMatchObject({ title: 'changing b', isMinimized: true, isDestroyed: false });
    expect(heard).toEqual([window]);
    it.show(undefined);
    expect(window?.isDestroyed).toBe(true);
    it.show('changing c');
    expect(FakeWindow.made).toHaveLength(2);
  });
  test('opens the app when somebody clicks its entry', () => {
    const { it, opened } = holder();
    it.show('changing a');
    FakeWindow.made[0]?.emit('restore');
    expect(opened).toHaveBeenCalledOnce();
  });
});
