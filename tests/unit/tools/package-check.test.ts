/** What tools/package-check.mjs finds on a Windows, with that Windows played here: each fault of a package is told, in its own line. */
import { expect, it } from 'vitest';
import { stepsOf, walk } from '../../../tools/package/steps.mjs';

/** A PC on which all goes as it should, but for `other`. */
function pcOf(other: Readonly<Record<string, unknown>> = {}) {
  const is = { installed: false, runs: false, window: false, settings: false, atSignIn: false, toasts: false };
  const show = () => Object.assign(is, { runs: true, window: true, settings: true });
  return {
    install: () => (Object.assign(is, { installed: true, runs: false, window: false }), 0),
    installedVersion: () => '0.1.0',
    hasProgram: () => is.installed,
    menuId: () => 'app.hypernest',
    start: show,
    startAgain: () => (show(), 0),
    hasWindow: () => is.window,
    closeWindow: () => Object.assign(is, { window: false, toasts: true }),
    isRunning: () => is.runs,
    hasTaskbar: () => true,
    hasTrayIcon: () => is.runs,
    hasToastActivator: () => is.toasts,
    startAtSignIn: () => Object.assign(is, { atSignIn: true }),
    startsAtSignIn: () => is.atSignIn,
    hasSettings: () => is.settings,
    uninstall: (...more: readonly string[]) => {
      const settings = is.settings && !more.includes('/REMOVESETTINGS');
      Object.assign(is, { installed: false, runs: false, atSignIn: false, toasts: false, settings });
    },
    left: () => [is.installed && 'files', is.atSignIn && 'start at sign-in', is.toasts && 'COM class'].filter(Boolean),
    publisher: () => 'OpenJS Foundation',
    // As electron-updater answers: why it takes the file for no update, or null.
    whyNoUpdate: (publisher: string, file: string) =>
      publisher === 'OpenJS Foundation' && file === 'node' ? null : 'signed with another certificate',
    until: async (check: () => unknown) => Boolean(await check()),
    ...other,
  };
}

async function walked(other?: Readonly<Record<string, unknown>>) {
  const lines: string[] = [];
  const isFine = await walk(pcOf(other), '0.1.0', (line: string) => lines.push(line));
  return { isFine, lines, faults: lines.filter((line) => !line.startsWith('PASS')) };
}

it('passes each step on a PC where all is as it should be', async () => {
  const { isFine, lines, faults } = await walked();
  expect([isFine, faults]).toEqual([true, []]);
  expect(lines).toHaveLength(stepsOf('0.1.0').length);
});

it.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['the installer fails', { install: () => 2 }, 'exit code: 2, not 0'],
  ['another version is installed', { installedVersion: () => '0.0.9' }, '"0.0.9", not "0.1.0"'],
  ['the menu entry has another id', { menuId: () => '' }, 'known as: "", not "app.hypernest"'],
  ['no window comes', { hasWindow: () => false }, 'its window opens: no window'],
  ['closing ends it', { isRunning: () => false }, 'closed, it stays in the tray: it ended'],
  ['there is no icon', { hasTrayIcon: () => false }, 'the taskbar knows no icon'],
  ['its notifications lead nowhere', { hasToastActivator: () => false }, 'no COM class'],
  ['two run at once', { startAgain: () => null }, 'exit code: null, not 0'],
  ['an update leaves the old one running', { isRunning: () => true }, 'it still runs'],
  ['an update turns start at sign-in off', { startsAtSignIn: () => false }, 'start at sign-in is gone'],
  ['an update of its publisher is refused', { whyNoUpdate: () => 'no' }, 'one of its publisher is refused: no'],
  ['an update of anybody is taken', { whyNoUpdate: () => null }, 'one of another publisher is taken'],
  [
    'an update needs only some signature',
    { whyNoUpdate: (_: string, file: string) => (file === 'node' ? null : 'no') },
    'one of another publisher is taken',
  ],
  [
    'an update needs no signature',
    { whyNoUpdate: (publisher: string) => (publisher === 'OpenJS Foundation' ? null : 'no') },
    'what it has not signed is taken',
  ],
  ['something is left behind', { left: () => ['HKCU:\\Run'] }, 'left behind: ["HKCU:\\\\Run"], not []'],
  ['the settings go unasked', { hasSettings: () => false }, 'the settings are gone'],
  ['the settings stay', { hasSettings: () => true }, 'the settings are still there'],
  ['the program stays', { hasProgram: () => true }, 'the program is still there'],
])('is red where %s', async (_, other, said) => {
  const { isFine, faults } = await walked(other);
  expect(isFine).toBe(false);
  expect(faults.join('\n')).toContain(said);
});

it('says that there is no taskbar, and is not red for it', async () => {
  const { isFine, faults } = await walked({ hasTaskbar: () => false, hasTrayIcon: () => false });
  expect(isFine).toBe(true);
  expect(faults).toEqual(['SKIP  closed, it stays in the tray: no taskbar on this machine']);
});

it('says that it cannot tell where nothing is signed to compare with, and is not red for it', async () => {
  const { isFine, faults } = await walked({ publisher: () => '' });
  expect(isFine).toBe(true);
  expect(faults).toEqual(['SKIP  it takes updates of its publisher only: Node.js is not signed on this machine']);
});

it('says of a step that throws what it threw, and goes on', async () => {
  const { lines, faults } = await walked({ closeWindow: () => Promise.reject(new Error('access denied')) });
  expect(faults[0]).toBe('FAIL  closed, it stays in the tray: access denied');
  expect(lines).toHaveLength(stepsOf('0.1.0').length);
});
