import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { cellsOf, sectionsOf, stepsByWay, vmsOfUndo } from '../../../renderer/wizard/three-way.js';
import type { ThreeWay } from '../../../src/core/run/undo.js';
import { shown, translator } from '../../../src/text/index.js';
import { chainOf, changeOf, ids, planOf, stepOf, vmOf } from './fixtures.js';

const t = translator('en');
const row = (setting: string, verdict: ThreeWay['verdict'], change: Partial<ThreeWay> = {}): ThreeWay => ({
  vm: vmIn(thisPc, ids.box),
  name: 'dev-box',
  path: changeOf(ids.box, setting, 0, 0).path,
  found: 'Save',
  wrote: 'ShutDown',
  now: 'TurnOff',
  verdict,
  ...change,
});
const one = { isMany: false, canTick: false };

describe('the comparison of found, written and now', () => {
  it('is about the VMs that it leaves out too: one that is unticked takes no other with it', () => {
    const [box, lab] = [vmIn(thisPc, ids.box), vmIn(thisPc, ids.lab)];
    const threeWay = [row('nesting', 'undo'), row('stopAction', 'undo')];
    const left = [{ vm: lab, name: 'lab', by: [] }];
    const plan = { ...planOf([]), blocked: left };
    const blocked = { kind: 'blocked' as const, by: left.map(({ by: checks, ...one }) => ({ ...one, checks })) };
    for (const result of [{ kind: 'ready' as const, plan }, blocked])
      expect(vmsOfUndo({ result, threeWay, script: [], undoScript: [] })).toEqual([box, lab]);
  });

  it('has a table for each verdict that there is, and one only under a title of its own', () => {
    const rows = [row('stopAction', 'somebody-else'), row('nesting', 'undo'), row('version', 'one-way')];
    const sections = sectionsOf(t, rows, new Map(), undefined);
    expect(sections.map(({ id }) => id)).toEqual(['back', 'else', 'cannot']);
    expect(sectionsOf(t, rows, new Map(), 'All')).toMatchObject([{ id: 'all', title: 'All', rows }]);
  });

  it('shows what goes back in the order in which it goes back', () => {
    const steps = ['stopAction', 'nesting'].map((setting, at) =>
      stepOf(ids.box, at + 1, 'setting', [changeOf(ids.box, setting, 0, 0)]),
    );
    const rows = [row('nesting', 'undo'), row('stopAction', 'undo')];
    const [back] = sectionsOf(t, rows, stepsByWay(planOf([chainOf(steps)])), undefined);
    expect(back?.rows).toEqual([rows[1], rows[0]]);
  });

  it('says once what was found and written only where words of a network go back', () => {
    const wordy = [row('adapters/nic/switch', 'undo'), row('adapters/nic/address', 'already-so')];
    expect(sectionsOf(t, wordy, new Map(), undefined)).toMatchObject([
      { id: 'back', isShort: true, isWordy: true, note: '' },
      { id: 'same', isShort: false, isWordy: true, note: t('activity.groupSameNote') },
    ]);
    expect(sectionsOf(t, [row('nesting', 'undo')], new Map(), undefined)).toMatchObject([{ isShort: false }]);
  });

  it('says of whom, that a tick takes it along, and why it stays', () => {
    const why = (verdict: ThreeWay['verdict'], how = one): string =>
      cellsOf(t, row('stopAction', verdict), vmOf({ id: ids.box }), how).why;
    expect(why('undo')).toBe('');
    expect(why('undo', { ...one, isMany: true })).toBe('dev-box');
    expect(why('somebody-else')).toBe('');
    expect(why('somebody-else', { ...one, canTick: true })).toBe(t('activity.tickedGoes', { value: shown('Save') }));
    expect(why('gone')).toBe(t('activity.gapGone'));
  });

  it('calls unknown what could not be read', () => {
    const cells = cellsOf(t, row('stopAction', 'unknown', { now: undefined }), undefined, one);
    expect([cells.now, cells.then]).toEqual([t('wizard.unknownValue'), cells.found]);
  });
});
