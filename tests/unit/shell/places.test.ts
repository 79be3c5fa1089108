import { tmpdir } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { openPlace } from '../../../src/places.js';
import { defaultSettings } from '../../../src/shell/settings.js';

vi.mock('electron', () => ({ default: {} }));
const { platform } = process;
afterEach(() => Object.defineProperty(process, 'platform', { value: platform }));

test.each([
  ['win32', undefined, true],
  ['win32', 'workstation', undefined],
  ['linux', undefined, undefined],
] as const)(
  'on %s with the scenario %s, a simulated PC was chosen in place of this one: %s',
  async (on, scenario, isChosen) => {
    Object.defineProperty(process, 'platform', { value: on });
    const settings = { ...defaultSettings, source: 'simulated' as const };
    const place = await openPlace({
      settings,
      scenario,
      speed: 1,
      userData: tmpdir(),
      engine: undefined,
      owner: () => undefined,
    });
    await place.close();
    expect(place.source).toEqual({ kind: 'simulated', scenario: 'workstation', through: 'direct', isChosen });
  },
);
