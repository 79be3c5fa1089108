import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { canMend, vmMeant, wishOf } from '../../../src/core/errors/remedies.js';
import { cmdlets } from '../../../src/core/cmdlets/catalog.js';
import { topics, type Mend } from '../../../src/core/errors/topics.js';
import { thirdPartyApps } from '../../../src/core/machine/makers.js';
import { stateOf } from '../../renderer/bridge.js';
import { vm } from '../renderer/vms.js';

describe('the table', () => {
  it('has each topic once', () => {
    expect(new Set(topics.map(({ id }) => id)).size).toBe(topics.length);
  });

  it('offers something for every topic: a way to mend it, a check of this PC, a command; or it says why there is none', () => {
    // What only the words mend: another program, another Windows, an elevated console.
    const onlyWords = [
      'elevation', 'placeholder', 'antivirus', 'powershell-7', 'parameter', 'team', 'in-use', 'updates', 'virtualbox', 'vmware',
    ]; // prettier-ignore
    const empty = topics.filter(({ mends, checks, commands }) => !mends && checks.length === 0 && !commands);
    expect(empty.map(({ id }) => id).filter((id) => !onlyWords.includes(id))).toEqual([]);
  });

  it('names in the catalog exactly the drivers and services that it looks for', () => {
    const named = (filter: string): string[] => [...filter.matchAll(/Name='([^']+)'/g)].map(([, name]) => name ?? '');
    expect(named(cmdlets['Get-CimInstance/Win32_SystemDriver'].fixed.Filter).toSorted()).toEqual(
      thirdPartyApps.flatMap((app) => app.drivers).toSorted(),
    );
    expect(named(cmdlets['Get-CimInstance/ThirdPartyService'].fixed.Filter).toSorted()).toEqual(
      thirdPartyApps.flatMap((app) => app.services).toSorted(),
    );
  });
});

describe('where it can be mended', () => {
  const off = vm('off');
  const on = vm('on', { nesting: true });
  const unread = vm('unread', { nesting: undefined, state: undefined });
  const running = vm('running', { state: 'Running' });

  it.each<[Mend, readonly (boolean | undefined)[]]>([
    ['nesting-on', [true, false, undefined, true]],
    ['nesting-off', [false, true, undefined, false]],
    ['start', [true, true, undefined, false]],
    ['account', [false, false, undefined, true]],
    ['network', [false, false, undefined, true]],
    ['memory', [true, true, true, true]],
    ['wsl', [true, true, true, true]],
  ])('%s', (mend, expected) => {
    expect([off, on, unread, running].map((one) => canMend(mend, one))).toEqual(expected);
  });

  it('asks the wizard for what is known to be missing, and for nothing else', () => {
    const mends = [...new Set(topics.flatMap((topic) => topic.mends ?? []))];
    expect(mends.length).toBeGreaterThan(7);
    for (const mend of mends) {
      const wish = wishOf(mend);
      if (wish) expect(Object.keys(wish), mend).toHaveLength(1);
      else expect(['memory', 'account']).toContain(mend);
    }
  });

  it('takes the VM that the text names, by its longest name; else the one opened last, or the only one', () => {
    const machine = (vms: readonly ReturnType<typeof vm>[]) => {
      const { machine: made } = stateOf(vms);
      if (!made) throw new Error('no machine');
      return made;
    };
    const longer = vm('running-2', { nesting: true });
    const all = machine([on, running, longer, off]);
    const named = (of: typeof all, text: string, opened?: string) =>
      vmMeant(of, text, opened === undefined ? undefined : vmIn(thisPc, opened))?.name;
    expect(named(all, "'running-2' failed to start", off.id)).toBe('running-2');
    expect(named(all, '0x80370102', off.id)).toBe('off');
    expect(named(all, '0x80370102'), 'nobody has chosen one').toBeUndefined();
    expect(named(machine([on]), '0x80370102')).toBe('on');
    const odd = machine([running, vm('a'), vm(' '), vm('构建机', { nesting: true })]);
    expect(named(odd, 'an error at a machine: 0x80370102')).toBe('a');
    expect(named(odd, 'any error: 0x80370102')).toBeUndefined();
    expect(named(odd, '虚拟机构建机无法启动')).toBe('构建机');
    expect(named(machine([]), '0x80370102')).toBeUndefined();
  });
});
