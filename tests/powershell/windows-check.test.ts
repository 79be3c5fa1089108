/** docs/windows-check.ps1, whose checks are for a real Windows, on a simulated one: each runs, and says what it should. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { oneShots } from './one-shots.js';
import { hasPowerShell } from './runtime.js';

const script = path.resolve('docs/windows-check.ps1');
/** What nothing but Windows has, and why the check says so here. */
const onlyOnWindows: Readonly<Record<string, string>> = {
  'shell is Windows PowerShell 5.1': 'this is 7',
  "modules are below PowerShell's own folder": 'Modules',
  'modules load by their full path with autoloading off, policy Bypass': 'powershell.exe',
  'modules load by their full path with autoloading off, policy Restricted': 'powershell.exe',
  'modules load by their full path with autoloading off, policy AllSigned': 'powershell.exe',
  'opening a runspace writes PSModulePath anew': 'powershell.exe',
  'rights are told apart': 'not supported on this platform',
  'PowerShell Direct gives Windows PowerShell 5.1, and the account is an administrator': 'PowerShell 7',
};
const skips = [
  'only administrators write into SystemTemp, where the elevated shell unpacks',
  'tick and snapshot with 10 VMs',
  'tick and snapshot with 30 VMs',
];
/** A few milliseconds each here: which of them is less is chance. */
const timed = 'tick and snapshot with 1 VMs';

/** On Windows it would ask the real one. */
const runs = process.platform !== 'win32' && (await hasPowerShell());

describe.skipIf(!runs)('docs/windows-check.ps1', () => {
  it('passes each check that can pass here, changes what it may and puts it back', async () => {
    const { simulator, shell } = await oneShots('workstation', {
      HYPERNEST_ACCOUNTS: 'administrator in\tbuilder\tbuild-01',
      HYPERNEST_ELEVATED: '1',
    });
    const locked = simulator.outside.vm('Lab DC 01');
    simulator.outside.guest(locked.id, { obeys: 'locked' });
    const settings = () => JSON.stringify([...simulator.world.host.vms.values()].map((vm) => [vm.name, vm.settings]));
    const before = settings();
    const { out } = await shell(['-Command', `& '${script}' -Vm dev-box -LockedVm 'Lab DC 01' -GuestVm 构建机 -GuestChanges -Minutes 0`]); // prettier-ignore
    const lines = out.split(/\r?\n/).filter((line) => /^(PASS|FAIL|SKIP) /.test(line));
    const all = lines.map((line) => {
      const [, verdict = '', name = '', detail = ''] = /^(\w+) {2}(.*?) {2}(.*)$/.exec(line) ?? [];
      return { verdict, name, detail };
    });
    expect(all.find(({ name }) => name === timed)?.detail).toMatch(/\d ms\b.*\d ms\b/);
    const of = (wanted: string) => all.filter(({ name, verdict }) => verdict === wanted && name !== timed);
    const failed = of('FAIL');
    expect(Object.fromEntries(failed.map(({ name, detail }) => [name, detail]))).toEqual(
      Object.fromEntries(Object.entries(onlyOnWindows).map(([name, why]) => [name, expect.stringContaining(why)])),
    );
    expect(of('SKIP').map(({ name }) => name)).toEqual(skips);
    expect(of('PASS').map(({ name }) => name)).toContain('a network made inside is removed by what Windows gave it');
    expect(all).toHaveLength(31);
    expect(settings()).toBe(before);
  });
});
