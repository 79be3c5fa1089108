import { thisPc } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enums } from '../../../src/core/cmdlets/catalog.js';
import type { Vm, VmState } from '../../../src/core/machine/machine.js';
import {
  badgeOf,
  canChangeSpoofing,
  canConnect,
  canResume,
  canShutDown,
  canStart,
  canTurnOff,
  compareVersions,
  isSaved,
  isTransitional,
  isUp,
  plainState,
} from '../../../src/core/machine/vm-state.js';
import { canTurnNestingOff, canTurnNestingOn, hostOffersNesting } from '../../../src/core/machine/nesting.js';
import { hostOf, machineOf, vmOf } from './worlds.js';

const intel = hostOf().processor;
const machine = machineOf();
const in_ = (state: VmState | undefined, but: Partial<Vm> = {}): Vm => vmOf(1, { state, ...but });

describe('what a VM may be asked for in which state', () => {
  it.each<[VmState | undefined, string]>([
    ['Off', 'start connect spoofing'],
    ['OffCritical', 'start connect spoofing'],
    ['Running', 'shut-down turn-off connect spoofing'],
    ['RunningCritical', 'shut-down turn-off connect spoofing'],
    ['Paused', 'resume turn-off connect spoofing'],
    ['Saved', 'start turn-off connect spoofing'],
    ['FastSaved', 'start turn-off connect spoofing'],
    ['Starting', 'connect'],
    ['Stopping', 'connect'],
    ['Saving', 'connect'],
    [undefined, ''],
  ])('%s: %s', (state, may) => {
    const vm = in_(state);
    const can = {
      start: canStart(vm),
      resume: canResume(vm),
      'shut-down': canShutDown(vm),
      'turn-off': canTurnOff(vm),
      connect: canConnect(vm),
      spoofing: canChangeSpoofing(vm),
    };
    const allowed = Object.entries(can).flatMap(([what, is]) => (is ? [what] : []));
    expect(allowed.join(' ')).toBe(may);
  });

  it('is asked to shut down only where its guest can hear it', () => {
    expect(canShutDown(in_('Running', { shutdownService: 'off' }))).toBe(false);
    expect(canShutDown(in_('Running', { shutdownService: 'not-answering' }))).toBe(false);
    expect(canShutDown(in_('Running', { shutdownService: undefined }))).toBe(true);
  });

  it('every state of Windows is one that lasts or one under way, with or without trouble', () => {
    const lasting = enums.VMState.filter((state) => !isTransitional(state));
    expect(lasting.toSorted()).toEqual(
      ['FastSaved', 'FastSavedCritical', 'Hibernated', 'Off', 'OffCritical', 'Paused', 'PausedCritical', 'Running', 'RunningCritical', 'Saved', 'SavedCritical'], // prettier-ignore
    );
    expect(plainState('StartingCritical')).toBe('StartingCritical');
    expect(isSaved('SavedCritical')).toBe(true);
  });

  it.each<[VmState | undefined, boolean]>([
    ['Running', true],
    ['RunningCritical', true],
    ['Paused', false],
    ['Starting', true],
    ['StartingCritical', true],
    ['Resuming', true],
    ['Stopping', true],
    ['Saving', true],
    ['Other', false],
    ['ComponentServicing', false],
    ['Off', false],
    ['OffCritical', false],
    ['Hibernated', false],
    [undefined, false],
  ])('%s is up: %s', (state, up) => expect(isUp(state)).toBe(up));
});

describe('turning nesting on: now, through a review, or not', () => {
  it.each<[string, Partial<Vm>, object]>([
    ['off and whole', {}, { can: 'now' }],
    ['running', { state: 'Running' }, { can: 'review', because: 'runs' }],
    ['paused', { state: 'Paused' }, { can: 'review', because: 'paused' }],
    ['saved', { state: 'Saved' }, { can: 'review', because: 'saved' }],
    ['old', { version: '5.0' }, { can: 'review', because: 'version' }],
    ['of a version that was not read', { version: undefined }, { can: 'review', because: 'version' }],
    ['busy', { state: 'Starting' }, { can: 'no', because: 'transitional' }],
    ['busy and old', { state: 'Starting', version: '5.0' }, { can: 'no', because: 'transitional' }],
    ['already on', { nesting: true }, { can: 'no', because: 'already' }],
    ['not read', { nesting: undefined }, { can: 'no', because: 'unread' }],
    ['of a state not read', { state: undefined }, { can: 'no', because: 'unread' }],
  ])('%s', (_, but, answer) => expect(canTurnNestingOn(machine, vmOf(1, but))).toEqual(answer));

  it('not on a PC that cannot, but off again always', () => {
    const arm = machineOf({ processor: intel && { ...intel, architecture: 12 } });
    expect(canTurnNestingOn(arm, vmOf(1))).toEqual({ can: 'no', because: 'host' });
    expect(canTurnNestingOff(machine, vmOf(1, { nesting: true }))).toEqual({ can: 'now' });
    expect(canTurnNestingOff(machine, vmOf(1, { nesting: true, state: 'Running' }))).toEqual({
      can: 'review',
      because: 'runs',
    });
    expect(canTurnNestingOff(machine, vmOf(1))).toEqual({ can: 'no', because: 'already' });
  });

  it('never at once while anything that it rests on is not known', () => {
    fc.assert(
      fc.property(fc.constantFrom(...enums.VMState, undefined), fc.constantFrom('12.0', '5.0', undefined), fc.constantFrom(true, false, undefined),
        (state, version, nesting) => {
          const { can } = canTurnNestingOn(machine, vmOf(1, { state, version, nesting }));
          if (can === 'now') expect([plainState(state ?? 'Other'), version, nesting]).toEqual(['Off', '12.0', false]);
        }), // prettier-ignore
    );
  });
});

describe('which PC can', () => {
  it.each<['intel' | 'amd' | 'other', number, boolean, boolean | undefined]>([
    ['intel', 14393, false, true],
    ['intel', 10586, false, false],
    ['intel', 14393, true, true],
    ['amd', 22000, false, true],
    ['amd', 19045, false, false],
    ['amd', 20348, true, true],
    ['amd', 17763, true, false],
    ['other', 26100, false, undefined],
  ])('%s, build %i, server %s: %s', (vendor, build, server, can) => {
    const { host } = machineOf({
      processor: intel && { ...intel, vendor },
      windows: { caption: 'W', build, sku: 48, server },
    });
    expect(hostOffersNesting({ at: thisPc, host, vms: [] })).toBe(can);
  });
  it('is not known where processor or Windows could not be read', () => {
    expect(hostOffersNesting(machineOf({ processor: undefined }))).toBeUndefined();
    expect(hostOffersNesting(machineOf({ windows: undefined }))).toBeUndefined();
  });
});

it.each([
  ['9.3', '10.0', -1],
  ['10.0', '9.3', 1],
  ['9.3', '9.3', 0],
  ['9.10', '9.3', 1],
])('version %s against %s', (a, b, sign) => expect(Math.sign(compareVersions(a, b))).toBe(sign));

describe('the badge', () => {
  it.each<[Vm['nesting'], Vm['inside'], string]>([
    [false, 'no', 'off'],
    [true, 'no', 'on'],
    [true, 'probably', 'probably'],
    [true, 'certainly', 'inside'],
    [true, 'unknown', 'unknown'],
    [undefined, 'unknown', 'unknown'],
    [undefined, 'no', 'unknown'],
  ])('nesting %s, inside %s: %s', (nesting, inside, badge) =>
    expect(badgeOf(vmOf(1, { nesting, inside }))).toBe(badge),
  );
});
