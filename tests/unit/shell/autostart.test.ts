import { expect, test } from 'vitest';
import { autostartOf, setAutostart } from '../../../src/shell/autostart.js';

type Item = { readonly openAtLogin?: boolean; readonly args?: readonly string[] };

/** What Windows keeps for this user: it finds an entry only by the same arguments. */
function loginItems(canChange = true) {
  let kept: Item | undefined;
  /** As Task Manager has it; writing the entry approves it. */
  let isApproved = true;
  return {
    get kept() {
      return kept;
    },
    disapprove: () => (isApproved = false),
    setLoginItemSettings: (item: Item) => {
      if (!canChange) return;
      kept = item.openAtLogin ? item : undefined;
      isApproved = true;
    },
    getLoginItemSettings: (item: Item = {}) => ({
      openAtLogin: kept !== undefined && kept.args?.join() === item.args?.join(),
      executableWillLaunchAtLogin: kept !== undefined && isApproved,
      launchItems: kept ? [{ args: kept.args ?? [], scope: 'user', enabled: isApproved }] : [],
    }),
  };
}

test('it starts with Windows hidden, for this user, without anything that would elevate it', () => {
  const items = loginItems();
  setAutostart(items, true, 'win32');
  expect(items.kept).toEqual({ openAtLogin: true, args: ['--hidden'] });
  expect(autostartOf(items, 'win32')).toBe('on');
  setAutostart(items, false, 'win32');
  expect(autostartOf(items, 'win32')).toBe('off');
});

test('what Windows says counts: an entry that a policy does not let be written is not shown as there', () => {
  const items = loginItems(false);
  setAutostart(items, true, 'win32');
  expect(autostartOf(items, 'win32')).toBe('off');
});

test('turned off in Task Manager is off, and turning it on here turns it on there (electron#20122)', () => {
  const items = loginItems();
  setAutostart(items, true, 'win32');
  items.disapprove();
  expect(autostartOf(items, 'win32')).toBe('off-in-windows');
  setAutostart(items, true, 'win32');
  expect(autostartOf(items, 'win32')).toBe('on');
});

test.each([
  [
    'its own entry is off, another of all users is on',
    [own(false), { ...own(true), scope: 'machine' }],
    true,
    'off-in-windows',
  ],
  [
    'its own entry is off, one with other arguments is on',
    [own(false), { ...own(true), args: ['--other'] }],
    true,
    'off-in-windows',
  ],
  ['its own entry is on', [own(true)], false, 'on'],
  ['Windows gives no arguments of an entry', [{ ...own(false), args: [] }], true, 'off-in-windows'],
  [
    'OpenWhispr/openwhispr#2058: below Program Files the entries of others are told too, and its own is off',
    [
      { ...own(true), name: 'Other', args: ['Files\\Other\\other.exe', '--hidden'] },
      { ...own(true), name: 'Another' },
      { ...own(false), name: 'app.hypernest', args: ['Files\\Hypernest\\Hypernest.exe', '--hidden'] },
    ],
    true,
    'off-in-windows',
  ],
  ['there is no list of entries, and it will not start', [], false, 'off-in-windows'],
  ['there is no list of entries, and it will', [], true, 'on'],
] as const)('%s', (_, launchItems, executableWillLaunchAtLogin, is) => {
  const items = {
    setLoginItemSettings: () => undefined,
    getLoginItemSettings: () => ({ openAtLogin: true, executableWillLaunchAtLogin, launchItems }),
  };
  expect(autostartOf(items, 'win32')).toBe(is);
});

function own(enabled: boolean) {
  return { args: ['--hidden'], scope: 'user', enabled };
}

test('macOS knows no such difference', () => {
  const items = { setLoginItemSettings: () => undefined, getLoginItemSettings: () => ({ openAtLogin: true }) };
  expect(autostartOf(items, 'darwin')).toBe('on');
});

test('where there is no such list it is only remembered', () => {
  const items = loginItems();
  setAutostart(items, true, 'linux');
  expect(items.kept).toBeUndefined();
  expect(autostartOf(items, 'linux')).toBeUndefined();
});

/** As Windows finds an entry: by the program and just these arguments; without any asked for, by none. */
function strict(entry: { readonly enabled: boolean; readonly args: readonly string[] }) {
  return {
    setLoginItemSettings: () => undefined,
    getLoginItemSettings: ({ args = [] }: { readonly args?: readonly string[] } = {}) => ({
      openAtLogin: args.join() === entry.args.join(),
      executableWillLaunchAtLogin: entry.enabled,
      launchItems: [{ ...entry, scope: 'user' }],
    }),
  };
}

test.each([
  { source: 'binaricat/Netcatty#3238', says: 'registered with --hidden, asked without: on is read as off', entry: own(true), is: 'on' },
  { source: 'makecindy/cindy#3575', says: 'the switch goes back to off after it was turned on', entry: own(true), is: 'on' },
  { source: 'OpenWhispr/openwhispr#1574', says: 'turned off in Task Manager is read as on', entry: own(false), is: 'off-in-windows' },
  { source: 'OpenWhispr/openwhispr#1574', says: 'an entry of an older version, without arguments, is not its own', entry: { ...own(true), args: [] }, is: 'off' },
] as const)('$source: $says', ({ entry, is }) => expect(autostartOf(strict(entry), 'win32')).toBe(is)); // prettier-ignore
