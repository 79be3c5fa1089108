/** What is said of a file that cannot be used: which one, what that means, what to do; each until it is dismissed. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Notices from '../../renderer/ui/Notices.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import type { FileFault, FileNotice } from '../../src/ipc/notices.js';
import { fakeMain, stateOf } from './bridge.js';
import { translator } from '../../src/text/index.js';

const t = translator('en');

const path = 'C:\\Users\\mei\\AppData\\Local\\Hypernest\\a.json';
const kinds: readonly FileNotice[] = [
  'settings-unreadable',
  'settings-unwritable',
  'accounts-unusable',
  'kept-changes-unusable',
  'tried-unusable',
  'log-unwritable',
];
const faults: readonly FileFault[] = [
  { why: 'full', path },
  { why: 'read-only', path },
  { why: 'refused', path },
  { why: 'in-the-way', path },
  { why: 'other', path, detail: 'EIO' },
];
const told = (): readonly string[] => [...document.querySelectorAll('.toast .grow')].map((one) => one.textContent);

describe.each(['en', 'zh-CN'] as const)('in %s', (language) => {
  it('every file under every fault has words of its own, which name it', () => {
    const seen = new Set<string>();
    for (const kind of kinds)
      for (const fault of faults) {
        app.state = stateOf([], { language, notices: [{ kind, fault }] });
        render(Notices, {});
        const [words = ''] = told();
        expect(words).toContain(path);
        expect(words).not.toContain('app.');
        seen.add(words);
        cleanup();
      }
    expect(seen.size).toBe(kinds.length * faults.length);
  });
});

it('a password that was not encrypted is told as that, not as a file', () => {
  app.state = stateOf([], { notices: [{ kind: 'accounts-unusable', fault: { why: 'not-encrypted', path } }] });
  render(Notices, {});
  expect(told()).toEqual([t('app.faultNotEncrypted')]);
});

it('each is dismissed alone', async () => {
  const main = fakeMain({ dismissNotice: () => undefined });
  const fault: FileFault = { why: 'full', path };
  app.state = stateOf([], { notices: kinds.map((kind) => ({ kind, fault })) });
  render(Notices, {});
  const buttons = screen.getAllByRole('button', { name: 'Dismiss' });
  expect(buttons).toHaveLength(kinds.length);
  for (const button of buttons) await fireEvent.click(button);
  expect(main.asked).toEqual(kinds.map((kind) => ({ name: 'dismissNotice', request: { kind } })));
});

it('a link that leads nowhere says why, and an installer that waits is said', () => {
  const notices = [{ kind: 'link', why: 'no-vm' }, { kind: 'installer-waits' }] as const;
  app.state = stateOf([], { notices });
  render(Notices, {});
  expect(told()).toEqual([t('app.linkNoVm'), t('app.installerWaits')]);
  cleanup();
  app.state = stateOf([], { notices: [{ kind: 'link', why: 'unreadable' }] });
  render(Notices, {});
  expect(told()).toEqual([t('app.linkUnreadable')]);
  cleanup();
  app.state = stateOf([], { notices: [{ kind: 'link', why: 'no-change' }] });
  render(Notices, {});
  expect(told()).toEqual([t('app.linkNoChange')]);
});
