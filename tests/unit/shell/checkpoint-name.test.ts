/** What Hyper-V Manager shows of a checkpoint that was taken before a change. */
import { expect, it } from 'vitest';
import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import type { Part } from '../../../src/core/change/step.js';
import { checkpointNames } from '../../../src/shell/checkpoint-name.js';
import { translator } from '../../../src/text/index.js';

const id = '0b1c2d3e-0000-4000-8000-000000000001';
const call = { cmdlet: 'Start-VM', params: {}, at: thisPc } as const;
const part = (title: Part['title'], change: Partial<Part> = {}): Part => ({
  title,
  do: { call },
  kind: 'setting',
  changes: [],
  ...change,
});
const shutDown = part({ key: 'plan.shutDown', params: { vm: 'שלום' } }, { kind: 'power' });
const nesting = part({ key: 'plan.nestingOn' }, { changes: [{ path: `${id}/nesting`, from: false, to: true }] });
const version = part({ key: 'plan.upgradeVersion', params: { to: '12.0' } }, { kind: 'one-way' });
const stop = part({ key: 'plan.setStopAction' });
const names = (language: 'en' | 'zh-CN') =>
  checkpointNames(
    () => translator(language),
    () => new Date(2026, 11, 1, 4, 3),
  );
const nameIn = (language: 'en' | 'zh-CN', parts: readonly Part[]): string => names(language)(vmIn(thisPc, id), parts);

it('says what is changed, and when, in the language of the app', () => {
  expect(nameIn('en', [shutDown, nesting])).toBe('Before: Turn on nested virtualization (Hypernest 2026-12-01 04:03)');
  expect(nameIn('zh-CN', [shutDown, nesting])).toBe('更改前：启用嵌套虚拟化 (Hypernest 2026-12-01 04:03)');
  expect(nameIn('en', [version, stop, shutDown])).toBe(
    'Before: Upgrade the configuration to version 12.0, 1 more (Hypernest 2026-12-01 04:03)',
  );
});

it('names nesting where other changes come along with it', () => {
  expect(nameIn('en', [version, nesting, stop, shutDown])).toBe(
    'Before: Turn on nested virtualization, 2 more (Hypernest 2026-12-01 04:03)',
  );
});

it('says what happens to the VM where nothing else does, without what turns the reading', () => {
  expect(nameIn('en', [shutDown])).toBe('Before: Shut down שלום (Hypernest 2026-12-01 04:03)');
});
