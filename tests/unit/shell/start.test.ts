import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandOf, toolIn, windowsActs } from '../../../src/shell/acts.js';
import { languageFor } from '../../../src/shell/language.js';
import { languages, languageTags } from '../../../src/text/index.js';
import { openingBounds } from '../../../src/shell/bounds.js';
import { foreignSwitches, plainArguments, switches } from '../../../src/shell/switches.js';

describe('where the window opens', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1040 };
  const left = { x: -1280, y: 0, width: 1280, height: 984 };
  const saved = { x: 100, y: 50, width: 900, height: 600, maximized: false };

  test('the first time in its usual size, where the system puts it', () => {
    expect(openingBounds(undefined, [display])).toEqual({ width: 1080, height: 720 });
  });
  test('where it was', () => {
    expect(openingBounds(saved, [display])).toEqual({ x: 100, y: 50, width: 900, height: 600 });
    expect(openingBounds({ ...saved, x: -1000 }, [display, left])).toMatchObject({ x: -1000, y: 50 });
  });
  test('not on a display that is gone, nor above or beside one', () => {
    for (const lost of [{ x: -1000 }, { x: 1900 }, { y: -300 }, { y: 1039 }, { x: 99_000 }])
      expect(openingBounds({ ...saved, ...lost }, [display])).toEqual({ width: 900, height: 600 });
  });
  test('never larger than the display, never smaller than can be used', () => {
    expect(openingBounds({ ...saved, width: 5000, height: 5000 }, [display])).toMatchObject({
      width: 1920,
      height: 1040,
    });
    expect(openingBounds({ ...saved, width: 1, height: 1 }, [display])).toMatchObject({ width: 480, height: 360 });
    expect(openingBounds(undefined, [{ x: 0, y: 0, width: 800, height: 560 }])).toEqual({ width: 800, height: 560 });
  });
});

describe('switches', () => {
  test('of tests do nothing in the app that people have', () => {
    const argv = [
      'hypernest.exe',
      '--hidden',
      '--scenario=not-admin',
      '--sim-speed=40',
      '--unused-limit=2',
      '--user-copy',
    ];
    const always = { hidden: true, isPlain: false };
    expect(switches(argv, true)).toEqual({
      ...always,
      scenario: undefined,
      speed: 1,
      unusedLimit: 600_000,
      isUserCopy: false,
    });
    expect(switches(argv, false)).toEqual({
      ...always,
      scenario: 'not-admin',
      speed: 40,
      unusedLimit: 2000,
      isUserCopy: true,
    });
  });
  test('after an update it opens no window: it had none before', () => {
    expect(switches(['hypernest.exe', '--updated'], true).hidden).toBe(true);
    expect(plainArguments(['hypernest.exe', '--updated'], true)).toEqual(['--without-gpu']);
  });
  test.each(['0', '-1', 'long', '', '3600', 'Infinity'])('what was allowed lasts no longer by %j', (limit) => {
    expect(switches([`--unused-limit=${limit}`], false).unusedLimit).toBe(600_000);
  });
  test.each(['0', '-1', 'fast', 'Infinity', ''])('a speed of %j is the usual one', (speed) => {
    expect(switches([`--sim-speed=${speed}`], false).speed).toBe(1);
  });
});

describe('switches that the installed app does not know', () => {
  const foreign = (platform: NodeJS.Platform, ...args: readonly string[]) =>
    foreignSwitches(['app', ...args], platform);
  test('are told by name, each once, whatever they are and however they are written', () => {
    const open = [
      '--remote-debugging-port=9222',
      '-remote-debugging-pipe',
      '--no-sandbox',
      '--made-up',
      '--no-sandbox',
    ];
    expect(foreign('linux', ...open)).toEqual([
      '--remote-debugging-port',
      '-remote-debugging-pipe',
      '--no-sandbox',
      '--made-up',
    ]);
    expect(foreign('linux', '--hidden=1', '--Hidden', '--hidden ')).toEqual(['--hidden', '--Hidden', '--hidden ']);
    expect(foreign('linux', '--scenario=workstation', '--sim-speed=40')).toEqual(['--scenario', '--sim-speed']);
  });
  test('are on Windows also those that begin with a slash', () => {
    expect(foreign('win32', '/remote-debugging-port=1', '/no-sandbox')).toEqual([
      '/remote-debugging-port',
      '/no-sandbox',
    ]);
    expect(foreign('linux', '/home/mei/file')).toEqual([]);
  });
  test('are not the app’s own, nor what Windows adds when a notification is clicked', () => {
    expect(foreign('win32', '--hidden', '--without-gpu', '--updated')).toEqual([]);
    expect(foreign('win32', '-ToastActivated', '-Embedding')).toEqual([]);
    expect(foreign('linux', '-ToastActivated')).toEqual(['-ToastActivated']);
  });
  test('are not words, nor what stands after the end of the switches', () => {
    expect(foreign('linux', 'file', '-', '', '--', '--no-sandbox')).toEqual([]);
  });
});

describe('the language', () => {
  test.each([
    ['system', ['zh-Hans-CN', 'en-US'], 'zh-CN'],
    ['system', ['de-DE', 'zh-TW'], 'zh-CN'],
    ['system', ['de-DE', 'en-GB', 'zh-CN'], 'en'],
    ['system', ['de-DE'], 'en'],
    ['system', [], 'en'],
    ['en', ['zh-CN'], 'en'],
    ['zh-CN', ['en'], 'zh-CN'],
  ] as const)('%s with %j is %s', (setting, preferred, language) => {
    expect(languageFor(setting, preferred)).toBe(language);
  });
});

test('every language says its own name, and no two take the same tag of Windows', () => {
  const tags = languageTags.flatMap((tag) => languages[tag].system);
  expect(new Set(tags).size).toBe(tags.length);
  expect(new Set(languageTags.map((tag) => languages[tag].name)).size).toBe(languageTags.length);
});

describe('the programs that are started', () => {
  test('are those of Windows, by their full path, with a VM by its id', () => {
    const id = '0b1c2d3e-0000-4000-8000-000000000001';
    const windows = 'C:\\Windows';
    expect(commandOf(windows, { kind: 'connect', vm: vmIn(thisPc, id) })).toEqual({
      file: 'C:\\Windows\\System32\\vmconnect.exe',
      args: ['localhost', '-G', id],
    });
    expect(toolIn(windows, 'hyper-v-manager')).toBe('C:\\Windows\\System32\\virtmgmt.msc');
    expect(toolIn('D:\\Windows', 'quick-create')).toBe('D:\\Program Files\\Hyper-V\\VMCreate.exe');
    // Without /f: whoever has unsaved work is asked.
    expect(commandOf(windows, { kind: 'restart' })).toEqual({
      file: 'C:\\Windows\\System32\\shutdown.exe',
      args: ['/r', '/t', '0'],
    });
    expect(commandOf(windows, { kind: 'sign-out' })).toEqual({
      file: 'C:\\Windows\\System32\\shutdown.exe',
      args: ['/l'],
    });
  });
  test('one that is not there is said, not waited for: Windows without the tools of Hyper-V has no vmconnect', async () => {
    const nowhere = windowsActs(path.join(tmpdir(), 'no-windows-here'));
    expect(await nowhere.connect(vmIn(thisPc, '0b1c2d3e-0000-4000-8000-000000000001'))).toBe(false);
  });
  test.each(['dev-box', '-C 1', '', '0b1c2d3e-0000-4000-8000-000000000001 & calc'])('%j is no id', (id) => {
    expect(() => commandOf('C:\\Windows', { kind: 'connect', vm: vmIn(thisPc, id) })).toThrow();
  });
});
