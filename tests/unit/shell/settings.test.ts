import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import fs, { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultSettings, settingsIn, SettingsFile } from '../../../src/shell/settings.js';
import { hearing } from './keeping.js';

let folder: string;
const at = () => new Date('2026-11-24T09:00:00.000Z');
const file = () => path.join(folder, 'settings.json');
/** Where a file was, somebody was here before: the guided setup does not open by itself. */
const before = { ...defaultSettings, setup: { ...defaultSettings.setup, state: 'closed' as const } };
const open = () => new SettingsFile(folder, hearing(), at);

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'hypernest-settings-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));

test('the first start has the defaults and says nothing', () => {
  expect(open()).toMatchObject({ settings: defaultSettings, setAside: undefined, replaced: [] });
});

test('what was chosen is still chosen after a restart', () => {
  open().change({ language: 'zh-CN', closeToTray: false });
  expect(open().settings).toEqual({ ...defaultSettings, language: 'zh-CN', closeToTray: false });
});

test('the window comes back where it was', () => {
  const bounds = { x: 10, y: -20, width: 900, height: 600, maximized: true };
  open().rememberWindow(bounds);
  open().change({ theme: 'dark' });
  expect(open().window).toEqual(bounds);
});

test('that the app stays in the tray is said once, not after each restart', () => {
  expect(open().isTrayKnown).toBe(false);
  open().knowTray();
  open().change({ theme: 'dark' });
  open().rememberWindow({ x: 0, y: 0, width: 900, height: 600, maximized: false });
  expect(open()).toMatchObject({ isTrayKnown: true, setAside: undefined, settings: { theme: 'dark' } });
});

describe('a file that cannot be trusted is kept aside, said, and the app starts with the defaults', () => {
  test.each([
    ['cut off in the middle', '{"language":"zh-CN","the'],
    ['empty', ''],
    ['nothing but zero bytes', '\0\0\0\0\0\0'],
    ['a list', '["language"]'],
    ['null', 'null'],
    ["another app's", '{"editor.fontSize": 14}'],
    ['an object without a field of ours', '{}'],
  ])('%s', (_name, text) => {
    fs.writeFileSync(file(), text);
    const opened = open();
    expect(opened.settings).toEqual(before);
    expect(opened.setAside).toBe(`${file()}.broken-2026-11-24T09-00-00-000Z`);
    expect(fs.readFileSync(opened.setAside ?? '', 'utf8')).toBe(text);
    opened.change({ theme: 'dark' });
    expect(open()).toMatchObject({ settings: { ...before, theme: 'dark' }, setAside: undefined });
  });
});

test('one field that does not fit is replaced alone', () => {
  fs.writeFileSync(
    file(),
    JSON.stringify({ language: 'zh-CN', theme: 'purple', closeToTray: 'yes', window: { x: 'left' } }),
  );
  const opened = open();
  expect(opened.settings).toEqual({ ...before, language: 'zh-CN' });
  expect(opened.replaced).toEqual(['theme', 'closeToTray', 'window']);
  expect(opened.setAside, 'what was there is kept').toBeDefined();
  expect(fs.existsSync(file())).toBe(true);
});

test('one host that does not fit leaves the others; one that is there twice is one', () => {
  const host = (id: string) => ({
    id,
    address: 'admin@lab',
    label: 'Lab',
    machine: '4c4c4544-0042-3510-8052-b4c04f4e3132',
    name: 'LAB',
  });
  const sound = [host('host-0123456789ab'), { ...host('host-ba9876543210'), fromTheFuture: 1 }];
  const file = { theme: 'dark', hosts: [{ ...host('host-x') }, ...sound, sound[0], 7] };
  fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(file));
  const opened = open();
  expect(opened.hosts.map(({ id }) => id)).toEqual(sound.map(({ id }) => id));
  expect([opened.replaced, opened.settings.theme]).toEqual([['hosts'], 'dark']);
});

test('a field of a newer version does not get in the way', () => {
  fs.writeFileSync(file(), JSON.stringify({ theme: 'dark', fromTheFuture: { a: 1 } }));
  expect(open()).toMatchObject({ settings: { ...before, theme: 'dark' }, replaced: [] });
});

test('only a first start is new to the setup; where it was left in the middle it goes on', () => {
  expect(open().settings.setup).toEqual({ state: 'new', purpose: null, vm: null });
  open().rememberWindow({ x: 0, y: 0, width: 900, height: 600, maximized: false });
  expect(open().settings.setup.state, 'the window was only moved').toBe('new');
  const setup = { state: 'open', purpose: 'wsl', vm: vmIn(thisPc, 'b1e0a7c2-5f0d-4c1e-9a54-2d6b8f3e7c42') } as const;
  open().change({ setup });
  expect(open().settings.setup).toEqual(setup);
});

test('a field that is not given is not changed', () => {
  const opened = open();
  opened.change({ theme: 'dark' });
  expect(opened.change({ theme: undefined, notifications: false })).toEqual({
    ...defaultSettings,
    theme: 'dark',
    notifications: false,
  });
});

test('cut at every byte it is sound or put aside, and what comes after is kept', () => {
  open().change({ language: 'zh-CN', theme: 'dark', closeToTray: false, source: 'simulated' });
  open().rememberWindow({ x: 1, y: 2, width: 900, height: 700, maximized: false });
  open().knowTray();
  const whole = fs.readFileSync(file());
  for (let length = 0; length < whole.length; length++) {
    fs.rmSync(folder, { recursive: true, maxRetries: 9 });
    fs.mkdirSync(folder);
    fs.writeFileSync(file(), whole.subarray(0, length));
    const opened = open();
    expect(opened.fault).toBeUndefined();
    if (opened.setAside) expect(fs.readFileSync(opened.setAside).equals(whole.subarray(0, length))).toBe(true);
    else expect(opened.settings.language, `cut at ${length}`).toBe('zh-CN');
    opened.change({ notifications: false });
    expect(open()).toMatchObject({ setAside: undefined, settings: { ...opened.settings, notifications: false } });
  }
});

test.each(['{"language', '[1]', '\0\0', ''])(
  'what somebody makes of it while the app runs (%j) is replaced',
  (text) => {
    const opened = open();
    opened.change({ theme: 'dark' });
    fs.writeFileSync(file(), text);
    opened.change({ language: 'en' });
    expect(open().settings).toMatchObject({ theme: 'dark', language: 'en' });
  },
);

test('who only looks finds what was chosen, and leaves the folder as it is, whatever is in it', () => {
  expect(settingsIn(folder)).toEqual({ settings: defaultSettings, hosts: [] });
  open().change({ language: 'zh-CN' });
  expect(settingsIn(folder).settings.language).toBe('zh-CN');
  for (const text of ['{"theme":"purple","language":"zh-CN"}', '{', '']) {
    fs.writeFileSync(file(), text);
    expect(settingsIn(folder).settings).toMatchObject({
      theme: 'system',
      language: text.length > 1 ? 'zh-CN' : 'system',
    });
    expect([fs.readdirSync(folder), fs.readFileSync(file(), 'utf8')]).toEqual([['settings.json'], text]);
  }
});
