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
      downloads: tmpdir,
    });
    await place.close();
    expect(place.source).toEqual({ kind: 'simulated', scenario: 'workstation', through: 'direct', isChosen });
  },
);

test('a simulated PC has files of its own, and no real one is ever looked at', async () => {
  const open = (scenario: string) =>
    openPlace({ settings: defaultSettings, scenario, speed: 1, userData: tmpdir(), engine: undefined, owner: () => undefined, downloads: tmpdir }); // prettier-ignore
  const place = await open('empty');
  expect(place.downloads()).toBe('C:\\Users\\dev\\Downloads');
  const found = await place.files.find([place.downloads() ?? '', 'c:/users/dev/vms', tmpdir()]);
  const [windows, ubuntu] = found.isos.map(({ path }) => path);
  expect(found.isos.map(({ path }) => path.split('\\').at(-1))).toEqual([
    'Win11_24H2_EnglishInternational_x64.iso',
    'ubuntu-24.04.1-live-server-amd64.iso',
  ]);
  expect(found.disks).toHaveLength(2);
  const folder = 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks';
  const paths = [
    windows ?? '',
    (ubuntu ?? '').toUpperCase(),
    found.disks[0]?.path ?? '',
    `${folder}\\none.vhdx`,
    folder,
    'Q:\\',
    tmpdir(),
  ];
  expect([...(await place.files.look(paths)).entries()]).toMatchObject([
    [paths[0], { kind: 'file', holds: 'iso' }],
    [paths[1], { kind: 'file', holds: 'iso' }],
    [paths[2], { kind: 'file', holds: 'vhdx' }],
    [paths[3], { kind: 'none' }],
    [folder, { kind: 'folder', mayWrite: true, free: 212 * 2 ** 30 }],
    ['Q:\\', { kind: 'none' }],
    [tmpdir(), { kind: 'none' }],
  ]);
  await place.close();
  for (const [scenario, fact] of [
    ['disk-full', { free: 2 * 2 ** 20 }],
    ['no-right-to-folder', { mayWrite: false }],
  ] as const) {
    const other = await open(scenario);
    expect((await other.files.look([folder])).get(folder)).toMatchObject(fact);
    await other.close();
  }
});
