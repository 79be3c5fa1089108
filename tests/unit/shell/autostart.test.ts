import { expect, test } from 'vitest';
import { isAutostart, setAutostart } from '../../../src/shell/autostart.js';

type Item = { readonly openAtLogin?: boolean; readonly args?: readonly string[] };

/** What Windows keeps for this user: it finds an entry only by the same arguments. */
function loginItems(canChange = true) {
  let kept: Item | undefined;
  return {
    get kept() {
      return kept;
    },
    setLoginItemSettings: (item: Item) => {
      if (canChange) kept = item.openAtLogin ? item : undefined;
    },
    getLoginItemSettings: (item: Item = {}) => ({
      openAtLogin: kept !== undefined && kept.args?.join() === item.args?.join(),
    }),
  };
}

test('it starts with Windows hidden, for this user, without anything that would elevate it', () => {
  const items = loginItems();
  expect(setAutostart(items, true, 'win32')).toBe(true);
  expect(items.kept).toEqual({ openAtLogin: true, args: ['--hidden'] });
  expect(isAutostart(items, 'win32')).toBe(true);
  expect(setAutostart(items, false, 'win32')).toBe(false);
  expect(isAutostart(items, 'win32')).toBe(false);
});

test('what Windows says counts: an entry that a policy does not let be written is not shown as there', () => {
  expect(setAutostart(loginItems(false), true, 'win32')).toBe(false);
});

test('where there is no such list it is only remembered', () => {
  const items = loginItems();
  expect(setAutostart(items, true, 'linux')).toBe(true);
  expect(items.kept).toBeUndefined();
  expect(isAutostart(items, 'linux')).toBeUndefined();
});
